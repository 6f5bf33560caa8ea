import { CommanderError } from 'commander';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import { homeAt, homeFromEnvironment } from '@/lib/server/storage/home';
import { type EngineOpener, trainingEngineOpener } from '@/lib/server/studies/open-training-engine';
import { createProgram, type OutputOptions } from './cli-program';
import { unwrapped } from './crm-file';
import { GATE_SHUT } from './gate';
import { generateFile } from './generate-file';
import { Interruption, interruptible } from './interruption';
import { commandModels, type ModelsWords } from './model-commands';
import { createJsonReporter, createTextReporter, oneLine, type Reporter, type Sink } from './reporter';
import { reproduceModel } from './reproduce-model';
import { runStages, StageEnd } from './run-stages';
import { scoreFile } from './score-file';
import { scoreLeadsFile } from './score-leads-file';
import { commandStudy, showStudies } from './study-commands';
import type { StudiesWords, StudyWords } from './study-options';

/** What the program is started in. */
export interface CliEnvironment {
  /** The project's folder, where libxgboost is recorded. */
  readonly root: string;
  /** The bundled engine process. */
  readonly engineChildPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** Codes of failures that are neither wrong words nor unreadable input. */
const OTHER_FAILURES: readonly string[] = [
  'study_failed',
  'study_crashed',
  'evaluation_failed',
  'training_failed',
  'onnx_mismatch',
  'not_reproduced',
];

/**
 * Run one command.
 *
 * @param words as the user typed them, without program and script
 * @returns the exit code: 0 done, 2 wrong words or unreadable input, 3 the gate is shut, 1 a bug or failed training,
 * 128 + n ended by signal n
 */
export async function runCli(words: readonly string[], environment: CliEnvironment): Promise<number> {
  // Known before the words are parsed, because parsing can fail too.
  const output: OutputOptions = { json: words.includes('--json'), verbose: words.includes('--verbose') };
  const reporter = output.json
    ? createJsonReporter(environment.stdout)
    : createTextReporter(environment.stdout, { isVerbose: output.verbose });
  const openEngine = engineOpener(environment, output);
  try {
    const commands = commandsOf(environment, reporter, openEngine);
    const program = createProgram(commands, environment.stdout.write);
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
    return words.length === 0 ? 2 : 0;
  } catch (error) {
    return endOf(error, { environment, reporter, output });
  } finally {
    await openEngine.close();
  }
}

function engineOpener(environment: CliEnvironment, { verbose }: OutputOptions): EngineOpener {
  const { root, engineChildPath: childPath, env, stderr } = environment;
  const onLog = (line: string) => {
    if (verbose) stderr.write(`${oneLine(line)}\n`);
  };
  return trainingEngineOpener({ root, childPath, env, onLog });
}

function commandsOf({ root, env }: CliEnvironment, reporter: Reporter, openEngine: EngineOpener) {
  const elapsed = () => performance.now();
  const surroundings = {
    openEngine: async () => unwrapped(await openEngine()),
    interruptible,
    now: () => Date.now(),
    elapsed,
  };
  const studyContext = { ...surroundings, engine: openEngine, reporter };
  const home = (path: string | null) => (path === null ? homeFromEnvironment(env, root) : homeAt(path));
  return {
    studies: ({ homePath }: StudiesWords) => showStudies(home(homePath), studyContext),
    study: ({ homePath, ...options }: StudyWords) =>
      commandStudy({ ...options, home: home(homePath) }, studyContext),
    models: (words: ModelsWords) => commandModels(home(words.homePath), words, studyContext),
    stages: (
      command: Parameters<typeof runStages>[0]['command'],
      options: Parameters<typeof runStages>[0]['options'],
    ) => runStages({ command, options, surroundings, reporter }),
    score: (options: Parameters<typeof scoreFile>[0]) =>
      scoreFile(options, { reporter, elapsed, now: () => Date.now() }),
    scoreLeads: (options: Parameters<typeof scoreLeadsFile>[0]) =>
      scoreLeadsFile(options, { reporter, elapsed }),
    reproduce: (options: Parameters<typeof reproduceModel>[0]) =>
      reproduceModel(options, { ...surroundings, reporter, home: homeFromEnvironment(env, root) }),
    generate: (options: Parameters<typeof generateFile>[0]) => generateFile(options, reporter),
  };
}

/** Tell why a command ended early, and give its exit code. */
function endOf(
  error: unknown,
  context: {
    readonly environment: CliEnvironment;
    readonly reporter: Reporter;
    readonly output: OutputOptions;
  },
): number {
  const { environment, reporter, output } = context;
  // Help and version end parsing as well.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { stage, reason } = error instanceof StageEnd ? error : { stage: 'leadbench', reason: error };
  const end = saidAtEnd(reason, { stderr: environment.stderr, isVerbose: output.verbose });
  reporter.failed(stage, end);
  return end.exitCode;
}

/** Say in one line on standard error why the program ends: what, where and what to do. The stack follows if asked for. */
export function saidAtEnd(
  reason: unknown,
  { stderr, isVerbose }: { readonly stderr: Sink; readonly isVerbose: boolean },
): Failure & { readonly exitCode: number } {
  const end = earlyEnd(reason);
  // On a terminal the line that shows the progress stands there still.
  const clear = stderr.isTerminal ? '\r\u001b[2K' : '';
  stderr.write(`${clear}${oneLine(`leadbench: ${end.message} ${end.hint}`)}\n`);
  if (isVerbose && reason instanceof Error && !(reason instanceof CommanderError)) {
    stderr.write(`${stackOf(reason)}\n`);
  }
  return end;
}

function earlyEnd(reason: unknown): Failure & { readonly exitCode: number } {
  if (reason instanceof Interruption) {
    const { message, hint, exitCode } = reason;
    return { code: 'interrupted', message, hint, exitCode };
  }
  if (reason instanceof CommanderError) {
    const message = `${reason.message.replace(/^error: /, '').replace(/[.?]?$/, (end) => end || '.')}`;
    const hint = 'Run "npm run leadbench -- --help" for the words.';
    return { code: 'wrong_words', message, hint, exitCode: 2 };
  }
  if (reason instanceof ExpectedFailure) {
    const { code } = reason.failure;
    const exitCode = code === GATE_SHUT ? 3 : OTHER_FAILURES.includes(code) ? 1 : 2;
    return { ...reason.failure, exitCode };
  }
  const message = `A bug in Leadbench: ${reason instanceof Error ? reason.message : String(reason)}`;
  const hint = 'Run the command again with --verbose and report what it says.';
  return { code: 'bug', message: message.replace(/\.?$/, '.'), hint, exitCode: 1 };
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

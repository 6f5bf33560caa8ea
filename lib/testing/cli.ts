import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliEnvironment, runCli } from '@/lib/cli/run-cli';
import { openTestEngine, projectRoot } from './engine';

/** What a command came to. */
export interface CliOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line within the test's own process, with a folder for what it writes. */
export interface TestCli {
  /** The bundled engine process, beside which a bundle of the command line may be put. */
  readonly engineChildPath: string;
  run(...words: readonly string[]): Promise<CliOutcome>;
  /** Run as `run` does, as if at a terminal. */
  runAtTerminal(...words: readonly string[]): Promise<CliOutcome>;
  /** Run as `run` does, in other surroundings. */
  runWith(changes: Partial<CliEnvironment>, ...words: readonly string[]): Promise<CliOutcome>;
  /** A path in the test's folder. */
  path(...names: readonly string[]): string;
  /** Write a file into the test's folder and give its path. */
  written(name: string, content: Uint8Array | string): Promise<string>;
  /** Remove the folder and the bundle. */
  close(): Promise<void>;
}

/** Open the command line with the real engine. Call once a test file, in `beforeAll`. */
export async function openTestCli(): Promise<TestCli> {
  const engine = await openTestEngine();
  const folder = await mkdtemp(join(tmpdir(), 'leadbench-cli-'));
  const run = async (
    words: readonly string[],
    changes: Partial<CliEnvironment> & { readonly isTerminal?: boolean },
  ): Promise<CliOutcome> => {
    const { isTerminal = false, ...environmentChanges } = changes;
    const texts = { stdout: '', stderr: '' };
    const sink = (name: keyof typeof texts) => ({
      isTerminal,
      columns: () => 80,
      write: (text: string) => {
        texts[name] += text;
      },
    });
    const exitCode = await runCli(words, {
      root: projectRoot,
      engineChildPath: engine.childPath,
      env: { XGBOOST_LIB: engine.engine.path },
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      ...environmentChanges,
    });
    return { exitCode, ...texts };
  };
  return {
    engineChildPath: engine.childPath,
    run: (...words) => run(words, {}),
    runAtTerminal: (...words) => run(words, { isTerminal: true }),
    runWith: (changes, ...words) => run(words, changes),
    path: (...names) => join(folder, ...names),
    async written(name, content) {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    },
    async close() {
      await rm(folder, { recursive: true, force: true });
      await engine.close();
    },
  };
}

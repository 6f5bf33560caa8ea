import { Argument, type Command, CommanderError } from 'commander';
import { z } from 'zod';
import type { StudyOrder } from '@/lib/server/control/study-orders';
import { pipelineParamsSchema } from '@/lib/tuning/study/pipeline-params';
import { studyIdSchema } from '@/lib/tuning/study/study-events';
import { optionParser, parsePath, wholeNumberParser } from './option-values';

/** What `studies` was asked. */
export interface StudiesWords {
  /** Null for the folder that a server would work on. */
  readonly homePath: string | null;
}

/** What `study` was asked. */
export interface StudyWords extends StudiesWords {
  readonly studyId: string;
  readonly order: StudyOrder | { readonly command: 'show' };
}

const STUDY_COMMANDS = ['show', 'stop', 'pause', 'resume', 'evaluate', 'extend', 'rerun'] as const;

const HOME_MEANING =
  'the folder that holds .leadbench: that of a server, or DIR of a run (default: LEADBENCH_HOME, or the project)';

/** Add the command that lists studies. */
export function addStudies(command: Command, run: (words: StudiesWords) => Promise<void>): void {
  command.option('--home <dir>', HOME_MEANING, parsePath).action(() => run(homeWord(command)));
}

/** Add the command that shows one study or does something with it. */
export function addStudy(command: Command, run: (words: StudyWords) => Promise<void>): void {
  const { nTrials, seed } = pipelineParamsSchema.shape;
  command
    .argument('<id>', 'as "studies" shows it', parseStudyId)
    .addArgument(new Argument('<command>', 'what to do').choices(STUDY_COMMANDS))
    .option('--home <dir>', HOME_MEANING, parsePath)
    .option('--trials <n>', 'extend: the new total', wholeNumberParser(nTrials))
    .option('--seed <n>', 'rerun: the seed of the new study', wholeNumberParser(seed))
    .action((studyId: string, name: string) => {
      const words = z
        .object({ trials: z.number().optional(), seed: z.number().optional() })
        .parse(command.opts());
      return run({
        ...homeWord(command),
        studyId,
        order: orderOf(z.enum(STUDY_COMMANDS).parse(name), words),
      });
    });
}

const parseStudyId = optionParser(studyIdSchema, 'the id of a study, such as study-0123456789abcdef0123');

function orderOf(
  command: (typeof STUDY_COMMANDS)[number],
  { trials: nTrials, seed }: { readonly trials?: number | undefined; readonly seed?: number | undefined },
): StudyWords['order'] {
  if (nTrials !== undefined && command !== 'extend') throw wrong('--trials goes with extend.');
  if (seed !== undefined && command !== 'rerun') throw wrong('--seed goes with rerun.');
  if (command === 'extend') {
    if (nTrials === undefined) throw wrong('extend needs --trials, the new total.');
    return { command, nTrials };
  }
  if (command === 'rerun') {
    if (seed === undefined) throw wrong('rerun needs --seed.');
    return { command, seed };
  }
  return { command };
}

function homeWord(command: Command): StudiesWords {
  const { home } = z.object({ home: z.string().optional() }).parse(command.opts());
  return { homePath: home ?? null };
}

function wrong(message: string): CommanderError {
  return new CommanderError(2, 'leadbench.wrongTogether', message);
}

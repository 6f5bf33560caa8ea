import { ExpectedFailure } from '@/lib/core/result';
import { lastKnownServer } from '@/lib/server/control/owned-home';
import { homeAt } from '@/lib/server/storage/home';
import { takeHome } from '@/lib/server/storage/home-lock';
import { TrialFailure } from '@/lib/server/xgboost/trial-executor';
import { unwrapped } from './crm-file';
import { count, type Facts, type Reporter, type StageOutcome, secondsText } from './reporter';
import { RunFolder, STAGE_NAMES, type WorkName } from './run-folder';
import type { CliSurroundings, Held, RunOptions, StageContext } from './stage';
import { type EvaluatedModel, evaluate } from './stages/evaluate';
import { explore } from './stages/explore';
import { ingest } from './stages/ingest';
import { leakage } from './stages/leakage';
import { learningCurve } from './stages/learning-curve';
import { modelTests } from './stages/model-tests';
import { prepare } from './stages/prepare';
import { report } from './stages/report';
import { scoreLeads } from './stages/score-leads';
import { tune } from './stages/tune';
import { validate } from './stages/validate';

const STAGES = {
  ingest,
  validate,
  explore,
  prepare,
  leakage,
  'learning-curve': learningCurve,
  report,
  'model-tests': modelTests,
  tune,
} as const;

/** What a command of stages is given. */
export interface StageRun {
  readonly command: WorkName | 'pipeline';
  readonly options: RunOptions;
  readonly surroundings: CliSurroundings;
  readonly reporter: Reporter;
}

interface TimedStage {
  readonly stage: string;
  readonly elapsedMs: number;
}

/**
 * Run one stage, or all of them in order, and report each. `evaluate` is followed by `score`, which writes the lead list.
 * Meanwhile no other Leadbench works on the folder.
 *
 * @throws ExpectedFailure `home_taken`, or of the stage that could not go on; Interruption
 */
export async function runStages(run: StageRun): Promise<void> {
  const { command, options } = run;
  const names = command === 'pipeline' ? STAGE_NAMES : [command];
  const makesFolder = names[0] === 'ingest';
  const folder = await (makesFolder ? RunFolder.made(options.outPath) : RunFolder.existing(options.outPath));
  const lastKnown = () => lastKnownServer(homeAt(folder.path));
  const lock = unwrapped(await takeHome(folder.path, { lastKnown }));
  try {
    await runInFolder(run, folder, names);
  } finally {
    await lock.release();
  }
}

async function runInFolder(run: StageRun, folder: RunFolder, names: readonly WorkName[]): Promise<void> {
  const { command, reporter } = run;
  const held: Held = { crm: null, joined: null, purchases: null, prepared: null };
  const timings: TimedStage[] = [];
  let evaluated: EvaluatedModel | null = null;
  const timed = (stage: string, work: (context: StageContext) => Promise<StageOutcome>) =>
    timedStage({ ...run, folder, held }, { stage, work, timings });
  for (const name of names) {
    if (name === 'evaluate') {
      evaluated = await evaluatedAndScored(timed);
    } else {
      await timed(name, STAGES[name]);
    }
  }
  if (command === 'pipeline' && evaluated !== null) reporter.ended(pipelineEnd(folder, timings, evaluated));
}

type Timed = (stage: string, work: (context: StageContext) => Promise<StageOutcome>) => Promise<void>;

async function evaluatedAndScored(timed: Timed): Promise<EvaluatedModel> {
  const made: EvaluatedModel[] = [];
  await timed('evaluate', async (context) => {
    const evaluated = await evaluate(context);
    made.push(evaluated);
    return evaluated.outcome;
  });
  const [evaluated] = made;
  if (evaluated === undefined) throw new Error('Expected a model to be evaluated');
  await timed('score', (context) => scoreLeads(context, evaluated));
  return evaluated;
}

async function timedStage(
  run: StageRun & { readonly folder: RunFolder; readonly held: Held },
  what: {
    readonly stage: string;
    readonly work: (context: StageContext) => Promise<StageOutcome>;
    readonly timings: TimedStage[];
  },
): Promise<void> {
  const { reporter, surroundings, folder, held, options } = run;
  const { stage, work, timings } = what;
  const startedAtMs = surroundings.elapsed();
  reporter.started(stage);
  try {
    const outcome = await work({
      ...surroundings,
      folder,
      held,
      options,
      progress: (progress) => reporter.progress(stage, progress),
      note: (text) => reporter.note(stage, text),
    });
    const elapsedMs = surroundings.elapsed() - startedAtMs;
    timings.push({ stage, elapsedMs });
    reporter.finished(stage, elapsedMs, outcome);
  } catch (error) {
    throw new StageEnd(stage, error);
  }
}

/** Carries the name of the stage in which something went wrong. */
export class StageEnd extends Error {
  readonly stage: string;
  readonly reason: unknown;

  constructor(stage: string, reason: unknown) {
    super(`The stage ${stage} ended early.`, { cause: reason });
    this.stage = stage;
    this.reason = reason instanceof TrialFailure ? trainingFailure(reason) : reason;
  }
}

function trainingFailure(failure: TrialFailure): ExpectedFailure {
  if (failure.cause instanceof ExpectedFailure) return failure.cause;
  const hint = 'Run the command again; --verbose shows what the training process says.';
  return new ExpectedFailure({ code: 'training_failed', message: failure.message, hint }, { cause: failure });
}

function pipelineEnd(folder: RunFolder, timings: readonly TimedStage[], { model }: EvaluatedModel) {
  const { report, metadata } = model;
  const totalMs = timings.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  const row = (name: string, elapsedMs: number) => `${name.padEnd(10)}${secondsText(elapsedMs).padStart(10)}`;
  const files = {
    model: folder.file('model'),
    evaluation_report: folder.file('evaluation_report.json'),
    scored_leads: folder.file('scored_leads.csv'),
  };
  const facts: Facts = {
    elapsed_ms: Math.round(totalMs),
    stages: timings.map(({ stage, elapsedMs }) => ({ stage, elapsed_ms: Math.round(elapsedMs) })),
    model_id: model.modelId,
    roc_auc: report.roc_auc,
    n_test: report.n_test,
    files,
  };
  return {
    command: 'pipeline',
    lines: [
      '',
      `${'stage'.padEnd(10)}${'wall time'.padStart(10)}`,
      ...timings.map(({ stage, elapsedMs }) => row(stage, elapsedMs)),
      row('total', totalMs),
      '',
      `Test ROC AUC ${report.roc_auc.toFixed(4)} on ${count(report.n_test)} rows (validation ${metadata.validation_roc_auc.toFixed(4)}).`,
      `Model: ${files.model}. Leads: ${files.scored_leads}. Report: ${files.evaluation_report}.`,
    ],
    facts,
  };
}

import { ExpectedFailure, type Failure, type Result } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import { TrialFailure } from '@/lib/server/xgboost/trial-executor';
import { isTuningOver } from '@/lib/tuning/study/study-plan';
import { runStudy, StudyHalt } from './run-study';
import type { ModelMaker, StudyExecutor, TrainingEngine } from './study-engine';
import { readStudySpec } from './study-launch';
import type { StudyLog } from './study-log';
import type { RunObserver } from './study-run';

/** What is to be done with a study. `launch`: run the trials. `tune`: take them up again. `evaluate`: only make the model. */
export type StudyTask = 'launch' | 'tune' | 'evaluate';

/** One stretch of work on a study. */
export interface StudyWork extends RunObserver {
  readonly log: StudyLog;
  readonly task: StudyTask;
  readonly home: Home;
  readonly engine: TrainingEngine;
  readonly makeModel: ModelMaker;
  /** Aborted with a `StudyHalt`. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that does not go backwards. */
  readonly elapsed: () => number;
}

/**
 * Work on a study until it is evaluated, stopped, paused, failed or the signal halts it. Trials that are all over lead to
 * the evaluation; a study stopped before its last trial waits to be asked.
 *
 * @throws what the log throws when it cannot write, and bugs
 */
export async function workOnStudy(work: StudyWork): Promise<void> {
  const { log, task, engine } = work;
  const nProcesses = engine.processesFor(log.state().config.workers);
  const executor = engine.openExecutor(nProcesses);
  try {
    if (task !== 'evaluate') {
      if (task === 'tune') {
        await log.record({ type: 'study_resumed', nProcesses, engineVersion: engine.info.version });
      }
      const { datasetDigest } = log.state().config;
      const dataset = { digest: datasetDigest, path: work.home.datasetPath(datasetDigest) };
      await runStudy({ ...work, dataset, executor });
    }
    const isDue = task === 'evaluate' || (log.state().phase === 'tuned' && isTuningOver(log.state()));
    if (isDue && !work.signal.aborted) await evaluate(work, executor);
  } finally {
    await executor.close();
  }
}

async function evaluate(work: StudyWork, executor: StudyExecutor): Promise<void> {
  const { log, signal } = work;
  await log.record({ type: 'evaluation_started' });
  const made = await madeModel(work, executor);
  if (made.ok) await log.record({ type: 'evaluation_completed', modelId: made.value });
  else if (!isShutdown(signal)) {
    await log.record({ type: 'evaluation_failed', message: sentences(made.error) });
  }
}

async function madeModel(
  { log, home, makeModel, signal }: StudyWork,
  executor: StudyExecutor,
): Promise<Result<string>> {
  try {
    signal.throwIfAborted();
    const study = log.state();
    const featureSpec = await readStudySpec(home, study.studyId);
    if (!featureSpec.ok) return featureSpec;
    const { datasetDigest } = study.config;
    const dataset = { digest: datasetDigest, path: home.datasetPath(datasetDigest) };
    return await makeModel({ study, featureSpec: featureSpec.value, dataset, executor, signal });
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    if (error instanceof TrialFailure || signal.aborted)
      return { ok: false, error: finalFitFailure(error, signal) };
    throw error;
  }
}

function finalFitFailure(error: unknown, signal: AbortSignal): Failure {
  const why = signal.aborted ? signal.reason : error;
  return {
    code: 'evaluation_failed',
    message: why instanceof Error ? why.message : String(why),
    hint: 'Evaluate the study again.',
  };
}

function isShutdown(signal: AbortSignal): boolean {
  return signal.reason instanceof StudyHalt && signal.reason.why === 'shutdown';
}

function sentences({ message, hint }: Failure): string {
  return `${message} ${hint}`;
}

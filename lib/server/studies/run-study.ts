import {
  type DatasetFile,
  type TrialExecutor,
  TrialFailure,
  type TrialJob,
  type TrialOutcome,
} from '@/lib/server/xgboost/trial-executor';
import { suggest } from '@/lib/tuning/samplers';
import { trialMetricsSchema } from '@/lib/tuning/study-events';
import { isTuningOver, suggestionInputs, trialsReady, tuningFailure } from '@/lib/tuning/study-plan';
import type { StudyState } from '@/lib/tuning/study-state';
import { trialSeed } from '@/lib/tuning/trial-seed';
import type { StudyLog } from './study-log';

/** A trial that crashes its process this often is given up. */
export const MAX_ATTEMPTS = 3;

/** Why a run is cut short: a user stopped the study, or the process shuts down and it can be resumed later. */
export class StudyHalt extends Error {
  readonly why: 'stopped' | 'shutdown';

  constructor(why: StudyHalt['why']) {
    super(why === 'stopped' ? 'The study was stopped.' : 'The program shuts down.');
    this.name = 'StudyHalt';
    this.why = why;
  }
}

/** What a study runs with. */
export interface StudyRun {
  /** In phase `tuning`: just created, or resumed. */
  readonly log: StudyLog;
  readonly dataset: DatasetFile;
  readonly executor: TrialExecutor;
  /**
   * Ends the run at once. Aborted with `StudyHalt` of `stopped`, tuning ends as stopped; for any other reason nothing
   * more is recorded, and the study can be resumed as after a crash.
   */
  readonly signal: AbortSignal;
}

/**
 * Run a study's trials until all are over, and record all that happens. The same for page and command line: which
 * parameters a trial gets follows from the study's config and earlier results, never from timing.
 *
 * @returns the state at the end
 * @throws what the log throws when it cannot write; running trials are cut short first
 */
export async function runStudy(run: StudyRun): Promise<StudyState> {
  const { log, executor, signal } = run;
  const cutShort = new AbortController();
  const trialSignal = AbortSignal.any([signal, cutShort.signal]);
  const running = new Map<number, Promise<void>>();
  const errors: unknown[] = [];

  const start = (number: number) => {
    const trial = trialToItsEnd({ ...run, signal: trialSignal }, number)
      .catch((error: unknown) => {
        errors.push(error);
      })
      .finally(() => running.delete(number));
    running.set(number, trial);
  };

  while (!trialSignal.aborted && errors.length === 0 && tuningFailure(log.latest()) === null) {
    const nFree = executor.nProcesses - running.size;
    for (const number of trialsReady(log.latest()).slice(0, Math.max(0, nFree))) start(number);
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const isStopped = signal.reason instanceof StudyHalt && signal.reason.why === 'stopped';
  if (isStopped && log.latest().phase === 'tuning') await log.record({ type: 'study_stop_requested' });
  cutShort.abort();
  await Promise.all(running.values());
  if (errors.length > 0) throw errors[0];
  await recordEnd(log, signal);
  return log.state();
}

async function recordEnd(log: StudyLog, signal: AbortSignal): Promise<void> {
  const failure = tuningFailure(log.state());
  if (failure !== null) await log.record({ type: 'tuning_ended', reason: 'failed', message: failure });
  else if (isTuningOver(log.state())) {
    await log.record({ type: 'tuning_ended', reason: 'completed', message: null });
  } else if (log.state().phase === 'stopping') {
    await log.record({ type: 'tuning_ended', reason: 'stopped', message: null });
  } else if (!signal.aborted) {
    throw new Error(`${log.studyId} has trials left, but none can start`);
  }
}

/** Suggest a trial's parameters and run it until it completes, fails for good or is cut short. */
async function trialToItsEnd(
  { log, dataset, executor, signal }: StudyRun,
  trialNumber: number,
): Promise<void> {
  const { config } = log.latest();
  const { sampler, searchSpace: space, seed } = config;
  const params = suggest({
    sampler,
    space,
    seed,
    trialNumber,
    ...suggestionInputs(log.latest(), trialNumber),
  });
  const job: TrialJob = { trialNumber, params, seed: trialSeed(config) };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    await log.record({ type: 'trial_started', trialNumber, params, attempt });
    const result = await attemptResult(executor, job, dataset, signal);
    if (result.kind === 'cut_short') return;
    if (result.kind === 'complete') {
      const { metrics, durationMs } = result.outcome;
      await log.record({ type: 'trial_completed', trialNumber, params, metrics, durationMs });
      return;
    }
    const { kind, message } = result.failure;
    const willRetry = kind !== 'refused' && attempt < MAX_ATTEMPTS;
    await log.record({ type: 'trial_failed', trialNumber, params, message, willRetry });
    if (!willRetry) return;
  }
}

type AttemptResult =
  | { readonly kind: 'complete'; readonly outcome: TrialOutcome }
  | { readonly kind: 'failed'; readonly failure: TrialFailure }
  | { readonly kind: 'cut_short' };

async function attemptResult(
  executor: TrialExecutor,
  job: TrialJob,
  dataset: DatasetFile,
  signal: AbortSignal,
): Promise<AttemptResult> {
  try {
    const outcome = await executor.run(job, dataset, signal);
    const metrics = trialMetricsSchema.safeParse(outcome.metrics);
    if (metrics.success) return { kind: 'complete', outcome };
    const message = `The trial gave metrics that are not numbers: ${JSON.stringify(outcome.metrics)}`;
    return { kind: 'failed', failure: new TrialFailure('refused', message) };
  } catch (error) {
    if (signal.aborted) return { kind: 'cut_short' };
    if (error instanceof TrialFailure) return { kind: 'failed', failure: error };
    throw error;
  }
}

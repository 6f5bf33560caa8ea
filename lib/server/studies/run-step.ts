import {
  type TrainingPlan,
  TrialFailure,
  type TrialJob,
  type TrialOutcome,
} from '@/lib/server/xgboost/trial-executor';
import { medianThresholds } from '@/lib/tuning/study/median-rule';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { type StudyChange, trialMetricsSchema } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { trialSeed } from '@/lib/tuning/study/trial-seed';
import type { DecidedStep, StudyRun } from './study-run';

/**
 * Run one step of a study until its trial is complete, paused, pruned, failed for good or cut short; write each turn down.
 * Training does not wait for the disk: it begins while its start is being written, and the next step may begin while its
 * end is. The journal keeps the order, and nobody is told before a turn is on disk.
 *
 * @param write has a change recorded, and takes care of what goes wrong in that
 */
export async function stepToItsEnd(
  run: StudyRun,
  step: DecidedStep,
  write: (change: StudyChange) => Promise<void>,
): Promise<void> {
  const { config } = run.log.latest();
  const job = jobOf(run.log.latest(), step);
  for (let attempt = 1; attempt <= config.maxFailures; attempt++) {
    const begun = write(beginning(step, attempt));
    const result = await attemptResult(withReportsAfter(begun, run), job);
    if (result.kind === 'cut_short') return;
    if (result.kind === 'done') {
      void write(ending(job.trialNumber, result.outcome));
      return;
    }
    const { kind, message } = result.failure;
    const willRetry = kind !== 'refused' && attempt < config.maxFailures;
    void write({ type: 'trial_failed', trialNumber: job.trialNumber, kind, message, willRetry });
    if (!willRetry) return;
  }
}

/** Nobody hears how a trial does before they were told that it began. */
function withReportsAfter(begun: Promise<void>, { onReport, ...run }: StudyRun): StudyRun {
  if (onReport === undefined) return run;
  let isTold = false;
  void begun.then(() => {
    isTold = true;
  });
  return { ...run, onReport: (report) => isTold && onReport(report) };
}

function jobOf(state: StudyState, { ready, params, toRounds }: DecidedStep): TrialJob {
  const { config, studyId } = state;
  return {
    studyKey: studyId,
    trialNumber: ready.trialNumber,
    params,
    seed: trialSeed(config),
    plan: trainingPlan(config),
    toRounds,
    pruneBelow: medianThresholds(state, ready.trialNumber),
  };
}

/** Take from a study's config what training needs. */
export function trainingPlan(config: StudyConfig): TrainingPlan {
  const { objective, threshold, economics, validation, scheduler } = config;
  const { reportEveryRounds, earlyStoppingRounds, monotoneConstraints } = config;
  return {
    objective,
    threshold,
    economics,
    validation,
    scheduler,
    reportEveryRounds,
    earlyStoppingRounds,
    monotoneConstraints,
  };
}

function beginning({ ready, params, toRounds }: DecidedStep, attempt: number): StudyChange {
  const { trialNumber, step } = ready;
  return ready.kind === 'start'
    ? { type: 'trial_started', trialNumber, step, params, attempt, toRounds }
    : { type: 'trial_promoted', trialNumber, step, rung: ready.rung, attempt, toRounds };
}

const END_EVENTS = { complete: 'trial_completed', paused: 'trial_paused', pruned: 'trial_pruned' } as const;

function ending(trialNumber: number, { state, ...outcome }: TrialOutcome): StudyChange {
  const curve = outcome.curve.map(([rounds, value]): [number, number] => [rounds, value]);
  return { type: END_EVENTS[state], trialNumber, ...outcome, curve };
}

type AttemptResult =
  | { readonly kind: 'done'; readonly outcome: TrialOutcome }
  | { readonly kind: 'failed'; readonly failure: TrialFailure }
  | { readonly kind: 'cut_short' };

async function attemptResult(
  { executor, dataset, signal, onReport }: StudyRun,
  job: TrialJob,
): Promise<AttemptResult> {
  try {
    const outcome = await executor.run(job, dataset, {
      signal,
      ...(onReport === undefined ? {} : { onReport }),
    });
    const metrics = trialMetricsSchema.safeParse(outcome.metrics);
    if (metrics.success) return { kind: 'done', outcome };
    const message = `The trial gave metrics that are not numbers: ${JSON.stringify(outcome.metrics)}`;
    return { kind: 'failed', failure: new TrialFailure('refused', message) };
  } catch (error) {
    if (signal.aborted) return { kind: 'cut_short' };
    if (error instanceof TrialFailure) return { kind: 'failed', failure: error };
    throw error;
  }
}

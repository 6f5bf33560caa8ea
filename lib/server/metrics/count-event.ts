import { assertNever } from '@/lib/core/result';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { StudyTally } from './study-tally';
import type { TuningMetrics } from './tuning-metrics';

/** What an event is counted against. */
export interface EventContext {
  /** The tally before the event. */
  readonly before: StudyTally;
  /** The state after it. */
  readonly state: StudyState;
}

/** Add to the counters and histograms what one event says. */
export function countEvent(metrics: TuningMetrics, event: StudyEvent, context: EventContext): void {
  switch (event.type) {
    case 'trial_paused':
      countRounds(metrics, event, context);
      break;
    case 'trial_pruned':
      countRounds(metrics, event, context);
      countOver(metrics, 'pruned', event.trialNumber, context.state);
      break;
    case 'trial_completed':
      countRounds(metrics, event, context);
      countOver(metrics, 'complete', event.trialNumber, context.state);
      break;
    case 'trial_failed':
      metrics.trialFailures.add(event.kind);
      if (!event.willRetry) metrics.trials.add('failed');
      break;
    case 'tuning_ended':
      for (const number of prunedByEnd(context.state)) countOver(metrics, 'pruned', number, context.state);
      metrics.studyDuration.observe(event.reason, ranMs(context.before, event.atMs) / 1000);
      break;
    case 'evaluation_completed':
      metrics.modelsPublished.inc();
      break;
    case 'study_created':
    case 'trial_started':
    case 'trial_promoted':
    case 'study_stop_requested':
    case 'study_pause_requested':
    case 'study_paused':
    case 'study_extended':
    case 'study_resumed':
    case 'evaluation_started':
    case 'evaluation_failed':
      break;
    default:
      assertNever(event);
  }
}

function countRounds(
  metrics: TuningMetrics,
  { trialNumber, trainedRounds }: { readonly trialNumber: number; readonly trainedRounds: number },
  { before }: EventContext,
): void {
  metrics.rounds.inc(Math.max(0, trainedRounds - (before.training.get(trialNumber) ?? 0)));
}

function countOver(
  metrics: TuningMetrics,
  status: 'complete' | 'pruned',
  trialNumber: number,
  state: StudyState,
): void {
  metrics.trials.add(status);
  const durationMs = state.trials[trialNumber - 1]?.durationMs ?? null;
  if (durationMs !== null) metrics.trialDuration.observe(durationMs / 1000);
}

/** Numbers of the trials that waited for promotion when tuning ended, which pruned them without an event of their own. */
function prunedByEnd({ steps, trials }: StudyState): readonly number[] {
  const last = new Map(steps.flatMap((step) => (step === undefined ? [] : [[step.trialNumber, step.state]])));
  return [...last]
    .filter(([number, state]) => state === 'paused' && trials[number - 1]?.state === 'pruned')
    .map(([number]) => number);
}

function ranMs({ ranMs: before, runningSinceMs }: StudyTally, atMs: number): number {
  return before + (runningSinceMs === null ? 0 : atMs - runningSinceMs);
}

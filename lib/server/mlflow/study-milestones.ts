import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { asGain } from '@/lib/tuning/study/trial-record';
import type { MetricPoint, PublishedModel } from './run-image';

/** What a study's own run tells besides the study's state. */
export interface StudyMilestones {
  readonly nTrialsAtLaunch: number;
  /** Best so far by the number of complete trials, and the counts at each end of the tuning. */
  readonly points: readonly MetricPoint[];
  readonly models: readonly PublishedModel[];
  readonly endReason: 'completed' | 'stopped' | 'failed' | null;
  readonly nComplete: number;
  readonly nTunings: number;
  /** Of which larger is better. */
  readonly bestGain: number;
  /** The last event that changed the study's run, and its time. */
  readonly throughSequence: number;
  readonly touchedAtMs: number;
}

/** What a study's run tells before its first event. */
export const NO_MILESTONES: StudyMilestones = {
  nTrialsAtLaunch: 0,
  points: [],
  models: [],
  endReason: null,
  nComplete: 0,
  nTunings: 0,
  bestGain: Number.NEGATIVE_INFINITY,
  throughSequence: 0,
  touchedAtMs: 0,
};

/** Give the milestones after an event; `after` is the study's state after it. */
export function milestonesAfter(
  before: StudyMilestones,
  event: StudyEvent,
  after: StudyState,
): StudyMilestones {
  const change = changeOf(before, event, after);
  return change === null
    ? before
    : { ...before, ...change, throughSequence: event.sequence, touchedAtMs: event.atMs };
}

/** What an event changes; null where the study's run stays as it is. */
function changeOf(
  before: StudyMilestones,
  event: StudyEvent,
  after: StudyState,
): Partial<StudyMilestones> | null {
  switch (event.type) {
    case 'trial_started':
    case 'trial_promoted':
    case 'trial_paused':
    case 'trial_pruned':
    case 'trial_failed':
      return null;
    case 'trial_completed':
      return completed(before, event, after);
    case 'tuning_ended':
      return tuned(before, event, after);
    case 'study_created':
      return { nTrialsAtLaunch: event.config.nTrials };
    case 'study_resumed':
      return { endReason: null };
    case 'evaluation_completed': {
      const { modelId, atMs: evaluatedAtMs } = event;
      // The same model again is the same files: it is sent once.
      if (before.models.some((model) => model.modelId === modelId)) return {};
      return { models: [...before.models, { modelId, evaluatedAtMs, nComplete: before.nComplete }] };
    }
    default:
      return {};
  }
}

function completed(
  { points, ...before }: StudyMilestones,
  event: Extract<StudyEvent, { type: 'trial_completed' }>,
  { config: { objective } }: StudyState,
): Partial<StudyMilestones> {
  const nComplete = before.nComplete + 1;
  const bestGain = Math.max(before.bestGain, asGain(event.metrics[objective], objective));
  const best = { key: `best/${objective}`, value: asGain(bestGain, objective), step: nComplete };
  return { nComplete, bestGain, points: [...points, { ...best, timestamp: Math.round(event.atMs) }] };
}

function tuned(
  { points, ...before }: StudyMilestones,
  event: Extract<StudyEvent, { type: 'tuning_ended' }>,
  after: StudyState,
): Partial<StudyMilestones> {
  const nTunings = before.nTunings + 1;
  const { nComplete, nPruned, nFailed, nRounds } = studyProgress(after);
  const counts = {
    'trials/complete': nComplete,
    'trials/pruned': nPruned,
    'trials/failed': nFailed,
    rounds_trained: nRounds,
    tuning_elapsed_seconds: (event.atMs - after.createdAtMs) / 1000,
  };
  const counted = Object.entries(counts).map(([key, value]) => ({
    key,
    value,
    step: nTunings,
    timestamp: Math.round(event.atMs),
  }));
  return { nTunings, endReason: event.reason, points: [...points, ...counted] };
}

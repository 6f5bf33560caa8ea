import type { TrialMetrics } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { TrialRecord, TrialStatus } from '@/lib/tuning/study/trial-record';

/** A trial with a result, be it of fewer rounds than were wanted. */
export interface MeasuredTrial extends TrialRecord {
  readonly metrics: TrialMetrics;
}

/** Trials with a result that stand alike. */
export interface MeasuredGroup {
  readonly status: TrialStatus;
  /** Lowest number first; at least one. */
  readonly trials: readonly MeasuredTrial[];
}

/** A failed trial is left out: what it had reached before does not count. */
const MEASURED = ['complete', 'pruned', 'paused', 'running'] as const satisfies readonly TrialStatus[];

/** Group the trials that have a result by where they stand, complete ones first; a state that none is in is left out. */
export function measuredGroups({ trials }: Pick<StudyState, 'trials'>): readonly MeasuredGroup[] {
  return MEASURED.map((status) => ({
    status,
    trials: trials.filter(
      (trial): trial is MeasuredTrial => trial?.state === status && trial.metrics !== null,
    ),
  })).filter((group) => group.trials.length > 0);
}

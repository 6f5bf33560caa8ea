import { objectiveInterval } from '@/lib/tuning/insight/best-progress';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { type StudyProgress, studyProgress } from '@/lib/tuning/study/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import type { CompleteTrial, TrialRecord } from '@/lib/tuning/study/trial-record';

/** A value and where it lies, by its standard error. */
export interface IntervalOfValue {
  readonly value: number;
  /** Null where there is none for the objective. */
  readonly standardError: number | null;
  /** Ends of the normal 95 % interval; null without a standard error. */
  readonly low: number | null;
  readonly high: number | null;
}

/** What a study has come to, in figures. */
export interface StudyFacts extends StudyProgress {
  readonly best: { readonly trial: CompleteTrial; readonly objective: IntervalOfValue } | null;
  /**
   * Rounds trained, as a share (0–1) of what the trials begun would take if each was trained to its `n_estimators`; null
   * before the first has a result. Trials without a result are left out of both.
   */
  readonly shareOfFullRounds: number | null;
}

/** Sum a study up. */
export function studyFacts(state: Pick<StudyState, 'config' | 'trials'>): StudyFacts {
  const trial = bestTrial(state);
  return {
    ...studyProgress(state),
    best: trial === null ? null : { trial, objective: intervalOf(trial, state.config) },
    shareOfFullRounds: shareOfFullRounds(state.trials),
  };
}

function intervalOf(trial: CompleteTrial, config: Pick<StudyConfig, 'objective'>): IntervalOfValue {
  const { low, high } = objectiveInterval(trial, config) ?? { low: null, high: null };
  return { value: trial.metrics[config.objective], standardError: trial.standardError, low, high };
}

function shareOfFullRounds(trials: readonly (TrialRecord | undefined)[]): number | null {
  let trained = 0;
  let full = 0;
  for (const trial of trials) {
    if (trial === undefined || trial.trainedRounds === 0) continue;
    trained += trial.trainedRounds;
    full += trial.params.n_estimators;
  }
  return full === 0 ? null : trained / full;
}

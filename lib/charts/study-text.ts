import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { objectiveInterval } from '@/lib/tuning/insight/best-progress';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { objectiveMeasure, objectiveText } from './objective-text';

type State = Pick<StudyState, 'config' | 'trials'>;

/**
 * Say how far a study has come, counted as everywhere else.
 *
 * @example '3 of 24 trials complete, 1 pruned, 2 running'
 */
export function progressText(state: State): string {
  const { nTrials, nComplete, nPruned, nPaused, nFailed, nRunning } = studyProgress(state);
  const others = [
    [nPruned, 'pruned'],
    [nPaused, 'paused'],
    [nFailed, 'failed'],
    [nRunning, 'running'],
  ] as const;
  return [
    `${countText(nComplete)} of ${nounText(nTrials, 'trial', 'trials')} complete`,
    ...others.flatMap(([n, state]) => (n === 0 ? [] : [`${countText(n)} ${state}`])),
  ].join(', ');
}

/**
 * Say what a study's best is, or null before the first complete trial.
 *
 * @example 'Best ROC AUC on validation rows 0.8120 (95 %: 0.7924 to 0.8316), in trial 2'
 */
export function bestText(state: State): string | null {
  const best = bestTrial(state);
  if (best === null) return null;
  const value = objectiveText(best.metrics[state.config.objective]);
  const interval = objectiveInterval(best, state.config);
  const range =
    interval === null ? '' : ` (95 %: ${objectiveText(interval.low)} to ${objectiveText(interval.high)})`;
  return `Best ${objectiveMeasure(state.config)} ${value}${range}, in trial ${countText(best.number)}`;
}

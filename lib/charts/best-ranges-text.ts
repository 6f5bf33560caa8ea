import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { bestFifth, type ParameterRange, parameterRanges } from '@/lib/tuning/insight/best-ranges';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { objectiveName, objectiveText } from './objective-text';
import { parameterText } from './parameter-text';
import { progressText } from './study-text';
import type { StudyFigureInput } from './trial-marks';

/** Ranges named; a sentence takes no more. */
const N_NAMED = 3;

/**
 * Say where the best fifth of the complete trials lie, by the parameters that they narrow most.
 *
 * @example 'The best 5 of 24 complete trials (ROC AUC 0.8051 or better) have max_depth 3 to 5, learning_rate 0.02 to 0.11'
 */
export function bestRangesText(
  state: StudyFigureInput['state'],
  parameters: readonly ParameterName[],
): string {
  const best = bestFifth(state);
  const worst = best[best.length - 1];
  if (worst === undefined) return `No trial is complete yet: ${progressText(state)}`;
  const { objective } = state.config;
  const value = `${objectiveName(objective)} ${objectiveText(worst.metrics[objective])}`;
  const trials = nounText(studyProgress(state).nComplete, 'complete trial', 'complete trials');
  const ranges = parameterRanges(state, best, parameters).slice(0, N_NAMED).map(rangeText).join(', ');
  return best.length === 1
    ? `The best of ${trials} (${value}) has ${ranges}`
    : `The best ${countText(best.length)} of ${trials} (${value} or better) have ${ranges}`;
}

function rangeText({ parameter, values, isChoice }: ParameterRange): string {
  const texts = [...new Set(values.map(parameterText))];
  return `${parameter} ${texts.join(isChoice ? ' or ' : ' to ')}`;
}

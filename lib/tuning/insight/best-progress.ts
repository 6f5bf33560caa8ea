import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { type CompleteTrial, gainOf, isComplete } from '@/lib/tuning/study/trial-record';

/** Quantile of the normal distribution that leaves 2.5 % above it. */
const Z_975 = 1.959963984540054;

/**
 * Give the normal 95 % interval of a trial's objective by its standard error, or null where it has none.
 *
 * @example 0.8 with a standard error of 0.01 // { low: 0.7804, high: 0.8196 }
 */
export function objectiveInterval(
  { metrics, standardError }: Pick<CompleteTrial, 'metrics' | 'standardError'>,
  { objective }: Pick<StudyConfig, 'objective'>,
): { readonly low: number; readonly high: number } | null {
  if (standardError === null) return null;
  const reach = Z_975 * standardError;
  return { low: metrics[objective] - reach, high: metrics[objective] + reach };
}

/** A complete trial that was better than all complete ones before it. */
export interface Improvement {
  readonly trial: CompleteTrial;
  /** Boosting rounds that the study had trained by the end of the trial, its own included. */
  readonly nRounds: number;
}

/** How the best of a study grew. */
export interface BestProgress {
  readonly improvements: readonly Improvement[];
  /** Rounds trained in all steps that are over. */
  readonly nRounds: number;
}

/**
 * List the trials that became the best, in the order of the decisions, each with the rounds trained until then. Steps
 * count in their own order, not as they happened to end, so the machine changes nothing; under successive halving the
 * stretches of a trial count where each was decided.
 */
export function bestProgress({
  config,
  trials,
  steps,
}: Pick<StudyState, 'config' | 'trials' | 'steps'>): BestProgress {
  const trainedBefore = new Map<number, number>();
  const improvements: Improvement[] = [];
  let nRounds = 0;
  let bestGain = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    if (step === undefined) continue;
    const before = trainedBefore.get(step.trialNumber) ?? 0;
    // A step that runs or failed has trained nothing that counts.
    const trained = Math.max(before, step.trainedRounds);
    trainedBefore.set(step.trialNumber, trained);
    nRounds += trained - before;
    const trial = trials[step.trialNumber - 1];
    if (step.state !== 'complete' || !isComplete(trial)) continue;
    const gain = gainOf(trial, config) ?? Number.NEGATIVE_INFINITY;
    if (gain <= bestGain) continue;
    bestGain = gain;
    improvements.push({ trial, nRounds });
  }
  return { improvements, nRounds };
}

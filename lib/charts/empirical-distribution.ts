import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { asGain, type CompleteTrial } from '@/lib/tuning/study/trial-record';

/** A step of an empirical distribution function. */
export interface DistributionStep {
  readonly trialNumber: number;
  readonly value: number;
  /** Share of the trials with at most this value, 0–1. */
  readonly share: number;
}

/** Give the empirical distribution of the objective, lowest value first; trials that tie have the same share. */
export function empiricalDistribution(
  trials: readonly CompleteTrial[],
  { objective }: Pick<StudyConfig, 'objective'>,
): readonly DistributionStep[] {
  const rising = trials.toSorted((a, b) => a.metrics[objective] - b.metrics[objective]);
  const nUpTo = new Map(rising.map(({ metrics }, i) => [metrics[objective], i + 1]));
  return rising.map(({ number, metrics }) => {
    const value = metrics[objective];
    return { trialNumber: number, value, share: (nUpTo.get(value) ?? 0) / rising.length };
  });
}

/**
 * Give the value that half of the trials, rounded up, reach or better; null without trials.
 *
 * @example ROC AUCs 0.7, 0.8, 0.9 // 0.8
 */
export function valueOfBetterHalf(
  trials: readonly CompleteTrial[],
  { objective }: Pick<StudyConfig, 'objective'>,
): number | null {
  const values = trials.map(({ metrics }) => metrics[objective]);
  values.sort((a, b) => asGain(b, objective) - asGain(a, objective));
  return values[Math.ceil(values.length / 2) - 1] ?? null;
}

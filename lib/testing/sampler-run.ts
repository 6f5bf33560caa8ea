import { normalDraw } from '@/lib/core/normal-distribution';
import { derivedSeed, randomSource } from '@/lib/core/random';
import type { SamplePoint, Sampler, ScoredPoint } from '@/lib/tuning/samplers/sampler';
import type { StandardFunction } from './standard-functions';

/** How a sampler is tried. */
export interface SamplerTry {
  readonly seed: number;
  readonly nTrials: number;
  /** Trial n sees the results of trials 1 … n − workers, as in a study. */
  readonly workers: number;
}

/**
 * Let a sampler minimise a function, and give how far above its minimum the trial is that looked best: the noise picks the
 * trial, but does not count.
 */
export function shortfallOf(sampler: Sampler, fn: StandardFunction, options: SamplerTry): number {
  const { seed, nTrials, workers } = options;
  const trials: ScoredPoint[] = [];
  for (let trialNumber = 1; trialNumber <= nTrials; trialNumber++) {
    const nKnown = Math.max(0, trialNumber - workers);
    const params = sampler({
      space: fn.space,
      seed,
      trialNumber,
      history: trials.slice(0, nKnown),
      pending: trials.slice(nKnown).map((trial) => trial.params),
      random: randomSource(derivedSeed(seed, `trial:${trialNumber}`)),
    });
    trials.push({ params, value: -observedCost(fn, params, { seed, trialNumber }), prunedAtRounds: null });
  }
  const chosen = trials.reduce((a, b) => (b.value > a.value ? b : a));
  return fn.cost(chosen.params) - fn.minimum;
}

function observedCost(
  { cost, noiseSigma }: StandardFunction,
  point: SamplePoint,
  { seed, trialNumber }: { readonly seed: number; readonly trialNumber: number },
): number {
  if (noiseSigma === 0) return cost(point);
  const random = randomSource(derivedSeed(seed, `noise:${trialNumber}`));
  return cost(point) + noiseSigma * normalDraw(random);
}

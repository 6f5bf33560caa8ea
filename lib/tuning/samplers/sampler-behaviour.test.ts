import { describe, expect, it } from 'vitest';
import { type SamplerTry, shortfallOf } from '@/lib/testing/sampler-run';
import {
  STANDARD_FUNCTIONS,
  type StandardFunction,
  type StandardFunctionName,
} from '@/lib/testing/standard-functions';
import { gpSampler } from './gp-sampler';
import { quasiRandomSampler } from './quasi-random-sampler';
import { randomSampler } from './random-sampler';
import type { Sampler } from './sampler';
import { tpeSampler } from './tpe-sampler';

const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);

/** How far above the minimum a sampler ends, in the median over 30 seeds. */
function medianShortfall(sampler: Sampler, fn: StandardFunction, options: Omit<SamplerTry, 'seed'>): number {
  const sorted = SEEDS.map((seed) => shortfallOf(sampler, fn, { ...options, seed })).sort((a, b) => a - b);
  return ((sorted[14] ?? Number.NaN) + (sorted[15] ?? Number.NaN)) / 2;
}

// Bounds lie a third to a half above what was measured, so that a change for the worse shows; random search is run beside.
// npm run bench -- --only samplers runs 60 trials beside Optuna's samplers.
describe.each([1, 6])('tpeSampler, 40 trials, 30 seeds, %i workers', (workers) => {
  it.each<[StandardFunctionName, number]>([
    ['branin', 0.35],
    ['hartmann6', 0.65],
    ['noisy_hartmann6', 0.85],
    ['mixed', 0.75],
  ])('on %s ends at most at a share of random search’s median', (name, share) => {
    const options = { nTrials: 40, workers };
    const byChance = medianShortfall(randomSampler, STANDARD_FUNCTIONS[name], options);
    const found = medianShortfall(tpeSampler, STANDARD_FUNCTIONS[name], options);
    expect(found).toBeLessThan(share * byChance);
  });
});

// Fewer trials than for TPE, because a Gaussian process costs more; the first ten are not its own.
describe.each([1, 6])('gpSampler, 30 seeds, %i workers', (workers) => {
  it.each<[StandardFunctionName, number, number]>([
    ['branin', 24, 0.3],
    ['hartmann6', 28, 0.7],
    ['noisy_hartmann6', 44, 0.7],
    ['mixed', 28, 0.45],
  ])('on %s in %i trials ends at most at a share of random search’s median', (name, nTrials, share) => {
    const byChance = medianShortfall(randomSampler, STANDARD_FUNCTIONS[name], { nTrials, workers });
    const found = medianShortfall(gpSampler, STANDARD_FUNCTIONS[name], { nTrials, workers });
    expect(found).toBeLessThan(share * byChance);
  });
});

describe('quasiRandomSampler, 64 trials, 30 seeds', () => {
  it('comes nearer than random search to wherever the minimum is, in the median', () => {
    // Distance to a corner of the plane that no seed knows: a function of the space's cover alone.
    const corner: StandardFunction = {
      space: { x: { type: 'uniform', low: 0, high: 1 }, y: { type: 'uniform', low: 0, high: 1 } },
      cost: ({ x, y }) => Math.max(Math.abs(Number(x) - 0.37), Math.abs(Number(y) - 0.81)),
      minimum: 0,
      noiseSigma: 0,
    };
    const options = { nTrials: 64, workers: 6 };
    const byChance = medianShortfall(randomSampler, corner, options);
    const found = medianShortfall(quasiRandomSampler, corner, options);
    expect(found).toBeLessThan(byChance);
  });
});

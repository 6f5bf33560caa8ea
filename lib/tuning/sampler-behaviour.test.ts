import { describe, expect, it } from 'vitest';
import { derivedSeed, randomSource } from '@/lib/core/random';
import { bayesianSampler } from './bayesian-sampler';
import { randomSampler } from './random-sampler';
import type { SamplePoint, Sampler, SampleSpace } from './sampler';

const N_TRIALS = 40;
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

/** Branin's function, to be minimised; its three minima are 0.397887. */
function branin({ x = 0, y = 0 }: SamplePoint): number {
  const b = 5.1 / (4 * Math.PI ** 2);
  return (y - b * x * x + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const BRANIN_SPACE: SampleSpace = {
  x: { type: 'float', low: -5, high: 10, log: false },
  y: { type: 'float', low: 0, high: 15, log: false },
};

/** A mixed bowl: a whole number, a logarithmic float and a logarithmic whole number; least 0 at (6, 0.05, 20). */
function mixedBowl({ depth = 0, rate = 1, rounds = 1 }: SamplePoint): number {
  return (depth - 6) ** 2 + Math.log10(rate / 0.05) ** 2 * 4 + Math.log2(rounds / 20) ** 2;
}

const MIXED_SPACE: SampleSpace = {
  depth: { type: 'int', low: 1, high: 12, log: false },
  rate: { type: 'float', low: 0.001, high: 1, log: true },
  rounds: { type: 'int', low: 1, high: 500, log: true },
};

function smallestFound(
  sampler: Sampler,
  space: SampleSpace,
  cost: (point: SamplePoint) => number,
  options: { seed: number; workers: number },
): number {
  const history: { params: SamplePoint; value: number }[] = [];
  for (let trialNumber = 1; trialNumber <= N_TRIALS; trialNumber++) {
    const nKnown = Math.max(0, trialNumber - options.workers);
    const params = sampler({
      space,
      trialNumber,
      history: history.slice(0, nKnown),
      pending: history.slice(nKnown).map((trial) => trial.params),
      random: randomSource(derivedSeed(options.seed, `trial:${trialNumber}`)),
    });
    history.push({ params, value: -cost(params) });
  }
  return Math.min(...history.map(({ value }) => -value));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[9] ?? Number.NaN) + (sorted[10] ?? Number.NaN)) / 2;
}

const medianFound = (
  sampler: Sampler,
  space: SampleSpace,
  cost: (point: SamplePoint) => number,
  workers: number,
) => median(SEEDS.map((seed) => smallestFound(sampler, space, cost, { seed, workers })));

describe.each([1, 6])('bayesianSampler against randomSampler, 40 trials, 20 seeds, %i workers', (workers) => {
  it('finds a lower value of Branin, in the median', () => {
    const byModel = medianFound(bayesianSampler, BRANIN_SPACE, branin, workers);
    const byChance = medianFound(randomSampler, BRANIN_SPACE, branin, workers);
    expect(byModel).toBeLessThan(byChance);
    expect(byModel).toBeLessThan(1);
  });

  it('finds a lower value of a mixed bowl, in the median', () => {
    const byModel = medianFound(bayesianSampler, MIXED_SPACE, mixedBowl, workers);
    const byChance = medianFound(randomSampler, MIXED_SPACE, mixedBowl, workers);
    expect(byModel).toBeLessThan(byChance / 1.5);
  });
});

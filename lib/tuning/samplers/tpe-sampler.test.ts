import { describe, expect, it } from 'vitest';
import { scoredTrials } from '@/lib/testing/search-points';
import { DESIGN_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import type { ScoredPoint } from './sampler';
import { type SuggestionRequest, suggest } from './samplers';

const FIRST: SuggestionRequest = {
  sampler: 'tpe',
  space: DESIGN_SEARCH_SPACE,
  seed: 42,
  trialNumber: 1,
  history: [],
  pending: [],
};
const scored = (n: number) => scoredTrials(n, { space: DESIGN_SEARCH_SPACE });

describe('tpeSampler', () => {
  it('is random for the first ten trials and while fewer than two results are known', () => {
    const random = (trialNumber: number) => suggest({ ...FIRST, sampler: 'random', trialNumber });
    expect(suggest({ ...FIRST, trialNumber: 10, history: scored(9) })).toEqual(random(10));
    expect(suggest({ ...FIRST, trialNumber: 30, history: scored(1) })).toEqual(random(30));
    expect(suggest({ ...FIRST, trialNumber: 11, history: scored(5) })).not.toEqual(random(11));
  });

  it('ranks complete trials before pruned ones, and those pruned later before others', () => {
    // Were the values alone to count, the good tenth would be at the low rates.
    const rated = (rate: number, value: number, prunedAtRounds: number | null): ScoredPoint[] =>
      scored(10).map(({ params }) => ({ params: { ...params, learning_rate: rate }, value, prunedAtRounds }));
    const meanRate = (history: ScoredPoint[]) => {
      const rates = Array.from({ length: 30 }, (_, i) =>
        Math.log(suggest({ ...FIRST, trialNumber: i + 40, history }).learning_rate ?? Number.NaN),
      );
      return Math.exp(rates.reduce((a, b) => a + b) / rates.length);
    };
    expect(meanRate([...rated(0.011, 0.9, 10), ...rated(0.25, 0.7, null)])).toBeGreaterThan(0.15);
    expect(meanRate([...rated(0.011, 0.9, 10), ...rated(0.25, 0.7, 30)])).toBeGreaterThan(0.15);
    expect(meanRate([...rated(0.011, 0.9, 30), ...rated(0.25, 0.7, 30)])).toBeLessThan(0.03);
  });
});

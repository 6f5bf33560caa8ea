import { describe, expect, it } from 'vitest';
import { pointFaults, scoredTrials } from '@/lib/testing/search-points';
import { DESIGN_SEARCH_SPACE, type SearchSpace } from '@/lib/tuning/space/search-space';
import { gridSize } from './grid-sampler';
import { type SuggestionRequest, suggest } from './samplers';

const FIRST: SuggestionRequest = {
  sampler: 'gp',
  space: DESIGN_SEARCH_SPACE,
  seed: 42,
  trialNumber: 1,
  history: [],
  pending: [],
};
const scored = (n: number) => scoredTrials(n, { space: DESIGN_SEARCH_SPACE });

describe('gpSampler', () => {
  it('fills the space evenly for the first ten trials and while no result is known', () => {
    const even = (trialNumber: number) => suggest({ ...FIRST, sampler: 'quasi_random', trialNumber });
    expect(suggest({ ...FIRST, trialNumber: 10, history: scored(9) })).toEqual(even(10));
    expect(suggest({ ...FIRST, trialNumber: 30 })).toEqual(even(30));
    expect(suggest({ ...FIRST, trialNumber: 11, history: scored(5) })).not.toEqual(even(11));
  });

  it.each([1, 2, 3])('bears %i results, results that all tie, and a point seen again and again', (n) => {
    const few = scored(n);
    const tied = scored(20).map((trial) => ({ ...trial, value: 0.5 }));
    const again = Array.from({ length: 20 }, () => few[0] ?? scored(1)[0]).filter(
      (trial) => trial !== undefined,
    );
    for (const history of [few, tied, again, [...again, ...few]]) {
      expect(pointFaults(suggest({ ...FIRST, trialNumber: 40, history }), DESIGN_SEARCH_SPACE)).toEqual([]);
    }
  });

  it('suggests no point twice in a space of countably many before all were', () => {
    const space: SearchSpace = {
      n_estimators: { type: 'randint', low: 1, high: 4 },
      grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
      max_leaves: {
        type: 'choice',
        values: [8, 16, 32],
        when: { parameter: 'grow_policy', isIn: ['lossguide'] },
      },
    };
    expect(gridSize(space)).toBe(16);
    const all = Array.from({ length: 16 }, (_, i) =>
      suggest({ ...FIRST, sampler: 'grid', space, trialNumber: i + 1 }),
    );
    all.forEach((left, place) => {
      // Results that say nothing, so that the process would rather look again where it was lucky.
      const others = all.toSpliced(place, 1);
      const history = others.map((params, i) => ({ params, value: (i * 7) % 5, prunedAtRounds: null }));
      expect(suggest({ ...FIRST, space, trialNumber: 20, history })).toEqual(left);
    });
    const full = all.map((params, i) => ({ params, value: i % 5, prunedAtRounds: null }));
    expect(pointFaults(suggest({ ...FIRST, space, trialNumber: 20, history: full }), space)).toEqual([]);
  });

  it('leaves pruned trials out where enough are complete, and takes the latest of them where not', () => {
    const complete = scored(12);
    const pruned = scoredTrials(8, { space: DESIGN_SEARCH_SPACE, seed: 9 }).map((trial) => ({
      ...trial,
      value: 0.99,
      prunedAtRounds: 10,
    }));
    const alone = suggest({ ...FIRST, trialNumber: 30, history: complete });
    expect(suggest({ ...FIRST, trialNumber: 30, history: [...complete, ...pruned] })).toEqual(alone);
    const bestTen = complete.toSorted((a, b) => b.value - a.value).slice(0, 10);
    const withoutTwo = complete.filter((trial) => bestTen.includes(trial));
    expect(suggest({ ...FIRST, trialNumber: 30, history: withoutTwo })).not.toEqual(alone);
    const few = [...complete.slice(0, 4), ...pruned];
    expect(suggest({ ...FIRST, trialNumber: 30, history: few })).not.toEqual(
      suggest({ ...FIRST, trialNumber: 30, history: complete.slice(0, 4) }),
    );
  });

  it('bears more trials than it is conditioned on', () => {
    const params = suggest({ ...FIRST, trialNumber: 300, history: scored(260) });
    expect(pointFaults(params, DESIGN_SEARCH_SPACE)).toEqual([]);
  });
});

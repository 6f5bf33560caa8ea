import { describe, expect, it } from 'vitest';
import { DESIGN_SEARCH_SPACE, type SearchSpace, WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { gridSize } from './grid-sampler';
import { type SuggestionRequest, suggest } from './samplers';

const FIRST: SuggestionRequest = {
  sampler: 'grid',
  space: DESIGN_SEARCH_SPACE,
  seed: 42,
  trialNumber: 1,
  history: [],
  pending: [],
};

describe('gridSampler', () => {
  const space: SearchSpace = {
    n_estimators: { type: 'quniform', low: 50, high: 150, step: 50 },
    subsample: { type: 'uniform', low: 0.6, high: 1 },
    grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
    max_leaves: { type: 'randint', low: 7, high: 9, when: { parameter: 'grow_policy', isIn: ['lossguide'] } },
  };
  const point = (trialNumber: number) => suggest({ ...FIRST, sampler: 'grid', space, trialNumber });

  it('counts every value, five of a float, and a condition’s parameter only where it is there', () => {
    expect(gridSize(space)).toBe(3 * 5 * (1 + 3));
    expect(gridSize(DESIGN_SEARCH_SPACE)).toBe(5 * 5 * 6 * 151 * 5);
  });

  it('gives every point of the grid once', () => {
    const points = Array.from({ length: 60 }, (_, i) => JSON.stringify(point(i + 1)));
    expect(new Set(points).size).toBe(60);
    expect(JSON.parse(points[0] ?? '')).toEqual({
      grow_policy: 'depthwise',
      n_estimators: 50,
      subsample: 0.6,
    });
  });

  it('spreads any first part over the grid', () => {
    const first = Array.from({ length: 12 }, (_, i) => point(i + 1));
    for (const n of [50, 100, 150]) {
      expect(first.filter(({ n_estimators }) => n_estimators === n).length).toBeGreaterThanOrEqual(2);
    }
    expect(new Set(first.map(({ subsample }) => subsample)).size).toBeGreaterThanOrEqual(4);
  });

  it('throws beyond the grid, and repeats nothing', () => {
    expect(() => point(61)).toThrow('Expected at most 60 trials, one a point of the grid, got trial 61');
    expect(gridSize({ n_estimators: { type: 'choice', values: [100] } })).toBe(1);
  });

  it('counts a grid too large to walk', () => {
    expect(gridSize(WIDE_SEARCH_SPACE)).toBeGreaterThan(1e9);
    expect(() =>
      suggest({ ...FIRST, sampler: 'grid', space: WIDE_SEARCH_SPACE, trialNumber: 9999 }),
    ).not.toThrow();
  });
});

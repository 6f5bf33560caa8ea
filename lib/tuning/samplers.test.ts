import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { type SuggestionRequest, suggest } from './samplers';
import { DESIGN_SEARCH_SPACE, type SearchSpace, type TrialParams } from './search-space';

const FIRST: SuggestionRequest = {
  sampler: 'bayesian',
  space: DESIGN_SEARCH_SPACE,
  seed: 42,
  trialNumber: 1,
  history: [],
  pending: [],
};

function scored(n: number, seed = 5): SuggestionRequest['history'] {
  const random = randomSource(seed);
  return Array.from({ length: n }, (_, i) => ({
    params: suggest({ ...FIRST, sampler: 'random', trialNumber: i + 1 }),
    value: 0.75 + random() / 20,
  }));
}

describe('suggest', () => {
  it('gives the same parameters for the same question, to the last bit', () => {
    const request = {
      ...FIRST,
      trialNumber: 20,
      history: scored(14),
      pending: scored(5).map((t) => t.params),
    };
    expect(suggest(request)).toEqual(suggest(structuredClone(request)));
    expect(suggest(FIRST)).toEqual({
      colsample_bytree: 0.7020078650009066,
      learning_rate: 0.025117209235185296,
      max_depth: 8,
      n_estimators: 91,
      subsample: 0.8221961370415645,
    });
  });

  it('depends on seed and trial number', () => {
    expect(suggest({ ...FIRST, seed: 43 })).not.toEqual(suggest(FIRST));
    expect(suggest({ ...FIRST, trialNumber: 2 })).not.toEqual(suggest(FIRST));
  });

  it('does not depend on the order of keys in the space', () => {
    const { max_depth, learning_rate, ...rest } = DESIGN_SEARCH_SPACE;
    const reordered: SearchSpace = { ...rest, learning_rate, max_depth };
    const later = { ...FIRST, trialNumber: 15, history: scored(12) };
    expect(suggest({ ...later, space: reordered })).toEqual(suggest(later));
  });

  it('is random for the first ten trials and while fewer than two results are known', () => {
    const random = (trialNumber: number) => suggest({ ...FIRST, sampler: 'random', trialNumber });
    expect(suggest({ ...FIRST, trialNumber: 10, history: scored(9) })).toEqual(random(10));
    expect(suggest({ ...FIRST, trialNumber: 30, history: scored(1) })).toEqual(random(30));
    expect(suggest({ ...FIRST, trialNumber: 11, history: scored(10) })).not.toEqual(random(11));
  });

  it('looks at pending points', () => {
    const request = { ...FIRST, trialNumber: 20, history: scored(14) };
    const moved = Array.from({ length: 40 }, (_, i) => i + 20).some((trialNumber) => {
      const alone = suggest({ ...request, trialNumber });
      return JSON.stringify(suggest({ ...request, trialNumber, pending: [alone] })) !== JSON.stringify(alone);
    });
    expect(moved).toBe(true);
  });

  it('bears results that all tie', () => {
    const tied = scored(12).map((trial) => ({ ...trial, value: 0.5 }));
    expect(isWithin(suggest({ ...FIRST, trialNumber: 13, history: tied }), DESIGN_SEARCH_SPACE)).toBe(true);
  });

  it('does not change what it is given', () => {
    const history = Object.freeze(scored(12).map((trial) => Object.freeze(trial)));
    expect(() => suggest(Object.freeze({ ...FIRST, trialNumber: 13, history }))).not.toThrow();
  });

  it('stays within the space, for both samplers and any seed', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('random' as const, 'bayesian' as const),
        (seed, trialNumber, sampler) => {
          const params = suggest({
            ...FIRST,
            sampler,
            seed,
            trialNumber,
            history: scored(trialNumber - 1, seed),
          });
          return isWithin(params, DESIGN_SEARCH_SPACE);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('randomSampler', () => {
  const draws = Array.from({ length: 6000 }, (_, i) =>
    suggest({ ...FIRST, sampler: 'random', trialNumber: i + 1 }),
  );

  it('gives every whole number the same chance, the outermost too', () => {
    const counts = [3, 4, 5, 6, 7, 8].map((depth) => draws.filter((draw) => draw.max_depth === depth).length);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000));
  });

  it('draws a logarithmic range uniformly on its logarithm', () => {
    const middle = Math.sqrt(0.01 * 0.3);
    const share = draws.filter((draw) => draw.learning_rate < middle).length / draws.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.03);
  });
});

function isWithin(params: TrialParams, space: SearchSpace): boolean {
  return (['max_depth', 'learning_rate', 'n_estimators', 'subsample', 'colsample_bytree'] as const).every(
    (name) =>
      params[name] >= space[name].low &&
      params[name] <= space[name].high &&
      (space[name].type === 'float' || Number.isInteger(params[name])),
  );
}

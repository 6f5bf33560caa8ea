import { describe, expect, it } from 'vitest';
import { scoredTrials } from '@/lib/testing/search-points';
import { DESIGN_SEARCH_SPACE, type SearchSpace, WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { SAMPLER_NAMES } from '@/lib/tuning/study/study-config';
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

describe('suggest', () => {
  it('gives the same random trial as ever, to the last bit', () => {
    expect(suggest({ ...FIRST, sampler: 'random' })).toEqual({
      colsample_bytree: 0.7020078650009066,
      learning_rate: 0.025117209235185296,
      max_depth: 8,
      n_estimators: 91,
      subsample: 0.8221961370415645,
    });
  });

  it.each(SAMPLER_NAMES)(
    'gives the same parameters for the same question, to the last bit: %s',
    (sampler) => {
      const request = {
        ...FIRST,
        sampler,
        space: WIDE_SEARCH_SPACE,
        trialNumber: 20,
        history: scoredTrials(14, { space: WIDE_SEARCH_SPACE }),
        pending: scoredTrials(5, { space: WIDE_SEARCH_SPACE, seed: 6 }).map(({ params }) => params),
      };
      expect(suggest(request)).toEqual(suggest(structuredClone(request)));
    },
  );

  it.each(['random', 'quasi_random', 'tpe', 'gp'] as const)(
    'depends on seed and trial number: %s',
    (sampler) => {
      const request = { ...FIRST, sampler, trialNumber: 12, history: scored(11) };
      expect(suggest({ ...request, seed: 43 })).not.toEqual(suggest(request));
      expect(suggest({ ...request, trialNumber: 13 })).not.toEqual(suggest(request));
    },
  );

  it.each(['tpe', 'gp'] as const)('looks at results and at pending points: %s', (sampler) => {
    const request = { ...FIRST, sampler, trialNumber: 20, history: scored(14) };
    expect(
      suggest({ ...request, history: scoredTrials(14, { space: DESIGN_SEARCH_SPACE, seed: 8 }) }),
    ).not.toEqual(suggest(request));
    const moved = Array.from({ length: 40 }, (_, i) => i + 20).some((trialNumber) => {
      const alone = suggest({ ...request, trialNumber });
      return JSON.stringify(suggest({ ...request, trialNumber, pending: [alone] })) !== JSON.stringify(alone);
    });
    expect(moved).toBe(true);
  });

  it.each(['tpe', 'gp'] as const)('does not change what it is given: %s', (sampler) => {
    const history = Object.freeze(scored(12).map((trial) => Object.freeze(trial)));
    expect(() => suggest(Object.freeze({ ...FIRST, sampler, trialNumber: 13, history }))).not.toThrow();
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
    const share = draws.filter(({ learning_rate = 1 }) => learning_rate < middle).length / draws.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.03);
  });

  it('gives every choice the same chance', () => {
    const space = { ...DESIGN_SEARCH_SPACE, grow_policy: WIDE_SEARCH_SPACE.grow_policy };
    const nDepthwise = Array.from({ length: 1000 }, (_, i) =>
      suggest({ ...FIRST, sampler: 'random', space, trialNumber: i + 1 }),
    ).filter(({ grow_policy }) => grow_policy === 'depthwise').length;
    expect(Math.abs(nDepthwise - 500)).toBeLessThan(4 * Math.sqrt(250));
  });

  it('gives the other parameters the same values whether a condition holds or not', () => {
    const always: SearchSpace = {
      ...WIDE_SEARCH_SPACE,
      max_leaves: { type: 'lograndint', low: 8, high: 256 },
    };
    for (let trialNumber = 1; trialNumber <= 10; trialNumber++) {
      const request = { ...FIRST, sampler: 'random', trialNumber } as const;
      const conditional = suggest({ ...request, space: WIDE_SEARCH_SPACE });
      expect(suggest({ ...request, space: always })).toMatchObject(conditional);
    }
  });
});

describe('quasiRandomSampler', () => {
  it('gives trial n point n of a sequence that the study’s seed scrambles', () => {
    const at = (trialNumber: number, seed = 42) =>
      suggest({ ...FIRST, sampler: 'quasi_random', trialNumber, seed });
    expect(at(7)).toEqual(at(7));
    expect(at(7, 43)).not.toEqual(at(7));
    const depths = Array.from({ length: 48 }, (_, i) => at(i + 1).max_depth ?? Number.NaN);
    const counts = [3, 4, 5, 6, 7, 8].map((depth) => depths.filter((value) => value === depth).length);
    for (const count of counts) expect(Math.abs(count - 8)).toBeLessThanOrEqual(1);
  });
});

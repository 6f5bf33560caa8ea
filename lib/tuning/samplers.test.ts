import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { gridSize } from './grid-sampler';
import type { ParameterName } from './parameter-catalogue';
import type { SamplePoint, SampleSpace, ScoredPoint } from './sampler';
import { SAMPLERS, type SuggestionRequest, suggest } from './samplers';
import {
  DESIGN_SEARCH_SPACE,
  type Distribution,
  type ParamValue,
  type SearchSpace,
  searchSpaceSchema,
  type TrialParams,
  WIDE_SEARCH_SPACE,
} from './search-space';
import { SAMPLER_NAMES } from './study-config';

const FIRST: SuggestionRequest = {
  sampler: 'tpe',
  space: DESIGN_SEARCH_SPACE,
  seed: 42,
  trialNumber: 1,
  history: [],
  pending: [],
};

/** Random trials of a space with random results. */
function scored(n: number, options: { space?: SearchSpace; seed?: number } = {}): ScoredPoint[] {
  const { space = DESIGN_SEARCH_SPACE, seed = 5 } = options;
  const random = randomSource(seed);
  return Array.from({ length: n }, (_, i) => ({
    params: suggest({ ...FIRST, space, sampler: 'random', trialNumber: i + 1 }),
    value: 0.75 + random() / 20,
    prunedAtRounds: null,
  }));
}

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
        history: scored(14, { space: WIDE_SEARCH_SPACE }),
        pending: scored(5, { space: WIDE_SEARCH_SPACE, seed: 6 }).map(({ params }) => params),
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
    expect(suggest({ ...request, history: scored(14, { seed: 8 }) })).not.toEqual(suggest(request));
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

/** A distribution of numbers within bounds, whole ones or not. */
function numbersWithin(min: number, max: number, isWhole: boolean): fc.Arbitrary<Distribution> {
  const pair = (from: number) =>
    (isWhole
      ? fc.tuple(fc.integer({ min: from, max }), fc.integer({ min: from, max }))
      : fc.tuple(fc.double({ min: from, max, noNaN: true }), fc.double({ min: from, max, noNaN: true }))
    )
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
  const above = Math.max(min, isWhole ? 1 : 1e-9);
  return fc.oneof(
    pair(min).map((bounds) => ({ type: isWhole ? 'randint' : 'uniform', ...bounds }) as const),
    pair(above).map((bounds) => ({ type: isWhole ? 'lograndint' : 'loguniform', ...bounds }) as const),
    fc
      .tuple(pair(min), fc.integer({ min: 1, max: 7 }))
      .filter(([{ low, high }]) => high - low > 1e-6)
      .map(([{ low, high }, parts]) => {
        const step = isWhole ? Math.max(1, Math.floor((high - low) / parts)) : (high - low) / parts;
        return { type: 'quniform', low, high, step } as const;
      }),
    fc
      .uniqueArray(isWhole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }), {
        minLength: 1,
        maxLength: 5,
        // 0 and −0 are the same choice.
        selector: (value) => value + 0,
      })
      .map((values) => ({ type: 'choice', values }) as const),
  );
}

/** Spaces with parameters of every kind, some of which hang on others, those on others again. */
const spaces: fc.Arbitrary<SearchSpace> = fc
  .record(
    {
      n_estimators: numbersWithin(1, 10_000, true),
      max_depth: numbersWithin(0, 32, true),
      learning_rate: numbersWithin(1e-6, 1, false),
      reg_alpha: numbersWithin(0, 1e9, false),
      grow_policy: fc
        .subarray(['lossguide', 'depthwise'], { minLength: 1 })
        .map((values) => ({ type: 'choice', values }) as const),
      max_leaves: numbersWithin(0, 300, true),
      min_child_weight: numbersWithin(0, 20, false),
      gamma: numbersWithin(0, 5, false),
    },
    { requiredKeys: ['n_estimators'] },
  )
  .map(({ max_leaves, min_child_weight, gamma, ...space }) => {
    const hangs = (entry: Distribution | undefined, parameter: ParameterName, isIn: ParamValue[]) =>
      entry === undefined ? {} : { ...entry, when: { parameter, isIn } };
    return searchSpaceSchema.parse({
      ...space,
      ...(space.grow_policy && max_leaves && { max_leaves: hangs(max_leaves, 'grow_policy', ['lossguide']) }),
      ...(space.max_depth &&
        min_child_weight && {
          min_child_weight: hangs(min_child_weight, 'max_depth', [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        }),
      ...(space.max_depth &&
        min_child_weight &&
        gamma && {
          gamma: hangs(gamma, 'min_child_weight', [0, 1, 2]),
        }),
    });
  });

const requests: fc.Arbitrary<SuggestionRequest> = fc
  .record({
    sampler: fc.constantFrom(...SAMPLER_NAMES),
    space: spaces,
    seed: fc.integer(),
    nKnown: fc.integer({ min: 0, max: 30 }),
    nPending: fc.integer({ min: 0, max: 6 }),
    results: fc.array(fc.tuple(fc.constantFrom(0.5, 0.7, 0.71, 0.8), fc.constantFrom(null, 10, 30)), {
      minLength: 30,
      maxLength: 30,
    }),
  })
  .map(({ sampler, space, seed, nKnown, nPending, results }) => {
    const points = Array.from({ length: nKnown + nPending }, (_, i) =>
      suggest({ ...FIRST, sampler: 'random', space, seed, trialNumber: i + 1 }),
    );
    const trialNumber = nKnown + nPending + 1;
    return {
      sampler,
      space,
      seed,
      trialNumber: sampler === 'grid' ? 1 + ((trialNumber - 1) % gridSize(space)) : trialNumber,
      history: points.slice(0, nKnown).map((params, i) => {
        const [value = 0, prunedAtRounds = null] = results[i] ?? [];
        return { params, value, prunedAtRounds };
      }),
      pending: points.slice(nKnown),
    };
  });

describe('every sampler, whatever the space', () => {
  it('gives a point of the space, with the parameters whose conditions hold and no others', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(faultsOf(suggest(request), request.space)).toEqual([]);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('does not go by the order of keys', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const turned = Object.fromEntries(Object.entries(request.space).toReversed());
        const space = searchSpaceSchema.parse(turned);
        const history = request.history.map((trial) => ({
          ...trial,
          params: Object.fromEntries(Object.entries(trial.params).toReversed()),
        }));
        const reordered = SAMPLERS[request.sampler]({
          ...request,
          space: turned as never,
          history,
          random: randomSource(1),
        });
        expect(reordered).toEqual(SAMPLERS[request.sampler]({ ...request, random: randomSource(1) }));
        expect(suggest({ ...request, space })).toEqual(suggest(request));
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

/** Say what of a point is not as its space has it. */
function faultsOf(params: TrialParams, space: SearchSpace): readonly string[] {
  const point: SamplePoint = params;
  const names = [...new Set([...Object.keys(space), ...Object.keys(params)])];
  return names.flatMap((name) => {
    const distribution = (space as SampleSpace)[name];
    const value = point[name];
    if (distribution === undefined) return [`${name} is not in the space`];
    const { when } = distribution;
    const parent = when === undefined ? undefined : point[when.parameter];
    const isDue = when === undefined || (parent !== undefined && when.isIn.includes(parent));
    if (isDue !== (value !== undefined)) return [`${name} is ${value}, due ${isDue}`];
    return value === undefined || isOf(distribution, value) ? [] : [`${name} is ${value}`];
  });
}

function isOf(distribution: Distribution, value: ParamValue): boolean {
  if (distribution.type === 'choice') return distribution.values.includes(value);
  if (typeof value !== 'number' || value < distribution.low || value > distribution.high) return false;
  switch (distribution.type) {
    case 'uniform':
    case 'loguniform':
      return true;
    case 'randint':
    case 'lograndint':
      return Number.isInteger(value);
    case 'quniform': {
      const { low, high, step } = distribution;
      const nearest = low + Math.round((value - low) / step) * step;
      // Values are written to 15 digits.
      return Math.abs(value - nearest) <= 1e-14 * Math.max(Math.abs(low), Math.abs(high));
    }
  }
}

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

describe('gpSampler', () => {
  const gp = { ...FIRST, sampler: 'gp' } as const;

  it('fills the space evenly for the first ten trials and while no result is known', () => {
    const even = (trialNumber: number) => suggest({ ...FIRST, sampler: 'quasi_random', trialNumber });
    expect(suggest({ ...gp, trialNumber: 10, history: scored(9) })).toEqual(even(10));
    expect(suggest({ ...gp, trialNumber: 30 })).toEqual(even(30));
    expect(suggest({ ...gp, trialNumber: 11, history: scored(5) })).not.toEqual(even(11));
  });

  it.each([1, 2, 3])('bears %i results, results that all tie, and a point seen again and again', (n) => {
    const few = scored(n);
    const tied = scored(20).map((trial) => ({ ...trial, value: 0.5 }));
    const again = Array.from({ length: 20 }, () => few[0] ?? scored(1)[0]).filter(
      (trial) => trial !== undefined,
    );
    for (const history of [few, tied, again, [...again, ...few]]) {
      expect(faultsOf(suggest({ ...gp, trialNumber: 40, history }), DESIGN_SEARCH_SPACE)).toEqual([]);
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
    const history = all.slice(0, 15).map((params, i) => ({ params, value: i % 5, prunedAtRounds: null }));
    expect(suggest({ ...gp, space, trialNumber: 20, history })).toEqual(all[15]);
    const full = all.map((params, i) => ({ params, value: i % 5, prunedAtRounds: null }));
    expect(faultsOf(suggest({ ...gp, space, trialNumber: 20, history: full }), space)).toEqual([]);
  });

  it('leaves pruned trials out where enough are complete, and takes the latest of them where not', () => {
    const complete = scored(12);
    const pruned = scored(8, { seed: 9 }).map((trial) => ({ ...trial, value: 0.99, prunedAtRounds: 10 }));
    const alone = suggest({ ...gp, trialNumber: 30, history: complete });
    expect(suggest({ ...gp, trialNumber: 30, history: [...complete, ...pruned] })).toEqual(alone);
    const few = [...complete.slice(0, 4), ...pruned];
    expect(suggest({ ...gp, trialNumber: 30, history: few })).not.toEqual(
      suggest({ ...gp, trialNumber: 30, history: complete.slice(0, 4) }),
    );
  });

  it('bears more trials than it is conditioned on', () => {
    const params = suggest({ ...gp, trialNumber: 300, history: scored(260) });
    expect(faultsOf(params, DESIGN_SEARCH_SPACE)).toEqual([]);
  });
});

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

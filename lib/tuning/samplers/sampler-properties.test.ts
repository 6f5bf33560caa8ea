import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { pointFaults } from '@/lib/testing/search-points';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import {
  DESIGN_SEARCH_SPACE,
  type Distribution,
  type ParamValue,
  type SearchSpace,
  searchSpaceSchema,
} from '@/lib/tuning/space/search-space';
import { SAMPLER_NAMES } from '@/lib/tuning/study/study-config';
import { gridSize } from './grid-sampler';
import { SAMPLERS, type SuggestionRequest, suggest } from './samplers';

const FIRST: SuggestionRequest = {
  sampler: 'random',
  space: DESIGN_SEARCH_SPACE,
  seed: 42,
  trialNumber: 1,
  history: [],
  pending: [],
};

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
        expect(pointFaults(suggest(request), request.space)).toEqual([]);
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

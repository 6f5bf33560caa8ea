import { describe, expect, it } from 'vitest';
import { gpCoordinates, gpSpaceOf, pointAtShares, sharesOfPoint, valuesToTry, withValue } from './gp-space';
import type { SampleSpace } from './sampler';

const SPACE: SampleSpace = {
  grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
  max_bin: { type: 'choice', values: [512, 64, 128, 256] },
  max_leaves: { type: 'randint', low: 1, high: 100, when: { parameter: 'grow_policy', isIn: ['lossguide'] } },
  subsample: { type: 'uniform', low: 0.5, high: 1 },
};
const space = gpSpaceOf(SPACE);
const squaredDistance = (a: Float64Array, b: Float64Array) =>
  a.reduce((sum, x, d) => sum + (x - (b[d] ?? Number.NaN)) ** 2, 0);

describe('gpCoordinates', () => {
  it('puts numbers on [0, 1], numbers of a choice by rank, and categories the same way apart', () => {
    const at = (grow_policy: string) => gpCoordinates(space, { grow_policy, max_bin: 128, subsample: 0.6 });
    expect([...at('depthwise')].map((x) => Math.round(x * 100) / 100)).toEqual([0.71, 0, 0.38, 0.5, 0.2]);
    expect(space.lengthscaleOf).toEqual([0, 0, 1, 2, 3]);
    expect(squaredDistance(at('depthwise'), at('lossguide'))).toBeCloseTo(1, 14);
  });

  it('puts what is absent in the middle', () => {
    expect(gpCoordinates(space, { max_bin: 64, subsample: 1 })).toEqual(Float64Array.of(0, 0, 0.125, 0.5, 1));
  });
});

describe('pointAtShares', () => {
  it('gives the point, without what is not due, and sharesOfPoint gives the shares back', () => {
    const shares = Float64Array.of(0.25, 0.375, 0.995, 0.2);
    const point = pointAtShares(space, shares);
    expect(point).toEqual({ grow_policy: 'depthwise', max_bin: 128, subsample: 0.6 });
    expect([...sharesOfPoint(space, point)].map((x) => Math.round(x * 1000) / 1000)).toEqual([
      0.25, 0.375, 0.5, 0.2,
    ]);
    expect(pointAtShares(space, shares.with(0, 0.9))).toMatchObject({
      grow_policy: 'lossguide',
      max_leaves: 100,
    });
  });
});

describe('withValue', () => {
  it('starts what becomes active in the middle, and drops what no longer is', () => {
    const deep = { grow_policy: 'depthwise', max_bin: 64, subsample: 0.7 };
    const wide = withValue(space, deep, 'grow_policy', 'lossguide');
    expect(wide).toEqual({ grow_policy: 'lossguide', max_bin: 64, max_leaves: 51, subsample: 0.7 });
    expect(withValue(space, wide, 'grow_policy', 'depthwise')).toEqual(deep);
  });
});

describe('valuesToTry', () => {
  it('are all others of few, the neighbours of many, none of floats', () => {
    const tried = space.parameters.map((parameter) =>
      valuesToTry(
        parameter,
        { grow_policy: 'depthwise', max_bin: 64, max_leaves: 1, subsample: 0.6 }[parameter.name] ?? 0,
      ),
    );
    expect(tried).toEqual([['lossguide'], [128, 256, 512], [2], []]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Distribution } from '@/lib/tuning/space/search-space';
import { activePoint, isActive, parametersInOrder } from './active-parameters';
import type { SamplePoint, SampleSpace } from './sampler';

const always: Distribution = { type: 'randint', low: 1, high: 9 };
const given = (parameter: 'max_depth' | 'gamma' | 'subsample', isIn: number[]): Distribution => ({
  ...always,
  when: { parameter, isIn },
});

describe('parametersInOrder', () => {
  it('puts those on which others depend first, else goes by names', () => {
    const space: SampleSpace = {
      alpha: given('max_depth', [1]),
      max_depth: given('subsample', [1]),
      gamma: always,
      subsample: always,
    };
    expect(parametersInOrder(space).map(({ name }) => name)).toEqual([
      'subsample',
      'max_depth',
      'alpha',
      'gamma',
    ]);
  });

  it('throws for a circle, and for a condition on nothing', () => {
    expect(() =>
      parametersInOrder({ gamma: given('subsample', [1]), subsample: given('gamma', [1]) }),
    ).toThrow('gamma depends on itself');
    expect(() => parametersInOrder({ gamma: given('subsample', [1]) })).toThrow(
      'A condition names subsample, which is not in the space',
    );
    expect(parametersInOrder({})).toEqual([]);
  });
});

describe('isActive', () => {
  it('wants the parameter to be there with one of the values', () => {
    const distribution = given('gamma', [0, 2]);
    const points: SamplePoint[] = [{}, { gamma: 1 }, { gamma: 0 }, { gamma: '0' }];
    expect(points.map((point) => isActive(distribution, point))).toEqual([false, false, true, false]);
    expect(isActive(always, {})).toBe(true);
  });
});

describe('activePoint', () => {
  it('leaves out what hangs on a parameter that is left out', () => {
    const space: SampleSpace = {
      subsample: always,
      gamma: given('subsample', [1]),
      max_depth: given('gamma', [1]),
    };
    const parameters = parametersInOrder(space);
    expect(activePoint(parameters, () => 1)).toEqual({ subsample: 1, gamma: 1, max_depth: 1 });
    expect(activePoint(parameters, ({ name }) => (name === 'subsample' ? 2 : 1))).toEqual({ subsample: 2 });
  });
});

import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import { parzenEstimator } from './parzen-estimator';

const FLOAT: Distribution = { type: 'uniform', low: 0, high: 1 };
const LOG_FLOAT: Distribution = { type: 'loguniform', low: 0.01, high: 0.3 };
const INT = { type: 'randint', low: 3, high: 8 } as const;
const LOG_INT = { type: 'lograndint', low: 1, high: 64 } as const;
const STEPS = { type: 'quniform', low: 0.5, high: 1.1, step: 0.2 } as const;
const CHOICE = { type: 'choice', values: ['a', 'b', 'c'] } as const satisfies Distribution;

/** An estimator of one parameter called x. */
function estimatorOf(distribution: Distribution, values: readonly ParamValue[]) {
  return parzenEstimator(
    [{ name: 'x', distribution: structuredClone(distribution) }],
    values.map((x) => ({ x })),
  );
}

const wholeNumbers = (low: number, high: number) => Array.from({ length: high - low + 1 }, (_, i) => low + i);

describe('parzenEstimator', () => {
  it.each([
    ['whole numbers', INT, wholeNumbers(3, 8), [4, 5, 8]],
    ['logarithmic whole numbers', LOG_INT, wholeNumbers(1, 64), [4, 5, 8, 8]],
    ['steps', STEPS, [0.5, 0.7, 0.9, 1.1], [0.7]],
    ['a choice', CHOICE, ['a', 'b', 'c'], ['b', 'b', 'a']],
  ] as const)('is a density: sums to 1 over %s', (_, distribution, values, observed) => {
    const estimator = estimatorOf(distribution as Distribution, observed);
    const total = (values as readonly ParamValue[]).reduce<number>(
      (sum, x) => sum + Math.exp(estimator.logDensity({ x })),
      0,
    );
    expect(total).toBeCloseTo(1, 12);
  });

  it('is a density: integrates to 1 over a float', () => {
    const estimator = estimatorOf(FLOAT, [0, 0.2, 0.25]);
    const n = 4000;
    let total = 0;
    for (let i = 0; i < n; i++) total += Math.exp(estimator.logDensity({ x: (i + 0.5) / n })) / n;
    expect(total).toBeCloseTo(1, 6);
  });

  // Optuna 5.0.0: log_pdf of its _ParzenEstimator with default weights, of the same observations
  it.each<[string, Distribution, readonly ParamValue[], ParamValue, number]>([
    ['a float', FLOAT, [0.1, 0.4, 0.45, 0.9], 0.42, 0.1538334220341262],
    ['a float seen once', FLOAT, [0.7], 0.1, -0.13932167972091136],
    ['a logarithmic float', LOG_FLOAT, [0.02, 0.1, 0.11], 0.05, -1.1222000683030318],
    ['whole numbers that tie', INT, [3, 3, 7], 4, -1.521987817724344],
    ['logarithmic whole numbers', LOG_INT, [4, 5, 8, 8], 5, -2.5144307892391042],
    ['steps', { type: 'quniform', low: 0.5, high: 1.1, step: 0.2 }, [0.7, 0.9], 0.9, -1.1694343227752324],
    ['a choice', CHOICE, ['a', 'a', 'c'], 'a', -0.7419373447293773],
    ['old points', FLOAT, Array.from({ length: 40 }, (_, i) => i / 40), 0.05, -1.4614254039025398],
  ])('gives the density of Optuna for %s', (_, distribution, observed, x, expected) => {
    expect(estimatorOf(distribution, observed).logDensity({ x })).toBeCloseTo(expected, 10);
  });

  it('is wide without points, and higher where points lie', () => {
    const empty = estimatorOf(FLOAT, []);
    expect(empty.logDensity({ x: 0.5 })).toBeGreaterThan(empty.logDensity({ x: 0 }));
    expect(empty.logDensity({ x: 0.1 })).toBeCloseTo(empty.logDensity({ x: 0.9 }), 12);
    const near = parzenEstimator(
      [
        { name: 'x', distribution: FLOAT },
        { name: 'k', distribution: INT },
      ],
      [{ x: 0.9, k: 8 }],
    );
    expect(near.logDensity({ x: 0.9, k: 8 })).toBeGreaterThan(near.logDensity({ x: 0.1, k: 3 }));
  });

  it.each([
    ['whole numbers', INT, [3, 3, 4], wholeNumbers(3, 8)],
    ['a choice', CHOICE, ['c', 'c', 'a'], ['a', 'b', 'c']],
  ] as const)('draws %s as often as its density says', (_, distribution, observed, values) => {
    const estimator = estimatorOf(distribution as Distribution, observed);
    const random = randomSource(11);
    const n = 20_000;
    const drawn = Array.from({ length: n }, () => estimator.draw(random).x);
    for (const x of values) {
      const share = drawn.filter((value) => value === x).length / n;
      expect(Math.abs(share - Math.exp(estimator.logDensity({ x })))).toBeLessThan(0.015);
    }
  });

  it('weighs old points less once there are more than 25', () => {
    const estimator = estimatorOf(
      FLOAT,
      Array.from({ length: 100 }, (_, i) => (i < 50 ? 0.1 : 0.9)),
    );
    expect(estimator.logDensity({ x: 0.9 })).toBeGreaterThan(estimator.logDensity({ x: 0.1 }));
  });
});

describe('parzenEstimator with a parameter that is there for one category only', () => {
  const parameters = [
    { name: 'grow_policy', distribution: { type: 'choice', values: ['depthwise', 'lossguide'] } },
    {
      name: 'max_leaves',
      distribution: {
        type: 'randint',
        low: 1,
        high: 4,
        when: { parameter: 'grow_policy', isIn: ['lossguide'] },
      },
    },
  ] as const satisfies { name: string; distribution: Distribution }[];
  const estimator = parzenEstimator(structuredClone(parameters), [
    { grow_policy: 'depthwise' },
    { grow_policy: 'lossguide', max_leaves: 2 },
    { grow_policy: 'depthwise' },
  ]);

  it('is one density over both branches', () => {
    const leaves = [1, 2, 3, 4].map((max_leaves) => ({ grow_policy: 'lossguide', max_leaves }));
    const total = [{ grow_policy: 'depthwise' }, ...leaves].reduce(
      (sum, point) => sum + Math.exp(estimator.logDensity(point)),
      0,
    );
    expect(total).toBeCloseTo(1, 12);
  });

  it('draws the parameter where its condition holds, and only there', () => {
    const random = randomSource(5);
    const drawn = Array.from({ length: 500 }, () => estimator.draw(random));
    expect(drawn.every((point) => (point.grow_policy === 'lossguide') === 'max_leaves' in point)).toBe(true);
    expect(new Set(drawn.map(({ grow_policy }) => grow_policy)).size).toBe(2);
  });
});

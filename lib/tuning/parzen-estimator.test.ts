import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { scaledRange, unscaledValue } from './distribution';
import { normalCdf, normalMass, truncatedNormalDraw } from './normal-distribution';
import { parzenEstimator } from './parzen-estimator';
import type { Distribution } from './search-space';

const FLOAT: Distribution = { type: 'float', low: 0, high: 1, log: false };
const LOG_FLOAT: Distribution = { type: 'float', low: 0.01, high: 0.3, log: true };
const INT: Distribution = { type: 'int', low: 3, high: 8, log: false };
const LOG_INT: Distribution = { type: 'int', low: 1, high: 64, log: true };

describe('normalCdf', () => {
  // Python 3.11: 0.5 * math.erfc(-x / math.sqrt(2))
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145707],
    [1.96, 0.9750021048517795],
    [3, 0.9986501019683699],
    [-3.5, 0.00023262907903552504],
    [-8, 6.220960574271819e-16],
  ])('at %f is %f', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-12);
  });

  it('keeps far tails apart', () => {
    expect(normalMass(7, 8)).toBeCloseTo(1.2791904478284077e-12, 22);
    expect(normalMass(-8, -7)).toBe(normalMass(7, 8));
  });
});

describe('truncatedNormalDraw', () => {
  it('stays in its bounds and leans to its centre', () => {
    const random = randomSource(3);
    const draws = Array.from({ length: 2000 }, () =>
      truncatedNormalDraw({ low: 0, high: 1 }, 0, 0.25, random),
    );
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
    // Mean of a half normal: sigma · √(2/π) = 0.1995
    expect(draws.reduce((a, b) => a + b) / draws.length).toBeCloseTo(0.1995, 1);
  });
});

describe('unscaledValue', () => {
  it('keeps rounding errors of exp within the bounds', () => {
    expect(unscaledValue(LOG_FLOAT, Math.log(0.3) + 1e-15)).toBe(0.3);
    expect(unscaledValue(LOG_INT, scaledRange(LOG_INT).high)).toBe(64);
  });
});

describe('parzenEstimator', () => {
  it('is a density: sums to 1 over whole numbers', () => {
    for (const distribution of [INT, LOG_INT]) {
      const estimator = parzenEstimator([distribution], [[4], [5], [8]]);
      let total = 0;
      for (let k = distribution.low; k <= distribution.high; k++)
        total += Math.exp(estimator.logDensity([k]));
      expect(total).toBeCloseTo(1, 10);
    }
  });

  it('is a density: integrates to 1 over a float', () => {
    const estimator = parzenEstimator([FLOAT], [[0], [0.2], [0.25]]);
    const n = 4000;
    let total = 0;
    for (let i = 0; i < n; i++) total += Math.exp(estimator.logDensity([(i + 0.5) / n])) / n;
    expect(total).toBeCloseTo(1, 6);
  });

  it('is wide without points, and higher where points lie', () => {
    const empty = parzenEstimator([FLOAT], []);
    expect(empty.logDensity([0.5])).toBeGreaterThan(empty.logDensity([0]));
    expect(empty.logDensity([0.1])).toBeCloseTo(empty.logDensity([0.9]), 12);
    const near = parzenEstimator([FLOAT, INT], [[0.9, 8]]);
    expect(near.logDensity([0.9, 8])).toBeGreaterThan(near.logDensity([0.1, 3]));
  });

  it('draws as often as its density says', () => {
    const estimator = parzenEstimator([INT], [[3], [3], [4]]);
    const random = randomSource(11);
    const n = 20_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      const value = estimator.draw(random)[0] ?? Number.NaN;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (let k = INT.low; k <= INT.high; k++) {
      expect(Math.abs((counts.get(k) ?? 0) / n - Math.exp(estimator.logDensity([k])))).toBeLessThan(0.015);
    }
  });

  it('weighs old points less once there are more than 25', () => {
    const points = Array.from({ length: 100 }, (_, i) => [i < 50 ? 0.1 : 0.9]);
    const estimator = parzenEstimator([FLOAT], points);
    expect(estimator.logDensity([0.9])).toBeGreaterThan(estimator.logDensity([0.1]));
  });
});

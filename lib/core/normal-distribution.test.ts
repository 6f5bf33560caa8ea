import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { logExpectedGain, normalCdf, normalMass, truncatedNormalDraw } from './normal-distribution';

describe('normalCdf', () => {
  // mpmath 1.3.0, 60 digits: erfc(-x / sqrt(2)) / 2
  it.each([
    [0, 0.5],
    [0.3, 0.6179114221889527],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145705],
    [1.96, 0.9750021048517795],
    [-3.5, 0.00023262907903552504],
    [-6.99, 1.3744312196851234e-12],
    [-8, 6.220960574271784e-16],
    [-20, 2.7536241186062337e-89],
    [-37, 5.725571222524577e-300],
  ])('at %f is %f', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-14);
  });

  it('ends at 0 and 1', () => {
    expect([Number.NEGATIVE_INFINITY, -50, 50, Number.POSITIVE_INFINITY].map(normalCdf)).toEqual([
      0, 0, 1, 1,
    ]);
  });
});

describe('normalMass', () => {
  it('keeps far tails apart', () => {
    expect(normalMass(7, 8)).toBeCloseTo(1.2791904478284077e-12, 25);
    expect(normalMass(-8, -7)).toBe(normalMass(7, 8));
  });
});

describe('logExpectedGain', () => {
  // mpmath 1.3.0, 60 digits: log(pdf(z) + z cdf(z)) and cdf(z) / (pdf(z) + z cdf(z))
  it.each([
    [2, 0.6973835457882284, 0.48655931878528386],
    [0, -0.9189385332046728, 1.2533141373155003],
    [-1, -2.4851210257126413, 1.9042712333296918],
    [-2.9, -7.520846492887873, 3.4445327294133317],
    [-3.1, -8.227329393572749, 3.620604262143193],
    [-10, -55.55312203612235, 10.194383033412553],
    [-30, -457.724653760598, 30.06644615416242],
    [-200, -20011.515648259738, 200.00999925013122],
  ])('at %f is %f with slope %f', (z, value, slope) => {
    const gain = logExpectedGain(z);
    expect(Math.abs(gain.value / value - 1)).toBeLessThan(1e-12);
    expect(Math.abs(gain.slope / slope - 1)).toBeLessThan(1e-12);
  });

  // scipy 1.17.1: integrate.quad of max(0, x - 0.5) over the density of a normal number of mean 0.2 and deviation 0.7
  it('is the expected improvement of a normal number', () => {
    const sigma = 0.7;
    expect(sigma * Math.exp(logExpectedGain((0.2 - 0.5) / sigma).value)).toBeCloseTo(0.15452043393155107, 12);
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

import { describe, expect, it } from 'vitest';
import reference from './fixtures/special-functions.json';
import { chiSquareAbove, incompleteBeta, logGamma, upperGamma } from './special-functions';

/** Values of bench/reference/special_functions.py; the tool stands in the file. */
const close = (actual: number, expected: number) => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1e-3, Math.abs(expected)));
};

describe(`special functions against ${reference.tool}`, () => {
  it('gives the logarithm of gamma', () => {
    for (const [x = 0, expected = 0] of reference.logGamma) close(logGamma(x), expected);
  });

  it('gives the incomplete gamma function', () => {
    for (const [a = 0, x = 0, , upper = 0] of reference.gamma) close(upperGamma(a, x), upper);
  });

  it('gives the incomplete beta function', () => {
    for (const [a = 0, b = 0, x = 0, expected = 0] of reference.beta)
      close(incompleteBeta(x, a, b), expected);
  });

  it('gives the tail of chi-square, and 1 at 0', () => {
    for (const [x = 0, df = 0, expected = 0] of reference.chi2) close(chiSquareAbove(x, df), expected);
    expect(chiSquareAbove(0, 3)).toBe(1);
  });
});

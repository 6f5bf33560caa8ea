import { describe, expect, it } from 'vitest';
import {
  dotProduct,
  factorCholesky,
  inverseFromFactor,
  logDeterminant,
  solveLower,
  solveLowerTransposed,
} from './cholesky';

/** 4 2 0.6; 2 5 1.5; 0.6 1.5 3, of which the upper triangle is not looked at. */
const MATRIX = [4, Number.NaN, Number.NaN, 2, 5, Number.NaN, 0.6, 1.5, 3];

function factored() {
  const factor = Float64Array.from(MATRIX);
  expect(factorCholesky(factor, 3)).toBe(true);
  return factor;
}

describe('dotProduct', () => {
  it('sums stretches of any length', () => {
    const numbers = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
    expect([0, 1, 3, 4, 6].map((length) => dotProduct(numbers, 1, numbers, 0, length))).toEqual([
      0, 2, 20, 40, 112,
    ]);
  });
});

describe('factorCholesky', () => {
  // numpy 2.4.6: linalg.cholesky, linalg.slogdet, linalg.inv
  it('gives the factor, the determinant and the inverse', () => {
    const factor = factored();
    const lower = [0, 3, 4, 6, 7, 8].map((i) => factor[i]);
    [2, 1, 2, 0.3, 0.6, 1.5968719422671311].forEach((expected, i) => {
      expect(lower[i]).toBeCloseTo(expected, 14);
    });
    expect(logDeterminant(factor, 3)).toBeCloseTo(3.708682081410116, 12);
    const inverse = new Float64Array(9);
    inverseFromFactor(factor, 3, inverse, new Float64Array(9));
    [0.3125, -0.125, 0, 0.2852941176470588, -0.11764705882352942, 0.3921568627450981].forEach(
      (expected, k) => {
        const place = [0, 3, 6, 4, 7, 8][k] ?? Number.NaN;
        expect(inverse[place]).toBeCloseTo(expected, 13);
      },
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(factorCholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(factorCholesky(Float64Array.of(Number.NaN), 1)).toBe(false);
  });
});

describe('solveLower and solveLowerTransposed', () => {
  it('together solve the equation of the matrix', () => {
    const factor = factored();
    const x = Float64Array.of(4 + 4 - 1.8, 2 + 10 - 4.5, 0.6 + 3 - 9);
    solveLower(factor, 3, x, 3);
    solveLowerTransposed(factor, 3, x, 3);
    [1, 2, -3].forEach((expected, i) => {
      expect(x[i]).toBeCloseTo(expected, 13);
    });
  });

  it('solve for the leading rows alone', () => {
    const factor = factored();
    const x = Float64Array.of(8, 12, 99);
    solveLower(factor, 3, x, 2);
    solveLowerTransposed(factor, 3, x, 2);
    expect(x[0]).toBeCloseTo(1, 13);
    expect(x[1]).toBeCloseTo(2, 13);
    expect(x[2]).toBe(99);
  });
});

import { describe, expect, it } from 'vitest';
import reference from '../fixtures/learning_curve.json';
import { fittedPowerLaw, powerLawAt, rowsForValue, type SizedValue } from './power-law';

/** Values of bench/reference/learning_curve.py; the tool and its version stand in the file. */
const cases = reference.cases.map(({ n, y, fit }, number) => ({
  number,
  values: n.map((size, i): SizedValue => ({ n: size, value: y[i]!, weight: size })),
  fit,
}));

const valuesOf = (sizes: readonly number[], value: (n: number) => number) =>
  sizes.map((n): SizedValue => ({ n, value: value(n), weight: n }));

describe('fittedPowerLaw', () => {
  it.each(cases)('fits no worse than scipy, and reads the same (case $number)', ({ values, fit }) => {
    const law = fittedPowerLaw(values);
    const error = values.reduce(
      (sum, { n, value, weight }) => sum + weight * (powerLawAt(law, n) - value) ** 2,
      0,
    );
    expect(error).toBeLessThanOrEqual(fit.error * (1 + 1e-9) + 1e-12);
    const largest = Math.max(...values.map(({ n }) => n));
    expect(powerLawAt(law, 2 * largest)).toBeCloseTo(fit.atTwice, 6);
    expect(law.rate).toBeCloseTo(fit.rate, 4);
    expect(law.ceiling).toBeCloseTo(fit.ceiling, 4);
  });

  it('says of values that stay or fall that more rows bring nothing', () => {
    for (const value of [() => 0.7, (n: number) => 0.8 - n / 100_000]) {
      const law = fittedPowerLaw(valuesOf([100, 200, 400, 800], value));
      expect(law.drop).toBeCloseTo(0, 9);
      expect(powerLawAt(law, 1_600) - powerLawAt(law, 800)).toBeCloseTo(0, 9);
    }
  });

  it('has no ceiling above 1, and refuses one size', () => {
    const law = fittedPowerLaw(valuesOf([100, 200, 400, 800], (n) => 0.5 + n / 2_000));
    expect(law.ceiling).toBeLessThanOrEqual(1);
    expect(() => fittedPowerLaw(valuesOf([100, 100], () => 0.7))).toThrow('two sizes');
    expect(() => fittedPowerLaw([])).toThrow('two sizes');
  });
});

describe('rowsForValue', () => {
  it('turns the curve round, and knows what it never reaches', () => {
    const law = { ceiling: 0.9, drop: 2, rate: 0.5 };
    expect(powerLawAt(law, rowsForValue(law, 0.85))).toBeCloseTo(0.85, 12);
    expect(rowsForValue(law, 0.9)).toBe(Number.POSITIVE_INFINITY);
    expect(rowsForValue({ ...law, drop: 0 }, 0.8)).toBe(Number.POSITIVE_INFINITY);
  });
});

import { describe, expect, it } from 'vitest';
import { boxMinimum, type Differentiable } from './box-minimum';

/** Rosenbrock's valley; least 0 at (1, 1). */
const valley: Differentiable = ([x = 0, y = 0], derivatives) => {
  derivatives[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  derivatives[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

const BOX = { low: Float64Array.of(-2, -2), high: Float64Array.of(2, 2), nEvaluations: 200, tolerance: 1e-9 };

describe('boxMinimum', () => {
  it('follows a curved valley to its end', () => {
    const { at, value } = boxMinimum(valley, { ...BOX, start: Float64Array.of(-1.2, 1) });
    expect(at[0]).toBeCloseTo(1, 7);
    expect(at[1]).toBeCloseTo(1, 7);
    expect(value).toBeLessThan(1e-14);
  });

  // scipy 1.17.1: minimize(rosen, [-1.2, 1], bounds=[(-2, 0.5), (-2, 2)], method='L-BFGS-B').x is [0.5, 0.25]
  it('stops at a bound that holds it', () => {
    const { at, value } = boxMinimum(valley, {
      ...BOX,
      high: Float64Array.of(0.5, 2),
      start: Float64Array.of(-1.2, 1),
    });
    expect(at[0]).toBe(0.5);
    expect(at[1]).toBeCloseTo(0.25, 7);
    expect(value).toBeCloseTo(0.25, 12);
  });

  it('asks no more often than it may, and never outside the bounds', () => {
    const asked: number[] = [];
    boxMinimum(
      (at, derivatives) => {
        asked.push(...at);
        return valley(at, derivatives);
      },
      { ...BOX, start: Float64Array.of(-9, 9), nEvaluations: 7 },
    );
    expect(asked.length).toBeLessThanOrEqual(14);
    expect(asked.every((x) => x >= -2 && x <= 2)).toBe(true);
  });

  it('gives the start back where there is nowhere to go', () => {
    const flat = (_: Float64Array, derivatives: Float64Array) => {
      derivatives.fill(0);
      return 3;
    };
    expect(boxMinimum(flat, { ...BOX, start: Float64Array.of(1, 0) })).toEqual({
      at: Float64Array.of(1, 0),
      value: 3,
    });
    const none = { ...BOX, start: new Float64Array(0), low: new Float64Array(0), high: new Float64Array(0) };
    expect(boxMinimum(() => 5, none).value).toBe(5);
  });

  it('turns back where the function cannot be told', () => {
    const walled: Differentiable = (at, derivatives) =>
      valley(at, derivatives) + ((at[0] ?? 0) > 0.9 ? Number.POSITIVE_INFINITY : 0);
    const { at } = boxMinimum(walled, { ...BOX, start: Float64Array.of(-1.2, 1) });
    expect(at[0]).toBeLessThanOrEqual(0.9);
    expect(at[0]).toBeGreaterThan(0.5);
  });
});

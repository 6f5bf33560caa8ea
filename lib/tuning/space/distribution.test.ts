import { describe, expect, it } from 'vitest';
import {
  nValuesOf,
  placeOf,
  scaledRange,
  shareOfValue,
  steppedValue,
  unscaledValue,
  valueAtShare,
} from './distribution';
import type { Distribution } from './search-space';

const FLOAT = { type: 'uniform', low: 0.5, high: 1 } as const;
const LOG_FLOAT = { type: 'loguniform', low: 0.01, high: 0.3 } as const;
const INT = { type: 'randint', low: 3, high: 8 } as const;
const LOG_INT = { type: 'lograndint', low: 1, high: 64 } as const;
const STEPS = { type: 'quniform', low: 0.1, high: 1, step: 0.2 } as const;
const CHOICE: Distribution = { type: 'choice', values: ['a', 7, 'b'] };

describe('nValuesOf and steppedValue', () => {
  it('count and give the values', () => {
    const valuesOf = (d: Distribution) => Array.from({ length: nValuesOf(d) }, (_, i) => steppedValue(d, i));
    expect(valuesOf(INT)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(valuesOf(STEPS)).toEqual([0.1, 0.3, 0.5, 0.7, 0.9]);
    expect(valuesOf({ type: 'quniform', low: 0, high: 0.3, step: 0.1 })).toEqual([0, 0.1, 0.2, 0.3]);
    expect(valuesOf(CHOICE)).toEqual(['a', 7, 'b']);
    expect(nValuesOf(FLOAT)).toBe(Number.POSITIVE_INFINITY);
  });

  it('throw for what is not there', () => {
    expect(() => steppedValue(FLOAT, 0)).toThrow('A uniform distribution has no steps');
    expect(() => steppedValue(CHOICE, 3)).toThrow('Expected a choice below 3, got 3');
    expect(() => placeOf(CHOICE, 'c')).toThrow('Expected one of a, 7, b, got c');
  });
});

describe('scaledRange', () => {
  it('is half a step wider on both sides where values come in steps', () => {
    expect(scaledRange(FLOAT)).toEqual({ low: 0.5, high: 1 });
    expect(scaledRange(INT)).toEqual({ low: 2.5, high: 8.5 });
    expect(scaledRange(LOG_INT)).toEqual({ low: Math.log(0.5), high: Math.log(64.5) });
    expect(scaledRange(STEPS).high).toBeCloseTo(1, 14);
  });
});

describe('unscaledValue', () => {
  it('keeps rounding errors of exp within the bounds', () => {
    expect(unscaledValue(LOG_FLOAT, Math.log(0.3) + 1e-15)).toBe(0.3);
    expect(unscaledValue(LOG_INT, scaledRange(LOG_INT).high)).toBe(64);
    expect(unscaledValue(STEPS, scaledRange(STEPS).high)).toBe(0.9);
  });
});

describe('valueAtShare and shareOfValue', () => {
  it('reach both ends, and the middle on the sampling scale', () => {
    const ends = [FLOAT, LOG_FLOAT, INT, LOG_INT, STEPS, CHOICE].map((d) =>
      [0, 0.5, 1].map((share) => valueAtShare(d, share)),
    );
    expect(ends).toEqual([
      [0.5, 0.75, 1],
      [0.01, 0.05477225575051663, 0.3],
      [3, 6, 8],
      [1, 6, 64],
      [0.1, 0.5, 0.9],
      ['a', 7, 'b'],
    ]);
  });

  it('turn each other back', () => {
    for (const d of [INT, LOG_INT, STEPS, CHOICE]) {
      for (let place = 0; place < nValuesOf(d); place++) {
        const value = steppedValue(d, place);
        expect(valueAtShare(d, shareOfValue(d, value))).toBe(value);
      }
    }
    expect(shareOfValue(FLOAT, 0.6)).toBeCloseTo(0.2, 14);
  });

  it('bear a range whose ends have the same logarithm', () => {
    const narrow = { type: 'loguniform', low: 1, high: 1 + 2 ** -52 } as const;
    expect(shareOfValue({ ...narrow, low: 1e9, high: 1e9 + 1e-7 }, 1e9)).toBe(0.5);
    expect(valueAtShare(narrow, 0.5)).toBe(1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32Text } from './float32-text';

describe('float32Text', () => {
  // NumPy 2.4.6: str(np.float32(value))
  it.each([
    [0.1, '0.1'],
    [1 / 3, '0.33333334'],
    [1 / 304, '0.0032894737'],
    [2 / 7, '0.2857143'],
    [-999, '-999'],
    [0, '0'],
    [-0, '-0'],
    [1.5, '1.5'],
  ])('writes %f shortest', (value, text) => {
    expect(float32Text(Math.fround(value))).toBe(text);
  });

  it('leaves NaN empty and refuses what is no finite float32', () => {
    expect(float32Text(Number.NaN)).toBe('');
    expect(() => float32Text(Number.POSITIVE_INFINITY)).toThrow('Expected a finite float32, got Infinity');
    expect(() => float32Text(0.1)).toThrow('Expected a finite float32, got 0.1');
  });

  it('reads back as the same float32, and no shorter text of the kind does', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = float32Text(value);
        expect(Object.is(Math.fround(Number(text)), value)).toBe(true);
        const digits = text
          .replace(/e.*$/, '')
          .replace(/[-.]/g, '')
          .replace(/^0+/, '')
          .replace(/0+$/, '').length;
        if (digits > 1 && !Number.isInteger(value)) {
          expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32Text } from './float32-text';

describe('float32Text', () => {
  it.each([
    [0.1, '0.1'],
    [0.5, '0.5'],
    [1, '1'],
    [0, '0'],
    [1 / 3, '0.33333334'],
    [0.030000001, '0.030000001'],
    [1e-7, '1e-7'],
    [1.401298464324817e-45, '1e-45'],
    [16777216, '16777216'],
    [-0.25, '-0.25'],
  ])('writes %d as %s', (value, text) => {
    expect(float32Text(Math.fround(value))).toBe(text);
  });

  it('brings every float32 back', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(Math.fround(Number(float32Text(value)))).toBe(value + 0);
      }),
    );
  });

  it('gives back any text of at most six digits', () => {
    const shortTexts = fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -20, max: 20 }));
    fc.assert(
      fc.property(shortTexts, ([digits, exponent]) => {
        const written = Number(`${digits}e${exponent}`);
        expect(Number(float32Text(Math.fround(written)))).toBe(written);
      }),
    );
  });
});

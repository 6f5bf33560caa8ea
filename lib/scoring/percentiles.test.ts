import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentiles } from './percentiles';

describe('percentiles', () => {
  it('equals percentileofscore with kind mean, SciPy 1.17.1', () => {
    expect(percentiles(new Float32Array([0.25, 0.75, 0.25, 0.5]))).toEqual(
      new Float64Array([25, 87.5, 25, 62.5]),
    );
    const expected = [91.66666666666666, 8.333333333333332, 50, 50, 50, 50];
    const places = percentiles(new Float64Array([9, 1, 4, 4, 4, 4]));
    for (const [row, place] of expected.entries()) expect(places[row]).toBeCloseTo(place, 12);
  });

  it('gives 50 to a single score and to all when all tie, nothing for nothing', () => {
    expect(percentiles(new Float32Array([0.5]))).toEqual(new Float64Array([50]));
    expect(percentiles(new Float32Array(3).fill(0.5))).toEqual(new Float64Array([50, 50, 50]));
    expect(percentiles(new Float32Array(0))).toEqual(new Float64Array(0));
  });

  it('throws at NaN', () => {
    expect(() => percentiles(new Float32Array([Number.NaN]))).toThrow('NaN in row 0');
  });

  it('averages 50, stays within 0 and 100 and keeps the order of the scores', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, minLength: 1, maxLength: 60 }), (scores) => {
        const places = percentiles(scores);
        expect(places.reduce((sum, place) => sum + place, 0) / places.length).toBeCloseTo(50, 9);
        scores.forEach((score, row) => {
          const lower = scores.filter((other) => other < score).length;
          const same = scores.filter((other) => other === score).length;
          expect(places[row]).toBeCloseTo((100 * (lower + same / 2)) / scores.length, 9);
        });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierCutoffs, tierOf } from './tiers';

describe('tierCutoffs', () => {
  it('cuts 100 distinct scores at 5, 20 and 50 rows from the top', () => {
    const scores = Float64Array.from({ length: 100 }, (_, row) => ((row * 37) % 100) / 100);
    const cutoffs = tierCutoffs(scores);
    expect(cutoffs).toEqual({ A: 0.95, B: 0.8, C: 0.5 });
    const counts = { A: 0, B: 0, C: 0, D: 0 };
    for (const score of scores) counts[tierOf(score, cutoffs)]++;
    expect(counts).toEqual({ A: 5, B: 15, C: 30, D: 50 });
  });

  it('puts rows that tie with a cut-off into the better tier', () => {
    const scores = new Float32Array([0.75, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25]);
    const cutoffs = tierCutoffs(scores);
    expect(cutoffs).toEqual({ A: 0.75, B: 0.5, C: 0.5 });
    expect(Array.from(scores, (score) => tierOf(score, cutoffs)).join('')).toBe('ABBBDDDD');
  });

  it('makes all rows A when all tie, a single row too', () => {
    expect(tierCutoffs(new Float32Array(30).fill(0.25))).toEqual({ A: 0.25, B: 0.25, C: 0.25 });
    expect(tierCutoffs(new Float32Array([0.5]))).toEqual({ A: 0.5, B: 0.5, C: 0.5 });
  });

  it('throws without rows and at NaN', () => {
    expect(() => tierCutoffs(new Float32Array(0))).toThrow('at least one validation row');
    expect(() => tierCutoffs(new Float32Array([0.5, Number.NaN]))).toThrow('NaN in row 1');
  });

  it('gives each tier at least its share of the rows it was cut on', () => {
    const lists = fc.float32Array({ min: 0, max: 1, noNaN: true, minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(lists, (scores) => {
        const cutoffs = tierCutoffs(scores);
        expect(cutoffs.A).toBeGreaterThanOrEqual(cutoffs.B);
        expect(cutoffs.B).toBeGreaterThanOrEqual(cutoffs.C);
        const share = (cutoff: number) => scores.filter((score) => score >= cutoff).length / scores.length;
        expect(share(cutoffs.A)).toBeGreaterThanOrEqual(0.05);
        expect(share(cutoffs.B)).toBeGreaterThanOrEqual(0.2);
        expect(share(cutoffs.C)).toBeGreaterThanOrEqual(0.5);
      }),
    );
  });
});

describe('tierOf', () => {
  it('gives the better tier at a cut-off and D below the last', () => {
    const cutoffs = { A: 0.75, B: 0.5, C: 0.25 };
    expect([1, 0.75, 0.7, 0.5, 0.25, 0.2, 0].map((score) => tierOf(score, cutoffs)).join('')).toBe('AABBCDD');
    expect(() => tierOf(Number.NaN, cutoffs)).toThrow('NaN');
  });
});

import { describe, expect, it } from 'vitest';
import { largestMarginDifference, parityVerdict, probabilityVerdict } from './parity';

const margins = new Float32Array([-2.5, 0, 1.25]);

function codeOf(onnx: Float32Array, native: Float32Array): string {
  const verdict = parityVerdict(onnx, native);
  return verdict.ok ? 'same' : verdict.error.code;
}

describe('largestMarginDifference', () => {
  it('is the largest difference, whichever sign', () => {
    expect(largestMarginDifference(margins, new Float32Array([-2.5, -0.5, 1.5]))).toBe(0.5);
    expect(largestMarginDifference(new Float32Array(0), new Float32Array(0))).toBe(0);
  });

  it('is NaN when any margin is NaN, wherever it stands, and for equal infinities', () => {
    const infinite = new Float32Array([Number.POSITIVE_INFINITY]);
    expect(largestMarginDifference(new Float32Array([Number.NaN, 5]), new Float32Array([0, 0]))).toBeNaN();
    expect(largestMarginDifference(new Float32Array([5, 0]), new Float32Array([0, Number.NaN]))).toBeNaN();
    expect(largestMarginDifference(infinite, infinite)).toBeNaN();
  });

  it('throws when lengths differ', () => {
    expect(() => largestMarginDifference(margins, new Float32Array(2))).toThrow('got 3 and 2');
  });
});

describe('parityVerdict', () => {
  it('gives the difference of models that agree', () => {
    expect(parityVerdict(margins, Float32Array.from(margins))).toEqual({ ok: true, value: 0 });
    expect(codeOf(new Float32Array([1]), new Float32Array([1 + 2 ** -20]))).toBe('same');
  });

  it('refuses a difference above 1e-6, NaN, and no rows at all', () => {
    expect(parityVerdict(new Float32Array([1]), new Float32Array([1.25]))).toEqual({
      ok: false,
      error: {
        code: 'onnx_mismatch',
        message:
          'ONNX and libxgboost differ by 0.25 in the margin over 1 test rows; at most 0.000001 is allowed.',
        hint: 'Do not use this model; train again, and report it if it happens again.',
      },
    });
    expect(codeOf(new Float32Array([1]), new Float32Array([1 + 2 ** -19]))).toBe('onnx_mismatch');
    expect(codeOf(new Float32Array([Number.NaN]), new Float32Array([0]))).toBe('onnx_mismatch');
    expect(codeOf(new Float32Array(0), new Float32Array(0))).toBe('onnx_mismatch');
  });
});

describe('probabilityVerdict', () => {
  it('allows what float32 rounds, and no more', () => {
    const ours = Float32Array.of(0.5, 0.25);
    expect(probabilityVerdict(Float32Array.of(0.5, 0.25 + 2 ** -20), ours)).toEqual({
      ok: true,
      value: 2 ** -20,
    });
    expect(probabilityVerdict(new Float32Array(0), new Float32Array(0))).toEqual({ ok: true, value: 0 });
    for (const wrong of [0.2501, Number.NaN]) {
      expect(probabilityVerdict(Float32Array.of(0.5, wrong), ours)).toMatchObject({
        error: { code: 'onnx_mismatch', message: expect.stringContaining('differ from ours by') },
      });
    }
  });
});

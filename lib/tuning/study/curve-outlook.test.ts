import { describe, expect, it } from 'vitest';
import { outlookValue } from './curve-outlook';

describe('outlookValue', () => {
  it('draws a curve on over the logarithm of the rounds', () => {
    const curve = [
      [8, 0.7],
      [16, 0.72],
    ] as const;
    expect(outlookValue(curve, 32, 'roc_auc')).toBeCloseTo(0.74, 12);
    expect(outlookValue(curve, 128, 'roc_auc')).toBeCloseTo(0.78, 12);
  });

  it('looks at the upper half alone', () => {
    const curve = [
      [1, 0.1],
      [8, 0.7],
      [16, 0.72],
    ] as const;
    expect(outlookValue(curve, 32, 'roc_auc')).toBeCloseTo(0.74, 12);
  });

  it('lets the one that learns slowly pass the one that is done', () => {
    const slow = [
      [10, 0.78],
      [20, 0.8],
    ] as const;
    const quick = [
      [10, 0.81],
      [20, 0.812],
    ] as const;
    expect(outlookValue(slow, 80, 'roc_auc')).toBeGreaterThan(outlookValue(quick, 80, 'roc_auc'));
  });

  it('takes a curve that gets worse for level, in either direction', () => {
    const falling = [
      [10, 0.82],
      [20, 0.8],
    ] as const;
    expect(outlookValue(falling, 80, 'roc_auc')).toBeCloseTo(0.81, 12);
    const loss = [
      [10, 0.4],
      [20, 0.3],
    ] as const;
    expect(outlookValue(loss, 40, 'logloss')).toBeCloseTo(0.2, 12);
    expect(outlookValue([...falling], 40, 'logloss')).toBeCloseTo(0.78, 12);
  });

  it('gives the last value at the end, and of a single report', () => {
    expect(outlookValue([[50, 0.8]], 50, 'roc_auc')).toBe(0.8);
    expect(outlookValue([[20, 0.8]], 50, 'roc_auc')).toBe(0.8);
    expect(() => outlookValue([], 50, 'roc_auc')).toThrow('got none');
  });
});

import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './wilson-interval';

describe('wilsonInterval', () => {
  // statsmodels 0.15.0: proportion_confint(k, n, method='wilson')
  it.each([
    [5, 10, 0.23659309051256394, 0.7634069094874361],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [1, 1, 0.2065493143772374, 1],
    [406, 3787, 0.09775035708283712, 0.11746345960748074],
    [962, 19919, 0.045404430368183056, 0.051360956376746154],
  ])('gives the interval of statsmodels for %i of %i', (nSuccesses, n, low, high) => {
    const interval = wilsonInterval(nSuccesses, n);
    expect(interval?.low).toBeCloseTo(low, 12);
    expect(interval?.high).toBeCloseTo(high, 12);
  });

  it('is exactly 0 and 1 at the ends', () => {
    for (const n of [1, 2, 3, 7, 49, 1000]) {
      expect(wilsonInterval(0, n)?.low).toBe(0);
      expect(wilsonInterval(n, n)?.high).toBe(1);
    }
  });

  it('is null when nothing was observed', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});

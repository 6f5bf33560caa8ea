import { describe, expect, it } from 'vitest';
import { paddedRange } from './axis-range';

describe('paddedRange', () => {
  it('leaves room on both sides', () => {
    expect(paddedRange([2, 1, 1.5])).toEqual([0.94, 2.06]);
  });

  it('puts equal values in the middle', () => {
    expect(paddedRange([200, 200])).toEqual([198, 202]);
    expect(paddedRange([0])).toEqual([-0.001, 0.001]);
    expect(paddedRange([-200])).toEqual([-202, -198]);
  });

  it('has a range without values', () => {
    expect(paddedRange([])).toEqual([0, 1]);
  });
});

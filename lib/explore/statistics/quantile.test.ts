import { describe, expect, it } from 'vitest';
import { quantileOfCounts, quantileOfSorted } from './quantile';

describe('quantileOfSorted', () => {
  // NumPy 2.4.6: np.quantile([1, 2, 4, 8, 16], p)
  it.each([
    [0, 1],
    [0.1, 1.4],
    [0.5, 4],
    [0.9, 12.8],
    [1, 16],
  ])('gives the quantile of NumPy at %f', (probability, expected) => {
    expect(quantileOfSorted(Object.freeze([1, 2, 4, 8, 16]), probability)).toBeCloseTo(expected, 12);
  });

  it('gives the one value at every probability', () => {
    expect([0, 0.3, 1].map((p) => quantileOfSorted([7], p))).toEqual([7, 7, 7]);
  });

  it('is null without values', () => {
    expect(quantileOfSorted([], 0.5)).toBeNull();
  });

  it('refuses what is no probability', () => {
    expect(() => quantileOfSorted([1], 1.5)).toThrow('Expected a probability from 0 to 1, got 1.5');
    expect(() => quantileOfSorted([1], Number.NaN)).toThrow('got NaN');
  });
});

describe('quantileOfCounts', () => {
  it.each([0, 0.1, 0.5, 0.77, 0.9, 1])('gives at %f what the sorted values give', (probability) => {
    expect(quantileOfCounts([3, 0, 2, 0, 0, 1], probability)).toBe(
      quantileOfSorted([0, 0, 0, 2, 2, 5], probability),
    );
  });

  it('is null where nothing occurs, and refuses what is no probability', () => {
    expect(quantileOfCounts([0, 0], 0.5)).toBeNull();
    expect(() => quantileOfCounts([1], -1)).toThrow('got -1');
  });
});

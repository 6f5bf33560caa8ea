import { describe, expect, it } from 'vitest';
import { spreadOf } from './spread';

describe('spreadOf', () => {
  it('gives the middle one, and keeps the order they were taken in', () => {
    expect(spreadOf(Object.freeze([3, 1, 2]))).toEqual({ median: 2, min: 1, max: 3, values: [3, 1, 2] });
  });

  it('gives the mean of the middle two', () => {
    expect(spreadOf([4, 1, 2, 10]).median).toBe(3);
  });

  it('is the same throughout for one or for equal ones', () => {
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7, values: [7] });
    expect(spreadOf([7, 7])).toMatchObject({ median: 7, min: 7, max: 7 });
  });

  it('refuses none and NaN', () => {
    expect(() => spreadOf([])).toThrow('Expected one measurement or more, got []');
    expect(() => spreadOf([1, Number.NaN])).toThrow('got [1, NaN]');
  });
});

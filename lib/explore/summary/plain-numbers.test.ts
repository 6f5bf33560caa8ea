import { describe, expect, it } from 'vitest';
import { countText, nounText, percentText } from './plain-numbers';

describe('countText', () => {
  it('groups thousands', () => {
    expect([0, 999, 1000, 19919, 1234567].map(countText)).toEqual([
      '0',
      '999',
      '1,000',
      '19,919',
      '1,234,567',
    ]);
  });
});

describe('percentText', () => {
  it('writes a share with its decimals', () => {
    expect(percentText(0.04829, 2)).toBe('4.83 %');
    expect(percentText(0.8, 0)).toBe('80 %');
    expect(percentText(1)).toBe('100.0 %');
  });
});

describe('nounText', () => {
  it('knows the singular', () => {
    expect([1, 0, 1200].map((n) => nounText(n, 'country', 'countries'))).toEqual([
      '1 country',
      '0 countries',
      '1,200 countries',
    ]);
  });
});

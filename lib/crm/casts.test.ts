import { describe, expect, it } from 'vitest';
import { MISSING_DAY } from '@/lib/core/day';
import { castDay, castNumber, castText, integerKey, normalEmail } from './casts';

describe('castNumber', () => {
  it.each([
    [4, 4],
    [-0, 0],
    [' 4 ', 4],
    ['+1.50', 1.5],
    ['1e3', 1000],
    ['-.5', -0.5],
    [null, Number.NaN],
    ['', Number.NaN],
    ['1,234', Number.NaN],
    ['1.234,5', Number.NaN],
    ['$5', Number.NaN],
    ['0x10', Number.NaN],
    ['true', Number.NaN],
    ['Infinity', Number.NaN],
    ['inf', Number.NaN],
  ])('casts %j to %d', (value, number) => {
    expect(castNumber(value)).toBe(number);
  });
});

describe('integerKey', () => {
  it.each([
    [7, 7],
    [-0, 0],
    ['007', 7],
    [' 7.0 ', 7],
    ['-7', -7],
    [7.5, null],
    ['7.5', null],
    ['7a', null],
    ['', null],
    [null, null],
    [1e300, null],
    [Number.POSITIVE_INFINITY, null],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['009007199254740993', '9007199254740993'],
  ])('casts %j to %j', (value, key) => {
    expect(integerKey(value)).toBe(key);
  });
});

describe('castText, castDay and normalEmail', () => {
  it('cast texts and dates', () => {
    expect([castText(null), castText(' a '), castText(5)]).toEqual(['', 'a', '5']);
    expect([castDay('2020-12-31'), castDay('2023-02-29'), castDay(20201231), castDay(null)]).toEqual([
      18627,
      MISSING_DAY,
      MISSING_DAY,
      MISSING_DAY,
    ]);
  });

  it('bring addresses into one form', () => {
    expect(normalEmail(' Ann@Example.COM ')).toBe('ann@example.com');
    expect(normalEmail('plain@example.com')).toBe('plain@example.com');
    expect(normalEmail('ZOE\u0308@x.io')).toBe('zoë@x.io');
    expect(normalEmail('')).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { rowAfterKey } from './row-after-key';

describe('rowAfterKey', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowDown', -1, 0],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['ArrowUp', -1, 0],
    ['PageDown', 3, 8],
    ['PageDown', 8, 9],
    ['PageUp', 8, 3],
    ['PageUp', 2, 0],
    ['Home', 7, 0],
    ['End', 7, 9],
  ])('%s from row %i goes to row %i of ten', (key, at, expected) => {
    expect(rowAfterKey(key, { at, nRows: 10, nInView: 5 })).toBe(expected);
  });

  it('does not move for another key, nor in an empty list', () => {
    expect(rowAfterKey('a', { at: 3, nRows: 10, nInView: 5 })).toBeNull();
    expect(rowAfterKey('End', { at: -1, nRows: 0, nInView: 5 })).toBeNull();
  });
});

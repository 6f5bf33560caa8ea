import { afterEach, describe, expect, it, vi } from 'vitest';
import { buyerCounts } from './buyer-counts';

const LEVEL_OF_ROW = Uint32Array.from([0, 1, 0, 3, 3, 1]);
const MADE_PURCHASE = Uint8Array.from([1, 0, 0, 1, 1, 1]);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('buyerCounts', () => {
  it('counts every level, held or not', () => {
    expect(buyerCounts(LEVEL_OF_ROW, 5, { madePurchase: MADE_PURCHASE })).toEqual({
      n: [2, 2, 0, 2, 0],
      buyers: [1, 1, 0, 2, 0],
    });
  });

  it('counts the chosen rows only, and keeps the levels that lose all of theirs', () => {
    const rows = Uint32Array.from([5, 4, 1]);
    expect(buyerCounts(LEVEL_OF_ROW, 4, { madePurchase: MADE_PURCHASE, rows })).toEqual({
      n: [0, 2, 0, 1],
      buyers: [0, 1, 0, 1],
    });
  });

  it('counts nothing when no row is chosen, or there is none', () => {
    const none = { n: [0, 0], buyers: [0, 0] };
    const rows = new Uint32Array(0);
    expect(buyerCounts(LEVEL_OF_ROW.slice(0, 3), 2, { madePurchase: new Uint8Array(3), rows })).toEqual(none);
    expect(buyerCounts(new Uint32Array(0), 2, { madePurchase: new Uint8Array(0) })).toEqual(none);
    expect(buyerCounts(new Uint32Array(0), 0, { madePurchase: new Uint8Array(0) })).toEqual({
      n: [],
      buyers: [],
    });
  });

  it('works where code may not be made from strings', () => {
    vi.stubGlobal('Function', () => {
      throw new EvalError('Evaluating a string as JavaScript violates the policy');
    });
    expect(buyerCounts(LEVEL_OF_ROW, 4, { madePurchase: MADE_PURCHASE }).n).toEqual([2, 2, 0, 2]);
  });

  it('refuses labels of another length', () => {
    expect(() => buyerCounts(LEVEL_OF_ROW, 4, { madePurchase: new Uint8Array(2) })).toThrow(
      'Expected 6 labels, got 2',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { tagCountComparison } from './tag-counts';

describe('quantiles of the tag count', () => {
  it('gives type-7 quantiles of others and buyers', () => {
    const table = joinedTableOf([
      ...[16, 1, 8, 2, 4].map((tagCount) => ({ tagCount, bought: true })),
      ...[300, 0, 20].map((tagCount) => ({ tagCount })),
    ]);
    const [others, buyers] = tagCountComparison(table).byPurchase;
    expect(others).toEqual({ madePurchase: 0, n: 3, mean: 320 / 3, p10: 4, p50: 20, p90: 244 });
    // NumPy 2.4.6: np.quantile([1, 2, 4, 8, 16], [0.1, 0.5, 0.9])
    expect(buyers).toEqual({
      madePurchase: 1,
      n: 5,
      mean: 6.2,
      p10: 1.4,
      p50: 4,
      p90: expect.closeTo(12.8, 12),
    });
  });

  it('does not change the order of the table', () => {
    const table = joinedTableOf([{ tagCount: 9 }, { tagCount: 1 }]);
    tagCountComparison(table);
    expect(table.tagCount).toEqual(Uint16Array.of(9, 1));
  });

  it('is null on a side without subscribers', () => {
    const [others, buyers] = tagCountComparison(joinedTableOf([{ tagCount: 3 }])).byPurchase;
    expect(others).toEqual({ madePurchase: 0, n: 1, mean: 3, p10: 3, p50: 3, p90: 3 });
    expect(buyers).toEqual({ madePurchase: 1, n: 0, mean: null, p10: null, p50: null, p90: null });
  });
});

describe('tagCountComparison', () => {
  const table = joinedTableOf([
    { tagCount: 7, bought: true },
    { tagCount: 6 },
    { tagCount: 30, bought: true },
    { tagCount: 0 },
    { tagCount: 0 },
  ]);

  it('spreads buyers and others over the bins, and gives the conversion of each', () => {
    const { rows } = tagCountComparison(table);
    const held = rows.filter(({ n }) => n > 0);
    expect(held.map(({ interval: _, ...row }) => row)).toEqual([
      { level: '0', n: 2, buyers: 0, shareOfBuyers: 0, shareOfOthers: 2 / 3, conversion: 0 },
      { level: '6–7', n: 2, buyers: 1, shareOfBuyers: 0.5, shareOfOthers: 1 / 3, conversion: 0.5 },
      { level: '21+', n: 1, buyers: 1, shareOfBuyers: 0.5, shareOfOthers: 0, conversion: 1 },
    ]);
  });

  it('counts the chosen rows alone', () => {
    const { byPurchase, rows } = tagCountComparison(table, { rows: Uint32Array.of(0, 1) });
    expect(byPurchase.map(({ n }) => n)).toEqual([1, 1]);
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(2);
  });

  it('has no shares where a side is empty', () => {
    const { rows } = tagCountComparison(table, { rows: Uint32Array.of(3) });
    expect(rows[0]).toMatchObject({ shareOfBuyers: null, shareOfOthers: 1 });
  });
});

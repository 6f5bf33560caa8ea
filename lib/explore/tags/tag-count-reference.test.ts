import { describe, expect, it } from 'vitest';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import reference from '../fixtures/tag-counts.json';
import { tagCountComparison } from './tag-counts';

/** Values of bench/reference/tag_counts.py; the tools and their versions stand in the file. */
const close = (actual: number | null | undefined, expected: number | null) => {
  if (expected === null) expect(actual).toBeNull();
  else expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9);
};

describe(`the tag count by purchase against ${reference.tool}`, () => {
  it.each(reference.lists.map((list, i) => [i, list] as const))('of list %i', (_, list) => {
    const table = joinedTableOf(
      list.counts.map((tagCount, row) => ({ tagCount, bought: list.bought[row] === 1 })),
    );
    const before = table.tagCount.slice();
    const { byPurchase, rows } = tagCountComparison(table);
    expect(table.tagCount).toEqual(before);
    for (const [side, expected] of [list.others, list.buyers].entries()) {
      const found = byPurchase[side];
      expect(found?.n).toBe(expected.n);
      for (const name of ['mean', 'p10', 'p50', 'p90'] as const) close(found?.[name], expected[name]);
    }
    expect(rows.map(({ n, buyers }) => ({ n, buyers }))).toEqual(
      list.rows.map(({ n, buyers }) => ({ n, buyers })),
    );
    for (const [bin, { low, high }] of list.rows.entries()) {
      close(rows[bin]?.interval?.low ?? null, low);
      close(rows[bin]?.interval?.high ?? null, high);
    }
  });
});

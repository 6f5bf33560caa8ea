import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { LEAST_PAIR_HOLDERS, tagLifts } from './tag-lift';

const group = (tags: readonly string[], n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ tags, bought: i < buyers }));

const TABLE = joinedTableOf(
  [
    ...group([], 1000, 20),
    ...group(['tag_a'], 300, 30),
    ...group(['tag_b'], 300, 30),
    ...group(['tag_a', 'tag_b'], 200, 100),
    ...group(['tag_c'], 3, 3),
    ...group(['tag_a', 'tag_c'], 2, 0),
  ],
  ['tag_nobody'],
);

describe('tagLifts', () => {
  it('compares holders with all and with the others', () => {
    const { tags } = tagLifts(TABLE);
    const overall = 183 / 1805;
    expect(tags.map(({ tag, holders, buyers }) => [tag, holders, buyers])).toEqual([
      ['tag_a', 502, 130],
      ['tag_b', 500, 130],
      ['tag_c', 5, 3],
      ['tag_nobody', 0, 0],
    ]);
    expect(tags[0]?.lift).toBeCloseTo(130 / 502 / overall, 12);
    expect(tags[0]?.ratio?.value).toBeCloseTo(130 / 502 / (53 / 1303), 12);
    expect(tags[3]).toMatchObject({ conversion: null, lift: null, ratio: null, shrunkConversion: null });
  });

  it('draws a small group further to the mean than a large one', () => {
    const { tags, prior } = tagLifts(TABLE);
    const mean = 263 / 1007;
    expect(prior?.conversion).toBeCloseTo(mean, 12);
    const pulled = (tag: string) => {
      const found = tags.find((row) => row.tag === tag);
      return Math.abs((found?.shrunkConversion ?? 0) - mean) / Math.abs((found?.conversion ?? 0) - mean);
    };
    // The share of its own distance that a group keeps is n / (n + prior).
    const n = prior?.nSubscribers ?? Number.NaN;
    expect(pulled('tag_c')).toBeCloseTo(5 / (5 + n), 12);
    expect(pulled('tag_a')).toBeCloseTo(502 / (502 + n), 12);
  });

  it('finds pairs that sell better together, and looks at none that few hold', () => {
    const { pairs } = tagLifts(TABLE);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ tags: ['tag_a', 'tag_b'], holders: 200, buyers: 100, conversion: 0.5 });
    expect(pairs[0]?.liftOverBetter).toBeCloseTo(0.5 / (130 / 500), 12);
    expect(pairs[0]?.adjustedPValue).toBeLessThan(1e-10);
    expect(LEAST_PAIR_HOLDERS).toBeGreaterThan(2);
  });

  it('counts the given rows only, and says nothing of none', () => {
    const { tags, pairs, prior } = tagLifts(TABLE, { rows: new Uint32Array(0) });
    expect(tags.every(({ holders, conversion }) => holders === 0 && conversion === null)).toBe(true);
    expect(pairs).toEqual([]);
    expect(prior).toBeNull();
    expect(tagLifts(joinedTableOf([])).tags).toEqual([]);
  });
});

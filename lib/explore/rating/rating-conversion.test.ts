import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { wilsonInterval } from '../statistics/wilson-interval';
import { ratingConversion } from './rating-conversion';

const subscribers = (rating: number | undefined, n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ rating, bought: i < buyers }));

/** The profile's ratings. */
const PROFILE = joinedTableOf([
  ...subscribers(1, 204, 2),
  ...subscribers(2, 15006, 435),
  ...subscribers(3, 1038, 80),
  ...subscribers(4, 1336, 110),
  ...subscribers(5, 2335, 335),
]);

describe('ratingConversion', () => {
  it('gives the published figures', () => {
    const { rows, pearson, spearman } = ratingConversion(PROFILE);
    expect(rows.map((r) => [r.rating, r.n, r.buyers])).toEqual([
      ['1', 204, 2],
      ['2', 15006, 435],
      ['3', 1038, 80],
      ['4', 1336, 110],
      ['5', 2335, 335],
    ]);
    expect(rows.map((r) => Number(((r.conversion ?? 0) * 100).toFixed(2)))).toEqual([
      0.98, 2.9, 7.71, 8.23, 14.35,
    ]);
    expect(rows.map((r) => Number(((r.share ?? 0) * 100).toFixed(1)))).toEqual([1, 75.3, 5.2, 6.7, 11.7]);
    // scipy 1.17.1
    expect(pearson).toBeCloseTo(0.17700252924532345, 12);
    expect(spearman).toBeCloseTo(0.17106942860665636, 12);
  });

  it('shows every rating, then the missing and the invalid where there are any', () => {
    const table = joinedTableOf([
      ...subscribers(2, 4, 1),
      ...subscribers(undefined, 2, 1),
      ...subscribers(7, 1, 0),
      ...subscribers(2.5, 1, 1),
    ]);
    const empty = { n: 0, share: 0, buyers: 0, conversion: null, interval: null };
    expect(ratingConversion(table)).toEqual({
      rows: [
        { rating: '1', ...empty },
        { rating: '2', n: 4, share: 0.5, buyers: 1, conversion: 0.25, interval: wilsonInterval(1, 4) },
        { rating: '3', ...empty },
        { rating: '4', ...empty },
        { rating: '5', ...empty },
        { rating: 'missing', n: 2, share: 0.25, buyers: 1, conversion: 0.5, interval: wilsonInterval(1, 2) },
        { rating: 'invalid', n: 2, share: 0.25, buyers: 1, conversion: 0.5, interval: wilsonInterval(1, 2) },
      ],
      pearson: null,
      spearman: null,
    });
  });

  it('has neither shares nor correlation without subscribers', () => {
    const { rows, pearson, spearman } = ratingConversion(joinedTableOf([]));
    expect(rows.map((r) => [r.n, r.share, r.conversion])).toEqual(Array(5).fill([0, null, null]));
    expect([pearson, spearman]).toEqual([null, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { wilsonInterval } from '../statistics/wilson-interval';
import { countryPareto, levelsKept, type ParetoRow } from './country-pareto';

const subscribers = (country: string | undefined, n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ country, bought: i < buyers }));

const TABLE = joinedTableOf([
  ...subscribers('us', 5, 4),
  ...subscribers(undefined, 3, 2),
  ...subscribers('in', 4, 1),
  ...subscribers('au', 2, 1),
  ...subscribers('ca', 2, 1),
  ...subscribers('zw', 6, 1),
  ...subscribers('be', 1, 0),
]);

const row = (code: string | null, n: number, buyers: number, cumulative: number | null): ParetoRow => ({
  code,
  n,
  buyers,
  conversion: buyers / n,
  interval: wilsonInterval(buyers, n) ?? { low: Number.NaN, high: Number.NaN },
  salesShare: code === null ? null : buyers / 8,
  cumulativeSalesShare: cumulative,
});

/** Buyers of known country in the profile, by rank; the tail of single buyers closes the sum of 874. */
const PROFILE_BUYERS = [406, 76, 37, 32, 25, 24, 22, 13, 12, 11, 11, 10, 9, 9, 9];
const PROFILE_KNOWN_BUYERS = 874;

describe('countryPareto', () => {
  it('sorts by buyers, then subscribers, then code, with the missing last and outside the shares', () => {
    expect(countryPareto(TABLE)).toEqual([
      row('us', 5, 4, 0.5),
      row('zw', 6, 1, 0.625),
      row('in', 4, 1, 0.75),
      row('au', 2, 1, 0.875),
      row('ca', 2, 1, 1),
      row('be', 1, 0, 1),
      row(null, 3, 2, null),
    ]);
  });

  it('counts the given rows only', () => {
    const rows = Uint32Array.from([0, 4, 5, 8]);
    expect(countryPareto(TABLE, { rows }).map(({ code, n, buyers }) => [code, n, buyers])).toEqual([
      ['us', 2, 1],
      ['in', 1, 1],
      [null, 1, 1],
    ]);
  });

  it('has no shares when nobody of a known country bought', () => {
    const rows = countryPareto(joinedTableOf([...subscribers('us', 2, 0), ...subscribers(undefined, 1, 1)]));
    expect(rows.map((r) => [r.code, r.buyers, r.salesShare, r.cumulativeSalesShare])).toEqual([
      ['us', 0, null, null],
      [null, 1, null, null],
    ]);
  });

  it('is one row when every country is missing, and empty without subscribers', () => {
    expect(countryPareto(joinedTableOf(subscribers(undefined, 3, 1))).map((r) => [r.code, r.n])).toEqual([
      [null, 3],
    ]);
    expect(countryPareto(joinedTableOf([]))).toEqual([]);
  });

  it('adds up to the whole, whatever the order of the rows', () => {
    const shuffled = joinedTableOf([
      ...subscribers('ca', 2, 1),
      ...subscribers('be', 1, 0),
      ...subscribers('zw', 6, 1),
      ...subscribers('us', 5, 4),
      ...subscribers(undefined, 3, 2),
      ...subscribers('au', 2, 1),
      ...subscribers('in', 4, 1),
    ]);
    expect(countryPareto(shuffled)).toEqual(countryPareto(TABLE));
  });
});

describe('levelsKept', () => {
  it('keeps the fewest that reach the share', () => {
    const rows = countryPareto(TABLE);
    expect(levelsKept(rows, 0.5)).toEqual(['us']);
    expect(levelsKept(rows, 0.500001)).toEqual(['us', 'zw']);
    expect(levelsKept(rows, 0.8)).toEqual(['us', 'zw', 'in', 'au']);
  });

  it('keeps every country with a sale, and no other, for the whole', () => {
    expect(levelsKept(countryPareto(TABLE), 1)).toEqual(['us', 'zw', 'in', 'au', 'ca']);
  });

  it('reaches a share that floats miss by a rounding', () => {
    const rows = countryPareto(
      joinedTableOf(['a', 'b', 'c', 'd'].flatMap((code, i) => subscribers(code, 10 - i, [1, 1, 1, 7][i]!))),
    );
    expect(levelsKept(rows, 0.7)).toEqual(['d']);
  });

  it('gives the 15 countries of the published Pareto at 80 %', () => {
    let rest = PROFILE_KNOWN_BUYERS - PROFILE_BUYERS.reduce((a, b) => a + b, 0);
    const buyersOf = [...PROFILE_BUYERS];
    for (let next = 8; rest > 0; next = Math.max(1, next - 1)) {
      buyersOf.push(Math.min(next, rest));
      rest -= Math.min(next, rest);
    }
    const rows = countryPareto(
      joinedTableOf(
        buyersOf.flatMap((buyers, i) => subscribers(`c${String(i).padStart(3, '0')}`, 500, buyers)),
      ),
    );
    expect(rows[0]?.cumulativeSalesShare).toBeCloseTo(0.465, 3);
    expect(rows[1]?.cumulativeSalesShare).toBeCloseTo(0.551, 3);
    expect(rows[6]?.cumulativeSalesShare).toBeCloseTo(0.712, 3);
    expect(levelsKept(rows, 0.8)).toHaveLength(15);
  });

  it('keeps none when nobody of a known country bought', () => {
    expect(levelsKept(countryPareto(joinedTableOf(subscribers('us', 2, 0))), 0.8)).toEqual([]);
    expect(levelsKept(countryPareto(joinedTableOf(subscribers(undefined, 2, 2))), 0.8)).toEqual([]);
    expect(levelsKept([], 0.8)).toEqual([]);
  });

  it.each([0, -0.1, 1.01, Number.NaN])('refuses a share of %f', (share) => {
    expect(() => levelsKept([], share)).toThrow(`got ${share}`);
  });
});

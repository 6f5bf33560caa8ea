import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { ratingSimpson, simpsonSentence } from './simpson';

const group = (optin: string, rating: number, n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ optin, rating, bought: i < buyers }));

describe('ratingSimpson', () => {
  it('names a trend that goes the other way at every age', () => {
    // Old subscribers have high ratings and buy much; within each age the lower rating buys more.
    const table = joinedTableOf([
      ...group('2018-01-01', 5, 450, 180),
      ...group('2018-01-01', 4, 50, 30),
      ...group('2019-01-01', 4, 250, 40),
      ...group('2019-01-01', 3, 250, 65),
      ...group('2020-01-01', 2, 450, 45),
      ...group('2020-01-01', 3, 50, 1),
      ...group('2020-01-01', 1, 50, 14),
    ]);
    const check = ratingSimpson(table);
    expect(check.overall?.z).toBeGreaterThan(2);
    expect(check.within?.z).toBeLessThan(-2);
    expect(check.verdict).toBe('reversed');
    expect(simpsonSentence(check)).toMatch(/^Beware: .* the other way .* Simpson’s paradox\.$/);
    expect(check.strata.map(({ n }) => n)).toEqual([550, 500, 500]);
  });

  it('finds the same trend at every age, and leaves out who has no rating or date', () => {
    const table = joinedTableOf([
      ...['2018-01-01', '2019-01-01', '2020-01-01'].flatMap((optin) => [
        ...group(optin, 2, 300, 6),
        ...group(optin, 5, 100, 20),
      ]),
      { rating: 5, bought: true },
      { optin: '2019-01-01', rating: 7, bought: true },
      { optin: '2019-01-01', bought: true },
    ]);
    const check = ratingSimpson(table);
    expect(check.verdict).toBe('same');
    expect(check.strata.map(({ n }) => n)).toEqual([400, 400, 400]);
    expect(ratingSimpson(table, { rows: Uint32Array.of(0, 1) }).verdict).toBe('unknown');
  });

  it('knows nothing of an empty table', () => {
    const check = ratingSimpson(joinedTableOf([]));
    expect(check).toMatchObject({ overall: null, within: null, verdict: 'unknown' });
    expect(simpsonSentence(check)).toMatch(/cannot be said/);
  });
});

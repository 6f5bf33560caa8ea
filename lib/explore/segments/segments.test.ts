import { describe, expect, it } from 'vitest';
import { productPurchases } from '@/lib/crm/product-purchases';
import type { RawTable } from '@/lib/crm/raw-crm';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { countryPareto, levelsKept } from './country-pareto';
import { createSegmenter, DIMENSIONS, type FilterDimension, type Segments } from './dimensions';
import { filtersOfOthers, filtersWithPick, MISSING_LEVEL, rowsOfFilters } from './row-filter';
import { segmentPareto, segmentsKept } from './segment-pareto';

const ROWS: readonly SubscriberRow[] = [
  {
    email: 'a@gmail.com',
    country: 'us',
    rating: 5,
    optin: '2020-02-29',
    tags: ['tag_a', 'tag_b'],
    bought: true,
  },
  { email: 'B@Firm.example ', country: 'us', rating: 2, optin: '2020-03-01', tags: ['tag_a'], bought: true },
  { email: 'c@gmail.com', country: 'in', rating: 2.5, optin: '2020-03-02', bought: false },
  { email: '', rating: 2, tagCount: 9, bought: true },
  { email: 'e@firm.example', country: 'in', tags: ['tag_b'], bought: false },
  { email: 'a@gmail.com', country: 'de', tags: ['tag_b'], bought: true },
];
const TABLE = joinedTableOf(ROWS);

const texts = (values: readonly (string | null)[]) => ({
  kind: 'plain' as const,
  values,
  nBlobs: 0,
  nBigIntegers: 0,
});
const TRANSACTIONS: RawTable<'Transactions'> = {
  name: 'Transactions',
  nRows: 5,
  fileColumns: [],
  columns: {
    transaction_id: texts([]),
    purchased_at: texts([]),
    user_full_name: texts([]),
    charge_country: texts([]),
    user_email: texts(['A@gmail.com', 'b@firm.example', 'b@firm.example', 'nobody@x.example', 'a@gmail.com']),
    product_id: texts(['10', '9', '9', '9', null]),
  },
};
const checks = { names: ['ratings 0'], rowsOf: () => Uint32Array.of(2) };
const anomalies = { names: ['import 2020-02-29'], rowsOf: () => Uint32Array.of(0, 4) };
const segmenter = createSegmenter({
  table: TABLE,
  purchases: productPurchases(TABLE, TRANSACTIONS),
  checks,
  anomalies,
});

/** Each row's levels, as a person would write them down. */
function levelsOfRows(segments: Segments): readonly (readonly string[])[] {
  if (segments.kind === 'single') {
    return [...segments.codes].map((code) => (code < 0 ? [] : [segments.levels[code] ?? '?']));
  }
  return ROWS.map((_, row) => segments.levels.filter((_, level) => segments.rowsOf(level).includes(row)));
}

describe('createSegmenter', () => {
  it('tells the levels of every dimension', () => {
    expect(Object.fromEntries(DIMENSIONS.map((name) => [name, levelsOfRows(segmenter(name))]))).toEqual({
      country: [['us'], ['us'], ['in'], [], ['in'], ['de']],
      product: [['10'], ['9'], [], [], [], ['10']],
      tag: [['tag_a', 'tag_b'], ['tag_a'], [], [], ['tag_b'], ['tag_b']],
      email_domain: [['gmail.com'], ['firm.example'], ['gmail.com'], [], ['firm.example'], ['gmail.com']],
      email_kind: [['free'], ['own domain'], ['free'], [], ['own domain'], ['free']],
      optin_month: [['2020-02'], ['2020-03'], ['2020-03'], [], [], []],
      optin_day_of_week: [['Sat'], ['Sun'], ['Mon'], [], [], []],
      member_rating: [['5'], ['2'], [], ['2'], [], []],
      tag_count: [['2'], ['1'], ['0'], ['8–10'], ['1'], ['1']],
      failing_check: [[], [], ['ratings 0'], [], [], []],
      anomaly: [['import 2020-02-29'], [], [], [], ['import 2020-02-29'], []],
    });
  });

  it('has no level, and no row missing one, in an empty table', () => {
    const table = joinedTableOf([]);
    const empty = createSegmenter({
      table,
      purchases: productPurchases(table, { ...TRANSACTIONS, nRows: 0 }),
      checks: { names: [], rowsOf: () => new Uint32Array(0) },
    });
    for (const dimension of DIMENSIONS) {
      expect(segmentPareto(empty(dimension), table)).toMatchObject({ rows: [], missing: null, nKnown: 0 });
    }
  });
});

describe('rowsOfFilters', () => {
  const rows = (...filters: Parameters<typeof rowsOfFilters>[1]) => {
    const found = rowsOfFilters(segmenter, filters, TABLE.nRows);
    return found === undefined ? 'all' : [...found];
  };

  it('gives all rows without a filter, and those that pass every one', () => {
    expect(rows()).toBe('all');
    expect(rows({ dimension: 'country', levels: ['us', 'de'] })).toEqual([0, 1, 5]);
    expect(
      rows({ dimension: 'country', levels: ['us', 'de'] }, { dimension: 'tag', levels: ['tag_b'] }),
    ).toEqual([0, 5]);
    expect(rows({ dimension: 'tag', levels: ['tag_a', 'tag_b'] })).toEqual([0, 1, 4, 5]);
    expect(rows({ dimension: 'country', levels: ['zz'] })).toEqual([]);
  });

  it('knows who holds a tag and who does not; nobody where the file lacks the tag', () => {
    expect(rows({ dimension: 'tag_a', levels: ['with'] })).toEqual(
      rows({ dimension: 'tag', levels: ['tag_a'] }),
    );
    expect(rows({ dimension: 'tag_a', levels: ['with', 'without'] })).toHaveLength(TABLE.nRows);
    expect(rows({ dimension: 'tag_gone', levels: ['without'] })).toEqual([]);
  });

  it('knows who lacks a value', () => {
    expect(rows({ dimension: 'country', levels: [MISSING_LEVEL] })).toEqual([3]);
    expect(rows({ dimension: 'tag', levels: [MISSING_LEVEL, 'tag_a'] })).toEqual([0, 1, 2, 3]);
    expect(rows({ dimension: 'product', levels: [MISSING_LEVEL] })).toEqual([2, 3, 4]);
  });
});

describe('filtersWithPick', () => {
  const levels = (dimension: FilterDimension, ...names: string[]) => ({ dimension, levels: names });

  it('takes a level alone, adds one, and takes the same away', () => {
    const us = filtersWithPick([], [levels('country', 'us')]);
    expect(us).toEqual([levels('country', 'us')]);
    expect(filtersWithPick(us, [levels('country', 'in')])).toEqual([levels('country', 'in')]);
    const both = filtersWithPick(us, [levels('country', 'in')], true);
    expect(both).toEqual([levels('country', 'us', 'in')]);
    expect(filtersWithPick(both, [levels('country', 'us')], true)).toEqual([levels('country', 'in')]);
    expect(filtersWithPick(us, [levels('country', 'us')])).toEqual([]);
    expect(filtersWithPick(us, [levels('tag', 'tag_a')])).toEqual([...us, levels('tag', 'tag_a')]);
  });

  it('sets both sides of a cell in one step, and takes both away', () => {
    const cell = [levels('tag_count', '4'), levels('tag_a', 'with')];
    const there = filtersWithPick([levels('country', 'us'), levels('tag_count', '0')], cell);
    expect(there).toEqual([levels('country', 'us'), ...cell]);
    expect(filtersWithPick(there, cell)).toEqual([levels('country', 'us')]);
    // One side stands already: the cell is still to be set.
    expect(filtersWithPick([levels('tag_count', '4')], cell)).toEqual(cell);
    expect(filtersWithPick(there, [levels('tag_count', '5'), levels('tag_a', 'with')], true)).toEqual([
      levels('country', 'us'),
      levels('tag_count', '4', '5'),
      levels('tag_a', 'with'),
    ]);
  });
});

describe('filtersOfOthers', () => {
  it('leaves a figure’s own dimensions out', () => {
    const filters = [
      { dimension: 'country', levels: ['us'] },
      { dimension: 'tag_a', levels: ['with'] },
    ] as const;
    expect(filtersOfOthers(filters, ['country', 'tag'])).toEqual([filters[1]]);
    expect(filtersOfOthers(filters, [])).toEqual(filters);
  });
});

describe('segmentPareto', () => {
  it('says of countries what the country Pareto says', () => {
    const pareto = segmentPareto(segmenter('country'), TABLE);
    const known = countryPareto(TABLE).filter(({ code }) => code !== null);
    expect(pareto.rows.map(({ level, ...row }) => ({ code: level, ...row }))).toEqual(known);
    expect(pareto.missing).toMatchObject({ n: 1, buyers: 1 });
    for (const share of [0.2, 0.67, 1]) {
      expect(segmentsKept(pareto, share)).toEqual(levelsKept(countryPareto(TABLE), share));
    }
  });

  it('counts a buyer of several levels once in the cumulative share', () => {
    const pareto = segmentPareto(segmenter('tag'), TABLE);
    expect(pareto.rows).toMatchObject([
      { level: 'tag_b', n: 3, buyers: 2, salesShare: 2 / 3, cumulativeSalesShare: 2 / 3 },
      { level: 'tag_a', n: 2, buyers: 2, salesShare: 2 / 3, cumulativeSalesShare: 1 },
    ]);
    expect(pareto).toMatchObject({ isMany: true, nKnown: 4, nKnownBuyers: 3, missing: { n: 2, buyers: 1 } });
  });

  it('counts the given rows only', () => {
    const pareto = segmentPareto(segmenter('tag'), { ...TABLE, rows: Uint32Array.of(1, 3, 4) });
    expect(pareto.rows).toMatchObject([
      { level: 'tag_a', n: 1, buyers: 1, cumulativeSalesShare: 1 },
      { level: 'tag_b', n: 1, buyers: 0, salesShare: 0 },
    ]);
    expect(pareto.missing).toMatchObject({ n: 1, buyers: 1 });
    expect(segmentsKept(pareto, 1)).toEqual(['tag_a']);
  });
});

import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatDay } from '@/lib/core/day';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { productPurchases } from '@/lib/crm/product-purchases';
import { readCrm } from '@/lib/crm/read-crm';
import { crmBytes } from '@/lib/demo/generate-crm';
import { optinDays } from '@/lib/explore/anomalies/anomaly-days';
import { driftByDate } from '@/lib/explore/drift/drift-report';
import {
  type AskedFigure,
  dimensionsOf,
  figureSql,
  type SqlSource,
} from '@/lib/explore/figure-sql/figure-sql';
import { interactionOf } from '@/lib/explore/interactions/interaction';
import { type AxisName, interactionAxis } from '@/lib/explore/interactions/interaction-axes';
import { ratingConversion } from '@/lib/explore/rating/rating-conversion';
import { createSegmenter, SEGMENT_DIMENSIONS } from '@/lib/explore/segments/dimensions';
import { filtersOfOthers, type RowFilter, rowsOfFilters } from '@/lib/explore/segments/row-filter';
import { segmentPareto } from '@/lib/explore/segments/segment-pareto';
import { tagCountComparison } from '@/lib/explore/tags/tag-counts';
import { tagLifts } from '@/lib/explore/tags/tag-lift';
import { databaseBytes } from '@/lib/testing/sqlite';
import { LIGHT_CHART_THEME } from './chart-theme';
import { driftBinsFigure } from './drift-bins-figure';
import type { FigureTable } from './figure-spec';
import { interactionFigure } from './interaction-figure';
import { ratingConversionFigure } from './rating-conversion-figure';
import { segmentParetoFigure } from './segment-pareto-figure';
import { tagCountFigure } from './tag-count-figure';
import { tagLiftFigure } from './tag-lift-figure';

const FAILING = Uint32Array.of(3, 4, 40, 41, 77);

/** A list of the demo's kind with what real lists bend: case, blanks, odd types, repeated people, ratings off the scale. */
const MESS = `
  UPDATE Subscribers SET country_code = upper(country_code) WHERE rowid % 3 = 0;
  UPDATE Subscribers SET country_code = '  ' || country_code || char(9) WHERE rowid % 7 = 0;
  UPDATE Subscribers SET country_code = ' ' WHERE rowid % 11 = 0;
  UPDATE Subscribers SET user_email = ' ' || upper(user_email) || char(160) WHERE rowid % 5 = 0;
  UPDATE Subscribers SET user_email = (SELECT user_email FROM Subscribers JOIN Transactions USING (user_email) LIMIT 1) WHERE rowid % 101 = 0;
  UPDATE Subscribers SET user_email = '' WHERE rowid % 103 = 0;
  UPDATE Subscribers SET user_email = 'no at sign' WHERE rowid % 107 = 0;
  UPDATE Subscribers SET user_email = 'two@at@Signs.Example' WHERE rowid % 109 = 0;
  UPDATE Transactions SET user_email = lower(user_email) || ' ' WHERE rowid % 4 = 0;
  UPDATE Transactions SET user_email = ' ' WHERE rowid % 19 = 0;
  UPDATE Transactions SET product_id = product_id * 1.0 WHERE rowid % 6 = 0;
  UPDATE Transactions SET product_id = 'it''s a course' WHERE rowid % 23 = 0;
  UPDATE Subscribers SET member_rating = '' WHERE rowid % 31 = 0;
  UPDATE Subscribers SET member_rating = 9 WHERE rowid % 37 = 0;
  UPDATE Subscribers SET member_rating = ' 4.0 ' WHERE rowid % 41 = 0;
  UPDATE Subscribers SET member_rating = '4 stars' WHERE rowid % 43 = 0;
  UPDATE Subscribers SET member_rating = 2.5 WHERE rowid % 47 = 0;
  UPDATE Subscribers SET optin_time = '' WHERE rowid % 29 = 0;
  UPDATE Subscribers SET optin_time = '2020-02-30' WHERE rowid % 53 = 0;
  UPDATE Subscribers SET optin_time = optin_time || ' 10:11:12' WHERE rowid % 17 = 0;
  UPDATE Subscribers SET optin_time = 'last year' WHERE rowid % 113 = 0;
  UPDATE Tags SET tag = ' ' || tag WHERE rowid % 4 = 0;
  UPDATE Tags SET tag = upper(tag) WHERE rowid % 97 = 0;
  UPDATE Tags SET tag = '  ' WHERE rowid % 59 = 0;
  INSERT INTO Tags SELECT * FROM Tags WHERE rowid % 13 = 0;
  INSERT INTO Tags VALUES ('1e1', 'webinar'), ('', 'webinar'), (987654321, 'webinar'), ('O''Hara', 'it''s');
`;

async function exploredFile(bytes: Uint8Array) {
  // SQLite's own mathematical functions, not those of older sql.js; its types know no such option yet.
  const sql = await initSqlJs({ useOldExtensionFunctions: false } as object);
  const crm = openCrm(sql, bytes, { fileName: 'list.sqlite' });
  if (!crm.ok) throw new Error(crm.error.message);
  const raw = readCrm(crm.value);
  closeCrm(crm.value);
  if (!raw.ok) throw new Error(raw.error.message);
  const joined = joinSubscribers(raw.value);
  if (!joined.ok) throw new Error(joined.error.message);
  const { table, report } = joined.value;
  const segmenter = createSegmenter({
    table,
    purchases: productPurchases(table, raw.value.transactions),
    checks: { names: ['ratings 1'], rowsOf: () => FAILING },
  });
  const source: SqlSource = {
    tags: table.tagColumns.map((name, i) => ({ name, tag: report.tags[i] ?? '' })),
    leftOut: { Subscribers: [], Tags: [], Transactions: [] },
    rowsOfLevel: () => [...FAILING],
  };
  const axis = (name: AxisName) => interactionAxis(segmenter, table, name);
  /** The table that the page shows. */
  const shown = (figure: AskedFigure, filters: readonly RowFilter[]): FigureTable => {
    const rows = rowsOfFilters(segmenter, filtersOfOthers(filters, dimensionsOf(figure)), table.nRows);
    const counted = { madePurchase: table.madePurchase, rows };
    switch (figure.kind) {
      case 'segments': {
        const pareto = segmentPareto(segmenter(figure.dimension), counted);
        return segmentParetoFigure({ ...figure, pareto }, LIGHT_CHART_THEME).table;
      }
      case 'rating':
        return ratingConversionFigure(ratingConversion(table, { rows }), LIGHT_CHART_THEME).table;
      case 'tag_count':
        return tagCountFigure({ comparison: tagCountComparison(table, { rows }) }, LIGHT_CHART_THEME).table;
      case 'tags':
        return tagLiftFigure({ lifts: tagLifts(table, { rows }), conversion: null }, LIGHT_CHART_THEME).table;
      case 'interaction': {
        const interaction = interactionOf(axis(figure.along.name), axis(figure.up.name), counted);
        return interactionFigure({ interaction }, LIGHT_CHART_THEME).table;
      }
      case 'drift_bins':
      case 'drift_windows':
      case 'optin_days':
        throw new Error('Looked at on its own');
      default:
        return figure satisfies never;
    }
  };
  /** What the statements of drift are about, under filters: each column, and the page's two tables of it. */
  const drifted = (filters: readonly RowFilter[]) => {
    const rows = rowsOfFilters(segmenter, filtersOfOthers(filters, ['optin_month']), table.nRows);
    const report = driftByDate({ table, segmenter }, { rows, ranges: null, seed: 1 });
    const reference = report.sides?.reference.range;
    const current = report.sides?.current.range;
    if (!reference || !current) return null;
    return { report, ranges: { reference, current } };
  };
  /** What SQLite says of the file itself. */
  const asked = (statement: string) => {
    const database = new sql.Database(bytes);
    try {
      const [result] = database.exec(statement);
      return (result?.values ?? []).map((values) =>
        Object.fromEntries((result?.columns ?? []).map((name, i) => [name, values[i]])),
      );
    } finally {
      database.close();
    }
  };
  return { source, axis, shown, asked, drifted, optinDay: table.optinDay };
}

type Explored = Awaited<ReturnType<typeof exploredFile>>;

function figuresOf({ axis }: Explored): readonly AskedFigure[] {
  const interaction = (along: AxisName, up: AxisName): AskedFigure => ({
    kind: 'interaction',
    along: axis(along),
    up: axis(up),
  });
  return [
    ...SEGMENT_DIMENSIONS.map((dimension): AskedFigure => ({ kind: 'segments', dimension, share: 0.85 })),
    { kind: 'rating' },
    { kind: 'tag_count' },
    { kind: 'tags' },
    interaction('tag_count', 'member_rating'),
    interaction('country', 'optin_day_of_week'),
    interaction('optin_month', 'tag_webinar'),
    interaction('email_kind', 'country'),
  ];
}

const FILTERS: readonly (readonly RowFilter[])[] = [
  [],
  [
    { dimension: 'country', levels: ['us', 'in', "o'dd", '(missing)'] },
    { dimension: 'tag', levels: ['tag_webinar', 'tag_gone', '(missing)'] },
  ],
  [
    { dimension: 'product', levels: ['39', '40', "it's a course", '(missing)'] },
    { dimension: 'member_rating', levels: ['2', '(missing)'] },
    { dimension: 'tag_learning_lab', levels: ['without'] },
  ],
  [
    { dimension: 'tag_count', levels: ['0', '2', '6–7'] },
    { dimension: 'email_kind', levels: ['free'] },
    { dimension: 'optin_day_of_week', levels: ['Wed', 'Thu', '(missing)'] },
  ],
  [{ dimension: 'failing_check', levels: ['ratings 1'] }],
  [{ dimension: 'failing_check', levels: ['(missing)'] }],
  [{ dimension: 'country', levels: ['zz'] }],
];

describe.each([
  ['the demo list', () => crmBytes({ seed: 5, nSubscribers: 1_500 })],
  ['a messy list', () => databaseBytes(MESS, crmBytes({ seed: 6, nSubscribers: 1_500 }))],
])('the SQL of each figure, on %s', (_, bytes) => {
  let file: Explored;
  beforeAll(async () => {
    file = await exploredFile(await bytes());
  });

  it.each(FILTERS.map((filters) => [JSON.stringify(filters), filters] as const))(
    'gives what its table shows, under %s',
    (_name, filters) => {
      for (const figure of figuresOf(file)) {
        const { columns, rows } = file.shown(figure, filters);
        const statement = figureSql(figure, filters, file.source);
        const found = file.asked(statement);
        expectSameRows(found, rows, `${JSON.stringify(figure).slice(0, 80)}\n${statement}`);
        if (found[0] !== undefined) expect(Object.keys(found[0])).toEqual(columns.map(({ key }) => key));
      }
    },
  );
});

/** A column of each kind. */
const COMPARED = [
  'member_rating',
  'tag_count',
  'country_code',
  'is_free_email',
  'tag_webinar',
  'made_purchase',
];

describe.each([
  ['the demo list', () => crmBytes({ seed: 8, nSubscribers: 2_500 })],
  ['a messy list', () => databaseBytes(MESS, crmBytes({ seed: 9, nSubscribers: 2_500 }))],
])('the SQL of what has changed, on %s', (_, bytes) => {
  let file: Explored;
  beforeAll(async () => {
    file = await exploredFile(await bytes());
  });

  const some = [
    { dimension: 'email_kind', levels: ['free'] },
    { dimension: 'tag_count', levels: ['0', '2', '6–7'] },
  ] as const;
  it.each([
    ['all', []],
    ['some', some],
  ] satisfies [string, readonly RowFilter[]][])(
    'gives the bins and the counts of each time, of %s',
    (_name, filters) => {
      const drifted = file.drifted(filters);
      if (drifted === null) throw new Error('Expected two times to compare');
      const { report, ranges } = drifted;
      expect(report.features.length).toBeGreaterThan(10);
      for (const feature of report.features.filter(({ name }) => COMPARED.includes(name))) {
        const column = { name: feature.name, rule: feature.rule };
        const bins = figureSql({ kind: 'drift_bins', column, ranges }, filters, file.source);
        const { rows } = driftBinsFigure(report, feature, LIGHT_CHART_THEME).table;
        expectSameRows(file.asked(bins), rows, `${feature.name}\n${bins}`);
        const { windows } = report;
        const counts = file.asked(
          figureSql({ kind: 'drift_windows', column, windows }, filters, file.source),
        );
        const nOf = (label: string) =>
          counts.reduce((n, row) => n + (row.window === label ? Number(row.n) : 0), 0);
        expect(
          windows.map(({ label }) => nOf(label)),
          feature.name,
        ).toEqual(feature.windows.map(({ n }) => n));
      }
    },
  );

  it('gives the opt-ins of each day, whatever the filters', () => {
    const found = file.asked(figureSql({ kind: 'optin_days' }, FILTERS[1] ?? [], file.source));
    const held = optinDays(file.optinDay)?.days.filter(({ n }) => n > 0) ?? [];
    expect(held.length).toBeGreaterThan(100);
    expect(found).toEqual(held.map(({ day, n }) => ({ day: formatDay(day), n })));
  });
});

it('leaves out what was left out of the list', async () => {
  const bytes = crmBytes({ seed: 7, nSubscribers: 1_000 });
  const file = await exploredFile(bytes);
  const source = {
    ...file.source,
    leftOut: { Subscribers: [0, 5, 999], Tags: [2, 3], Transactions: [0, 1, 2, 3, 4] },
  };
  const left = await exploredFile(
    await databaseBytes(
      `DELETE FROM Subscribers WHERE rowid IN (
         SELECT id FROM (SELECT rowid AS id, row_number() OVER (ORDER BY rowid) AS place FROM Subscribers)
         WHERE place IN (1, 6, 1000));
       DELETE FROM Tags WHERE rowid IN (3, 4);
       DELETE FROM Transactions WHERE rowid <= 5;`,
      bytes,
    ),
  );
  const filters = [{ dimension: 'tag', levels: ['tag_learning_lab'] }] as const;
  for (const figure of figuresOf(left)) {
    expectSameRows(
      file.asked(figureSql(figure, filters, source)),
      left.shown(figure, filters).rows,
      figure.kind,
    );
  }
});

/** Texts and counts are the same; other numbers may differ in the last places, where sums are made in another order. */
function expectSameRows(
  found: readonly Readonly<Record<string, unknown>>[],
  rows: FigureTable['rows'],
  what: string,
): void {
  const rounded = (row: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(11)) : value,
      ]),
    );
  expect(found.map(rounded), what).toEqual(rows.map(rounded));
}

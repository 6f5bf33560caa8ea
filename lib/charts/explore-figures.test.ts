import { describe, expect, it } from 'vitest';
import { productPurchases } from '@/lib/crm/product-purchases';
import type { RawTable } from '@/lib/crm/raw-crm';
import { interactionOf } from '@/lib/explore/interactions/interaction';
import { interactionAxis } from '@/lib/explore/interactions/interaction-axes';
import { createSegmenter, type Dimension } from '@/lib/explore/segments/dimensions';
import { segmentPareto } from '@/lib/explore/segments/segment-pareto';
import { tagLifts } from '@/lib/explore/tags/tag-lift';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { interactionFigure } from './interaction-figure';
import { segmentParetoFigure } from './segment-pareto-figure';
import { tagLiftFigure } from './tag-lift-figure';

const group = (row: SubscriberRow, n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ ...row, bought: i < buyers }));

const TABLE = joinedTableOf([
  ...group({ country: 'us', rating: 2, tags: ['tag_a'] }, 50, 6),
  ...group({ country: 'in', rating: 2 }, 40, 3),
  ...group({ country: '<b>', rating: 5, tags: ['tag_a', 'tag_%{x}'] }, 10, 1),
  ...group({ rating: 5 }, 100, 2),
]);
const NO_TRANSACTIONS = {
  nRows: 0,
  columns: { user_email: [], product_id: [] },
} as unknown as RawTable<'Transactions'>;
const NO_CHECKS = { names: [], rowsOf: () => new Uint32Array(0) };
const segmenter = createSegmenter({
  table: TABLE,
  purchases: productPurchases(TABLE, NO_TRANSACTIONS),
  checks: NO_CHECKS,
});
const pareto = (dimension: Dimension, rows?: Uint32Array) =>
  segmentPareto(segmenter(dimension), { madePurchase: TABLE.madePurchase, rows });

describe('segmentParetoFigure', () => {
  it('draws levels up to the share, others and the cumulative line, each point with its level', () => {
    const { title, data, layout } = segmentParetoFigure(
      { pareto: pareto('country'), dimension: 'country', share: 0.8, chosen: ['in'] },
      LIGHT_CHART_THEME,
    );
    expect(title).toBe(
      '2 of 3 countries reach 80 % of the sales with a known country; us leads with 6 sales (12.0 % bought); 50.0 % of the subscribers have none.',
    );
    expect(data).toMatchObject([
      { type: 'bar', x: ['us', 'in'], y: [6, 3], marker: { color: '#0072b2', line: { width: [0, 2] } } },
      { type: 'bar', name: 'Other', x: ['&lt;b&gt;'], y: [1] },
      { type: 'scatter', yaxis: 'y2', y: [0.6, 0.9, 1] },
    ]);
    const [first] = data;
    expect(first && 'customdata' in first && first.customdata?.[0]).toEqual([
      'country',
      'us',
      'us',
      '6',
      '50',
      '12.0 %',
      '5.6 %',
      '23.8 %',
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Country, by sales' }, tickangle: 0 },
      shapes: [{ y0: 0.8, yref: 'y2' }],
    });
  });

  it('lists every level in its table, and who has none last', () => {
    const { table } = segmentParetoFigure(
      { pareto: pareto('country'), dimension: 'country', share: 0.8 },
      DARK_CHART_THEME,
    );
    expect(table.rows.map((row) => [row.level, row.n, row.buyers, row.part])).toEqual([
      ['us', 50, 6, 'up to the share'],
      ['in', 40, 3, 'up to the share'],
      ['<b>', 10, 1, 'other'],
      ['(missing)', 100, 2, 'missing'],
    ]);
  });

  it('says why there is nothing to draw', () => {
    const none = segmentParetoFigure(
      { pareto: pareto('country', new Uint32Array(0)), dimension: 'country', share: 0.8 },
      LIGHT_CHART_THEME,
    );
    expect(none).toMatchObject({ title: 'No subscriber passes the filters.', data: [] });
    const products = segmentParetoFigure(
      { pareto: pareto('product'), dimension: 'product', share: 0.8 },
      LIGHT_CHART_THEME,
    );
    expect(products.title).toBe('None of the 200 subscribers has a product.');
  });
});

describe('tagLiftFigure', () => {
  it('draws each tag with its interval, and what small groups are drawn to', () => {
    const { title, data, table } = tagLiftFigure(
      { lifts: tagLifts(TABLE), conversion: 0.06, chosen: ['tag_a'] },
      LIGHT_CHART_THEME,
    );
    expect(title).toMatch(
      /^Of 2 tags, tag_\S+ goes with buying most: .* against 6\.0 % of all; no pair sells better/,
    );
    expect(data).toMatchObject([
      { y: ['a', '%\u200b{x}'], x: [7 / 60, 0.1], marker: { line: { width: [2, 0] } } },
      { name: 'Drawn to the mean of tags' },
    ]);
    expect(table.rows.map(({ tag, holders }) => [tag, holders])).toEqual([
      ['tag_a', 60],
      ['tag_%{x}', 10],
    ]);
  });

  it('has nothing to draw where nobody holds a tag', () => {
    const lifts = tagLifts(TABLE, { rows: new Uint32Array(0) });
    expect(tagLiftFigure({ lifts, conversion: null }, LIGHT_CHART_THEME)).toMatchObject({
      title: 'No subscriber who passes the filters holds a tag.',
      data: [],
    });
  });
});

describe('interactionFigure', () => {
  const axis = (name: 'country' | 'member_rating') => interactionAxis(segmenter, TABLE, name);

  it('draws a cell for each pair of levels, empty ones as gaps, and lists those that are held', () => {
    const { data, table, layout } = interactionFigure(
      { interaction: interactionOf(axis('country'), axis('member_rating'), TABLE) },
      LIGHT_CHART_THEME,
    );
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Country' } },
      yaxis: { title: { text: 'Member rating' } },
    });
    expect(data[0]).toMatchObject({
      type: 'heatmap',
      x: ['us', 'in', '&lt;b&gt;', '(missing)'],
      y: ['1', '2', '3', '4', '5'],
      z: [
        [null, null, null, null],
        [0.12, 0.075, null, null],
        [null, null, null, null],
        [null, null, null, null],
        [null, null, 0.1, 0.02],
      ],
    });
    expect(table.rows.map(({ along, up, n }) => [along, up, n])).toEqual([
      ['us', '2', 50],
      ['in', '2', 40],
      ['<b>', '5', 10],
      ['(missing)', '5', 100],
    ]);
  });

  it('gives every cell that is held a mark to select and a row to pick, and outlines what is filtered to', () => {
    const { data, table, layout } = interactionFigure(
      {
        interaction: interactionOf(axis('country'), axis('member_rating'), TABLE),
        filters: [
          { dimension: 'member_rating', levels: ['2'] },
          { dimension: 'tag', levels: ['tag_a'] },
        ],
      },
      LIGHT_CHART_THEME,
    );
    const [, marks] = data;
    const expected = [
      ['country', 'us', 'member_rating', '2'],
      ['country', 'in', 'member_rating', '2'],
      ['country', '<b>', 'member_rating', '5'],
      ['country', '(missing)', 'member_rating', '5'],
    ];
    expect(marks).toMatchObject({ meta: { nLevels: 2 }, customdata: expected, marker: { opacity: 0 } });
    expect(table.picks?.map((pick) => pick.flatMap(({ dimension, level }) => [dimension, level]))).toEqual(
      expected,
    );
    expect(layout.shapes?.map(({ x0, y0 }) => [x0, y0])).toEqual([0, 1, 2, 3].map((i) => [i - 0.5, 0.5]));
  });

  it('says that nobody is left', () => {
    const nobody = { madePurchase: TABLE.madePurchase, rows: new Uint32Array(0) };
    const figure = interactionFigure(
      { interaction: interactionOf(axis('country'), axis('member_rating'), nobody) },
      LIGHT_CHART_THEME,
    );
    expect(figure).toMatchObject({ data: [], table: { rows: [] } });
  });
});

import { describe, expect, it } from 'vitest';
import { countryPareto } from '@/lib/explore/country-pareto';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { countryParetoFigure } from './country-pareto-figure';

const subscribers = (country: string | undefined, n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ country, bought: i < buyers }));

const ROWS = countryPareto(
  joinedTableOf([
    ...subscribers('us', 50, 6),
    ...subscribers('in', 40, 3),
    ...subscribers('<b>', 10, 1),
    ...subscribers(undefined, 100, 2),
  ]),
);

describe('countryParetoFigure', () => {
  it('draws kept bars, other bars and the cumulative line', () => {
    const { title, data } = countryParetoFigure({ rows: ROWS, paretoShare: 0.8 }, LIGHT_CHART_THEME);
    expect(title).toBe(
      '2 of 3 countries hold 80 % of the sales of known country; 50.0 % of the subscribers have none.',
    );
    expect(data).toMatchObject([
      { type: 'bar', name: 'Kept', x: ['us', 'in'], y: [6, 3], marker: { color: '#0072b2' } },
      { type: 'bar', name: 'Other', x: ['&lt;b&gt;'], y: [1], marker: { color: '#6c727a' } },
      { type: 'scatter', yaxis: 'y2', x: ['us', 'in', '&lt;b&gt;'], y: [0.6, 0.9, 1] },
    ]);
    expect(data[0]).toMatchObject({
      customdata: [
        ['6', '50', '12.0 %', '5.6 %', '23.8 %'],
        ['3', '40', '7.5 %', '2.6 %', '19.9 %'],
      ],
    });
  });

  it('names its axes and marks the wanted share', () => {
    const { layout } = countryParetoFigure({ rows: ROWS, paretoShare: 0.8 }, LIGHT_CHART_THEME);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Country, by sales' }, type: 'category', range: [-0.5, 2.5] },
      yaxis: { title: { text: 'Sales (subscribers who bought)' } },
      yaxis2: {
        title: { text: 'Cumulative share of sales' },
        overlaying: 'y',
        side: 'right',
        tickformat: ',.0%',
      },
      shapes: [{ type: 'line', yref: 'y2', y0: 0.8, y1: 0.8 }],
      annotations: [{ text: '80 %', yref: 'y2', y: 0.8 }],
    });
  });

  it('lists every row in its table, the missing last', () => {
    const { table } = countryParetoFigure({ rows: ROWS, paretoShare: 0.8 }, LIGHT_CHART_THEME);
    expect(table.rows.map((row) => [row.country_code, row.n, row.buyers, row.kept])).toEqual([
      ['us', 50, 6, 'kept'],
      ['in', 40, 3, 'kept'],
      ['<b>', 10, 1, 'other'],
      ['missing', 100, 2, 'missing'],
    ]);
    expect(table.columns.map((column) => column.key)).toEqual(Object.keys(table.rows[0] ?? {}));
    expect(table.rows[3]).toMatchObject({
      conversion: 0.02,
      sales_share: null,
      cumulative_sales_share: null,
    });
  });

  it('takes its colours from the theme', () => {
    const { data, layout } = countryParetoFigure({ rows: ROWS, paretoShare: 0.8 }, DARK_CHART_THEME);
    expect(data[0]).toMatchObject({ marker: { color: '#56b4e9' } });
    expect(layout).toMatchObject({ paper_bgcolor: '#16191d', font: { color: '#eceef1' } });
  });

  it('shows thirty of many countries at first', () => {
    const many = countryPareto(
      joinedTableOf(Array.from({ length: 40 }, (_, i) => subscribers(`c${i}`, 2, 1)).flat()),
    );
    const { layout, data } = countryParetoFigure({ rows: many, paretoShare: 0.8 }, LIGHT_CHART_THEME);
    expect(layout.xaxis?.range).toEqual([-0.5, 29.5]);
    expect(data).toMatchObject([{ x: { length: 32 } }, { x: { length: 8 } }, { x: { length: 40 } }]);
  });

  it.each([
    ['no rows', [], 'No subscriber has a country.'],
    ['only missing countries', subscribers(undefined, 3, 1), 'No subscriber has a country.'],
    [
      'no buyer',
      subscribers('us', 3, 0),
      'No subscriber of the 1 country has bought; every subscriber has one.',
    ],
  ])('says so with %s', (_, rows, title) => {
    const figure = countryParetoFigure(
      { rows: countryPareto(joinedTableOf(rows)), paretoShare: 0.8 },
      LIGHT_CHART_THEME,
    );
    expect(figure.title).toBe(title);
    expect(figure.data).toEqual([]);
    expect(figure.layout.annotations).toMatchObject([{ text: 'No sales of known country.' }]);
  });
});

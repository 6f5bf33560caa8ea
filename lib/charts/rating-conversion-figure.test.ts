import { describe, expect, it } from 'vitest';
import { ratingConversion } from '@/lib/explore/rating/rating-conversion';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { ratingConversionFigure } from './rating-conversion-figure';

const subscribers = (rating: number | undefined, n: number, buyers: number): SubscriberRow[] =>
  Array.from({ length: n }, (_, i) => ({ rating, bought: i < buyers }));

const CONVERSION = ratingConversion(
  joinedTableOf([...subscribers(2, 1500, 30), ...subscribers(5, 100, 20), ...subscribers(undefined, 400, 0)]),
);

describe('ratingConversionFigure', () => {
  it('draws a point with its interval for each rating that is held', () => {
    const { title, data } = ratingConversionFigure(CONVERSION, LIGHT_CHART_THEME);
    expect(title).toBe(
      'Conversion runs from 2.0 % at rating 2 to 20.0 % at rating 5; rank correlation with purchase 0.25.',
    );
    expect(data).toMatchObject([
      {
        type: 'scatter',
        mode: 'markers',
        x: ['2', '5', 'missing'],
        y: [0.02, 0.2, 0],
        error_y: {
          // statsmodels 0.15.0: proportion_confint(20, 100, method='wilson') = 0.1333669, 0.2888292
          array: [expect.closeTo(0.0084, 3), expect.closeTo(0.0888292, 6), expect.any(Number)],
          arrayminus: [expect.closeTo(0.006, 3), expect.closeTo(0.0666331, 6), 0],
          symmetric: false,
        },
        marker: { color: ['#0072b2', '#0072b2', '#6c727a'] },
      },
    ]);
  });

  it('writes the number of subscribers under every rating, held or not', () => {
    const { layout } = ratingConversionFigure(CONVERSION, LIGHT_CHART_THEME);
    expect(layout).toMatchObject({
      xaxis: {
        title: { text: 'Member rating, with subscribers' },
        ticktext: ['1<br>0', '2<br>1,500', '3<br>0', '4<br>0', '5<br>100', 'missing<br>400'],
      },
      yaxis: { title: { text: 'Conversion (share who bought)' }, tickformat: ',.0%' },
      annotations: [{ text: 'all: 2.50 %', y: 0.025 }],
    });
  });

  it('lists every rating in its table', () => {
    const { table } = ratingConversionFigure(CONVERSION, LIGHT_CHART_THEME);
    expect(table.rows).toHaveLength(6);
    expect(table.rows[0]).toEqual({
      member_rating: '1',
      n: 0,
      share: 0,
      buyers: 0,
      conversion: null,
      conversion_low: null,
      conversion_high: null,
    });
    expect(table.columns.map((column) => column.key)).toEqual(Object.keys(table.rows[0] ?? {}));
  });

  it('takes its colours from the theme', () => {
    const { data } = ratingConversionFigure(CONVERSION, DARK_CHART_THEME);
    expect(data).toMatchObject([{ marker: { color: ['#56b4e9', '#56b4e9', '#646a72'] } }]);
  });

  it('says so without subscribers', () => {
    const figure = ratingConversionFigure(ratingConversion(joinedTableOf([])), LIGHT_CHART_THEME);
    expect(figure.title).toBe('No subscriber has a rating from 1 to 5.');
    expect(figure.data).toEqual([]);
    expect(figure.layout.annotations).toMatchObject([{ text: 'No subscribers.' }]);
  });
});

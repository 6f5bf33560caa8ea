import { describe, expect, it } from 'vitest';
import { tagCountComparison } from '@/lib/explore/tags/tag-counts';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { LIGHT_CHART_THEME } from './chart-theme';
import { tagCountFigure } from './tag-count-figure';

const TABLE = joinedTableOf([
  ...Array.from({ length: 8 }, (_, i) => ({ tagCount: 0, bought: i === 0 })),
  { tagCount: 6, bought: true },
  { tagCount: 7 },
]);

describe('tagCountFigure', () => {
  it('draws conversion above and both spreads below, each mark with its level', () => {
    const { title, data, layout, table } = tagCountFigure(
      { comparison: tagCountComparison(TABLE), chosen: ['6–7'] },
      LIGHT_CHART_THEME,
    );
    expect(title).toBe(
      'Buyers hold 3.0 tags on average, others 0.9; their 10, 50 and 90 % quantiles are 0.6, 3 and 5.4 against 0, 0 and 2.1.',
    );
    expect(data).toMatchObject([
      { type: 'scatter', x: ['0', '6–7'], y: [0.125, 0.5], marker: { line: { width: [0, 2] } } },
      { type: 'bar', name: 'Buyers', yaxis: 'y2' },
      { type: 'bar', name: 'Others', yaxis: 'y2' },
    ]);
    const [points, buyers] = data;
    expect(points && 'customdata' in points && points.customdata?.[1]).toEqual([
      'tag_count',
      '6–7',
      '1',
      '2',
      '50.00 %',
      '9.45 %',
      '90.55 %',
    ]);
    expect(buyers && 'y' in buyers && buyers.y).toEqual([0.5, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Tags held, with subscribers' } },
      yaxis: { title: { text: 'Conversion' } },
      yaxis2: { title: { text: 'Share of each side' } },
    });
    expect(table.rows).toHaveLength(11);
    expect(table.rows[6]).toMatchObject({
      tag_count: '6–7',
      n: 2,
      buyers: 1,
      conversion: 0.5,
      share_of_buyers: 0.5,
      share_of_others: 0.125,
    });
  });

  it('says that nobody is left', () => {
    const comparison = tagCountComparison(TABLE, { rows: new Uint32Array(0) });
    expect(tagCountFigure({ comparison }, LIGHT_CHART_THEME)).toMatchObject({
      title: 'No subscriber is counted.',
      data: [],
    });
  });
});

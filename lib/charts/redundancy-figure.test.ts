import { describe, expect, it } from 'vitest';
import type { Redundancy } from '@/lib/features/redundancy';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { redundancyFigure } from './redundancy-figure';

const THREE: Redundancy = {
  names: ['optin_month', 'optin_quarter', '<b>'],
  nRows: 100,
  nTrainingRows: 100,
  constant: [],
  identical: [],
  pairs: [
    { a: 0, b: 1, measure: 'spearman', value: -0.97, n: 100 },
    { a: 1, b: 2, measure: 'cramers_v', value: 0.25, n: 40 },
  ],
  explained: [{ name: 'optin_quarter', share: 0.94 }],
};

describe('redundancyFigure', () => {
  it('draws strengths both ways, none of a feature with itself, and lists the signs', () => {
    const { title, data, table } = redundancyFigure(THREE, LIGHT_CHART_THEME);
    expect(title).toBe(
      '1 pair of the 3 features says nearly the same (0.8 or more), first optin_month and optin_quarter at -0.970; the others explain at most 94 % of one, optin_quarter.',
    );
    expect(data).toMatchObject([
      {
        type: 'heatmap',
        x: ['optin_month', 'optin_quarter', '&lt;b&gt;'],
        z: [
          [null, 0.97, null],
          [0.97, null, 0.25],
          [null, 0.25, null],
        ],
        zmin: 0,
        zmax: 1,
      },
    ]);
    expect(table.rows).toEqual([
      { one: 'optin_month', other: 'optin_quarter', measure: 'Spearman', value: -0.97, n: 100 },
      { one: 'optin_quarter', other: '<b>', measure: 'Cramér’s V', value: 0.25, n: 40 },
    ]);
  });

  it('says what is a sum of others, what never varies, and where nothing says the same', () => {
    const shares = [
      { name: 'a', share: 1 },
      { name: 'b', share: 1 },
    ];
    expect(
      redundancyFigure({ ...THREE, explained: shares, constant: ['c'] }, DARK_CHART_THEME).title,
    ).toMatch(/; 2 are a sum of others; 1 never varies: c\.$/);
    const weak = { ...THREE, pairs: THREE.pairs.slice(1), explained: null };
    expect(redundancyFigure(weak, DARK_CHART_THEME).title).toBe(
      'No two of the 3 features say nearly the same; strongest are optin_quarter and <b> at 0.250.',
    );
  });

  it('draws the twenty features of the strongest pairs', () => {
    const names = Array.from({ length: 60 }, (_, at) => `f${at}`);
    const pairs = Array.from({ length: 30 }, (_, at) => ({
      ...{ a: 2 * at, b: 2 * at + 1, n: 9 },
      ...{ measure: 'spearman' as const, value: 1 - at / 100 },
    }));
    const { data } = redundancyFigure({ ...THREE, names, pairs }, LIGHT_CHART_THEME);
    expect(data).toMatchObject([{ x: names.slice(0, 20) }]);
  });

  it('is empty, with the reason, where nothing can be compared', () => {
    const { title, data, layout } = redundancyFigure({ ...THREE, pairs: [] }, LIGHT_CHART_THEME);
    expect(title).toBe('No two of the 3 features can be compared.');
    expect(data).toEqual([]);
    expect(layout.annotations).toHaveLength(1);
  });
});

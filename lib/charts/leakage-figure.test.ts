import { describe, expect, it } from 'vitest';
import type { LeakageMeasurement } from '@/lib/evaluation/leakage/measurement';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { leakageFigure } from './leakage-figure';

const measured = (value: number, half: number) => ({
  value,
  low: value - half,
  high: value + half,
  standardError: half / 1.96,
});
const MEASUREMENT: LeakageMeasurement = {
  seed: 42,
  nFolds: 5,
  nRows: 1_600,
  nBuyers: 80,
  all: measured(0.97, 0.02),
  without: [
    { id: 'tag_welcome_pack', nFeatures: 3, rocAuc: measured(0.75, 0.05), gain: measured(0.22, 0.04) },
    {
      id: 'group:all tags and their counts',
      nFeatures: 48,
      rocAuc: measured(0.73, 0.05),
      gain: measured(0.24, 0.04),
    },
  ],
  timeSplit: null,
  noTimeSplit: 'No dates.',
};

describe('leakageFigure', () => {
  it('draws all features and each suspect left out, with intervals, and says what matters', () => {
    const { title, data, layout } = leakageFigure(MEASUREMENT, LIGHT_CHART_THEME);
    expect(title).toBe(
      'ROC AUC with all features is 0.970 (95 % 0.950 to 0.990, 5 folds); without tag_welcome_pack it is 0.750 (a change of −0.220, 95 % −0.260 to −0.180); without all tags and their counts, which matters most, 0.730 (a change of −0.240, 95 % −0.280 to −0.200).',
    );
    expect(data).toMatchObject([
      {
        x: [0.97, 0.75, 0.73],
        y: ['nothing', 'welcome_pack', 'all tags and their co…'],
        error_x: { array: [expect.closeTo(0.02, 9), expect.closeTo(0.05, 9), expect.closeTo(0.05, 9)] },
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'ROC AUC (cross-validated)' } },
      yaxis: { title: { text: 'Left out' }, autorange: 'reversed' },
      shapes: [{ x0: 0.97, x1: 0.97 }],
    });
  });

  it('has a table of all numbers', () => {
    const { table } = leakageFigure(MEASUREMENT, DARK_CHART_THEME);
    expect(table.columns.map(({ label }) => label)).toEqual([
      'Features',
      'Left out',
      'ROC AUC',
      '95 % from',
      '95 % to',
      'They bring',
      'Brings, 95 % from',
      'Brings, 95 % to',
    ]);
    expect(table.rows[0]).toMatchObject({ features: 'all features', left_out: 0, roc_auc: 0.97, gain: null });
    expect(table.rows[1]).toMatchObject({
      features: 'without tag_welcome_pack',
      left_out: 3,
      gain: 0.22,
      gain_low: expect.closeTo(0.18, 9),
    });
  });

  it('stands without a suspect, and escapes names that Plotly would read as markup', () => {
    expect(leakageFigure({ ...MEASUREMENT, without: [] }, LIGHT_CHART_THEME).title).toMatch(
      /there is no suspect to leave out\.$/,
    );
    const [first] = MEASUREMENT.without;
    if (first === undefined) throw new Error('Expected a suspect');
    const { data } = leakageFigure(
      { ...MEASUREMENT, without: [{ ...first, id: 'tag_<b>x</b>' }] },
      LIGHT_CHART_THEME,
    );
    expect(JSON.stringify(data)).not.toContain('<b>');
  });
});

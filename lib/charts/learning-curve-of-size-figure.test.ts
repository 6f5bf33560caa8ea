import { describe, expect, it } from 'vitest';
import { sizeCurve } from '@/lib/evaluation/learning-curve/size-curve';
import { LIGHT_CHART_THEME } from './chart-theme';
import { learningCurveOfSizeFigure } from './learning-curve-of-size-figure';

const value = (n: number) => 0.85 - 4 * n ** -0.5;
const CURVE = sizeCurve(
  [500, 1_000, 2_000, 4_000].map((n) => ({
    n,
    nBuyers: n / 20,
    values: n === 4_000 ? [value(n)] : [value(n) - 0.01, value(n), value(n) + 0.01],
  })),
  { seed: 1, nValidation: 1_000, covariance: new Float64Array(16) },
);

describe('learningCurveOfSizeFigure', () => {
  const { title, data, layout, table } = learningCurveOfSizeFigure(
    { curve: CURVE, listBuyers: 330 },
    LIGHT_CHART_THEME,
  );

  it('draws each sample, the fitted curve, and twice the rows ahead', () => {
    expect(title).toMatch(/^Not enough: ROC AUC stands at 0\.787; about \d+ more conversions/);
    const [fitted, ahead, samples] = data as { x: number[]; y: number[]; name: string }[];
    expect([fitted?.x[0], fitted?.x.at(-1)]).toEqual([500, expect.closeTo(4_000, 6)]);
    expect([ahead?.x[0], ahead?.x.at(-1)]).toEqual([4_000, expect.closeTo(8_000, 6)]);
    expect(ahead?.y.at(-1)).toBeCloseTo(value(8_000), 3);
    expect(samples?.x).toEqual([500, 500, 500, 1_000, 1_000, 1_000, 2_000, 2_000, 2_000, 4_000]);
    expect(layout).toMatchObject({
      xaxis: { type: 'log', title: { text: 'Training rows (logarithmic)' } },
      yaxis: { title: { text: 'ROC AUC on the validation rows' } },
    });
  });

  it('has a row a size', () => {
    expect(table.rows).toMatchObject([
      { rows: 500, buyers: 25, samples: 3, mean: expect.closeTo(value(500), 9) },
      { rows: 1_000, buyers: 50, samples: 3 },
      { rows: 2_000, buyers: 100, samples: 3 },
      { rows: 4_000, buyers: 200, samples: 1, lowest: value(4_000), highest: value(4_000) },
    ]);
  });
});

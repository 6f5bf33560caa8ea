import { describe, expect, it } from 'vitest';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { scoreDistributionFigure } from './score-distribution-figure';

const CUTOFFS = { A: 0.5, B: 0.25, C: 0.125 };

describe('scoreDistributionFigure', () => {
  it('stacks the tiers in bins of one width', () => {
    const scores = Float32Array.of(0, 0.0625, 0.125, 0.25, 0.3, 0.5, 0.9375, 1);
    const { title, data, layout, table } = scoreDistributionFigure(
      { scores, cutoffs: CUTOFFS },
      LIGHT_CHART_THEME,
    );
    expect(title).toBe('Tier A holds 3 subscribers of 8 (37.5 %), with scores of 0.500 and above.');
    expect(data.map((trace) => trace.name)).toEqual(['Tier A', 'Tier B', 'Tier C', 'Tier D']);
    const held = table.rows.filter((row) => ['A', 'B', 'C', 'D'].some((tier) => row[`tier_${tier}`] !== 0));
    expect(held).toEqual([
      { score_from: 0, score_to: 0.02, tier_A: 0, tier_B: 0, tier_C: 0, tier_D: 1 },
      { score_from: 0.06, score_to: 0.08, tier_A: 0, tier_B: 0, tier_C: 0, tier_D: 1 },
      { score_from: 0.12, score_to: 0.14, tier_A: 0, tier_B: 0, tier_C: 1, tier_D: 0 },
      { score_from: 0.24, score_to: 0.26, tier_A: 0, tier_B: 1, tier_C: 0, tier_D: 0 },
      { score_from: 0.3, score_to: 0.32, tier_A: 0, tier_B: 1, tier_C: 0, tier_D: 0 },
      { score_from: 0.5, score_to: 0.52, tier_A: 1, tier_B: 0, tier_C: 0, tier_D: 0 },
      { score_from: 0.92, score_to: 0.94, tier_A: 1, tier_B: 0, tier_C: 0, tier_D: 0 },
      { score_from: 0.98, score_to: 1, tier_A: 1, tier_B: 0, tier_C: 0, tier_D: 0 },
    ]);
    expect(table.rows).toHaveLength(50);
    expect(layout).toMatchObject({
      barmode: 'stack',
      xaxis: { title: { text: 'Score (probability of a purchase)' } },
      yaxis: { title: { text: 'Subscribers' } },
    });
  });

  it('takes finer bins where all scores are small, and counts each once', () => {
    const scores = Float32Array.from({ length: 1000 }, (_, i) => i / 50_000);
    const { data, table } = scoreDistributionFigure(
      { scores, cutoffs: { A: 0.019, B: 0.016, C: 0.01 } },
      DARK_CHART_THEME,
    );
    expect(table.rows).toHaveLength(40);
    expect(data).toMatchObject([
      { width: 0.0005, marker: { color: '#e69f00' } },
      { marker: { color: '#56b4e9' } },
      { marker: { color: '#f0e442' } },
      { marker: { color: '#646a72' } },
    ]);
    const total = table.rows.reduce(
      (sum, row) => sum + ['A', 'B', 'C', 'D'].reduce((n, tier) => n + Number(row[`tier_${tier}`]), 0),
      0,
    );
    expect(total).toBe(1000);
  });

  it('has one bin when every score is 0', () => {
    const { table } = scoreDistributionFigure(
      { scores: new Float32Array(3), cutoffs: CUTOFFS },
      LIGHT_CHART_THEME,
    );
    expect(table.rows).toEqual([
      { score_from: 0, score_to: 0.0005, tier_A: 0, tier_B: 0, tier_C: 0, tier_D: 3 },
    ]);
  });

  it('says so without scores, and refuses NaN', () => {
    const none = scoreDistributionFigure(
      { scores: new Float32Array(0), cutoffs: CUTOFFS },
      LIGHT_CHART_THEME,
    );
    expect([none.title, none.data, none.table.rows]).toEqual(['Nobody has been scored.', [], []]);
    expect(() =>
      scoreDistributionFigure({ scores: Float32Array.of(Number.NaN), cutoffs: CUTOFFS }, LIGHT_CHART_THEME),
    ).toThrow('NaN');
  });
});

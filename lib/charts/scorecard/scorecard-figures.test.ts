import { describe, expect, it } from 'vitest';
import { rankedScores } from '@/lib/evaluation/ranked-scores';
import { drawnReport, drawnRows } from '@/lib/testing/drawn-report';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from '../chart-theme';
import { classScoresFigure } from './class-scores-figure';
import { gainsFigure, liftFigure } from './gains-figure';
import { reliabilityFigure } from './reliability-figure';
import { thresholdFigure } from './threshold-figure';

const report = drawnReport({
  nRows: 1000,
  slope: 0.5,
  calibration: { kind: 'platt', slope: 0.5, intercept: -1.5 },
});
const GAINS = [
  { share_called: 0.1, n_called: 10, n_buyers: 4, share_found: 0.4, lift: 4 },
  { share_called: 0.2, n_called: 20, n_buyers: 6, share_found: 0.6, lift: 3 },
  { share_called: 1, n_called: 100, n_buyers: 10, share_found: 1, lift: 1 },
];

describe('gainsFigure and liftFigure', () => {
  it('say what the best rows hold', () => {
    const gains = gainsFigure({ gains: GAINS, n_test: 100, n_test_buyers: 10 }, LIGHT_CHART_THEME);
    expect(gains.title).toBe(
      'Calling the best 20 % of 100 test rows finds 60 % of the buyers; at random it would find 20 %.',
    );
    expect(gains.data).toMatchObject([
      { name: 'Model', x: [0, 0.1, 0.2, 1], y: [0, 0.4, 0.6, 1] },
      { name: 'At random', x: [0, 1], y: [0, 1] },
    ]);
    expect(gains.table.rows).toEqual(GAINS);
    const lift = liftFigure({ gains: GAINS, n_test: 100, n_test_buyers: 10 }, DARK_CHART_THEME);
    expect(lift.title).toBe(
      'The best 10 % of the test rows hold 4.0 times as many buyers as as many taken at random, of whom 10.00 % buy.',
    );
    expect(lift.layout).toMatchObject({
      xaxis: { title: { text: 'Share called, best first (logarithmic)' }, type: 'log' },
      yaxis: { title: { text: 'Lift (times the buyers of chance)' } },
      shapes: [{ y0: 1, y1: 1 }],
    });
  });

  it('say so without buyers', () => {
    for (const figure of [gainsFigure, liftFigure]) {
      const { title, data } = figure({ gains: [], n_test: 3, n_test_buyers: 0 }, LIGHT_CHART_THEME);
      expect([title, data]).toEqual([expect.stringContaining('the test rows lack buyers.'), []]);
    }
  });
});

describe('reliabilityFigure', () => {
  it('draws bins with intervals, before and after calibration', () => {
    const { title, data, table } = reliabilityFigure(report, LIGHT_CHART_THEME);
    const { before, after } = report.calibration;
    expect(title).toMatch(
      /^Scores are off by \d\.\d\d % on average over 1,000 test rows, with Platt’s calibration; the model’s own were off by \d+\.\d\d %\.$/,
    );
    expect(data).toMatchObject([
      { name: 'As promised' },
      { name: 'Before calibration', x: before.bins.map((bin) => bin.mean_probability) },
      {
        name: 'Scores',
        y: after.bins.map((bin) => bin.conversion),
        error_y: { array: after.bins.map((bin) => bin.high - bin.conversion) },
      },
    ]);
    expect(table.rows).toHaveLength(before.bins.length + after.bins.length);
  });

  it('leaves out what calibration did not change, and says so without rows', () => {
    const { calibration } = report;
    const none = { ...report, calibration: { ...calibration, kind: 'none' as const } };
    expect(reliabilityFigure(none, LIGHT_CHART_THEME).data).toHaveLength(2);
    const empty = {
      ...none,
      calibration: { ...none.calibration, after: { ...calibration.after, bins: [] } },
    };
    expect(reliabilityFigure(empty, DARK_CHART_THEME).data).toEqual([]);
  });
});

describe('classScoresFigure', () => {
  it('draws buyers and others as shares of their own, and the threshold', () => {
    const rows = drawnRows({ nRows: 500 });
    const { title, data, layout } = classScoresFigure({ ...rows, threshold: 0.2 }, LIGHT_CHART_THEME);
    expect(title).toMatch(
      /^\d+ % of the buyers and \d+ % of the others score 0\.200 and above, of 500 validation rows\.$/,
    );
    for (const trace of data as unknown as { y: number[] }[]) {
      expect(trace.y.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
    expect(layout.shapes).toMatchObject([{ x0: 0.2, x1: 0.2 }]);
  });

  it('says so where there is nothing to tell apart', () => {
    const one = { labels: Uint8Array.of(0), probabilities: Float32Array.of(0), threshold: 0.5 };
    expect(classScoresFigure(one, DARK_CHART_THEME).data).toEqual([]);
    const none = { labels: new Uint8Array(0), probabilities: new Float32Array(0), threshold: 0.5 };
    expect(classScoresFigure(none, DARK_CHART_THEME).title).toContain('nothing to tell apart');
  });
});

describe('thresholdFigure', () => {
  const rows = drawnRows({ nRows: 800 });
  const ranked = rankedScores(rows.labels, rows.probabilities);

  it('draws precision, recall and F1 down the ranking, with recall rising to 1', () => {
    const { title, data, layout, table } = thresholdFigure({ ranked, threshold: 0.2 }, LIGHT_CHART_THEME);
    expect(title).toMatch(
      /^From a score of 0\.2000 on, \d+\.\d % of the validation rows are called: precision/,
    );
    expect(data.map(({ name }) => name)).toEqual(['Recall', 'Precision', 'F1']);
    const recall = (data[0] as unknown as { y: number[] }).y;
    expect(recall).toEqual(recall.toSorted((a, b) => a - b));
    expect(recall.at(-1)).toBe(1);
    expect(table.rows.length).toBeLessThanOrEqual(90);
    expect(layout.shapes).toHaveLength(1);
  });

  it('draws no line where nobody is called, and says so without rows', () => {
    expect(thresholdFigure({ ranked, threshold: 1.5 }, LIGHT_CHART_THEME).layout.shapes).toEqual([]);
    const none = rankedScores(new Uint8Array(0), new Float64Array(0));
    expect(thresholdFigure({ ranked: none, threshold: 0.5 }, DARK_CHART_THEME).data).toEqual([]);
  });
});

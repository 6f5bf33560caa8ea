import { describe, expect, it } from 'vitest';
import type { EvaluationReport, ThresholdMetrics } from '@/lib/evaluation/evaluation-report';
import { drawnReport } from '@/lib/testing/drawn-report';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { contrastRatio } from './colour-contrast';
import { confusionMatrixFigure } from './confusion-matrix-figure';
import { importancesFigure } from './importances-figure';
import { precisionRecallFigure } from './precision-recall-figure';
import { rocCurveFigure } from './roc-curve-figure';

const METRICS: ThresholdMetrics = {
  threshold: 0.1234,
  f1_score: 0.375,
  recall: 0.6,
  precision: 0.2727,
  true_positive: 120,
  false_positive: 320,
  true_negative: 3480,
  false_negative: 80,
};

const REPORT: EvaluationReport = {
  ...drawnReport({ nRows: 400 }),
  model_id: 'model-00000000000000000000',
  roc_auc: 0.8123,
  average_precision: 0.25,
  f1_score: 0.375,
  recall: 0.6,
  precision: 0.2727,
  threshold: 0.1234,
  threshold_rule: 'largest F1 on validation rows',
  n_test: 4000,
  n_test_buyers: 200,
  n_train: 12000,
  n_validation: 4000,
  validation_roc_auc: 0.81,
  log_loss: 0.16,
  brier_score: 0.04,
  confusion: METRICS,
  at_half: METRICS,
  roc_curve: { x: [0, 0.1, 1], y: [0, 0.6, 1], threshold: [0.9, 0.1234, 0] },
  precision_recall_curve: { x: [0, 0.6, 1], y: [1, 0.2727, 0.05], threshold: [0.9, 0.1234, 0] },
  importances: [],
};

const NO_CURVE = { x: [], y: [], threshold: [] };

describe('rocCurveFigure', () => {
  it('draws the curve, the diagonal and the threshold', () => {
    const { title, data, layout, table } = rocCurveFigure(REPORT, LIGHT_CHART_THEME);
    expect(title).toBe(
      'A buyer scores higher than a non-buyer in 81.2 of 100 pairs: ROC AUC 0.8123 on 4,000 test rows.',
    );
    expect(data).toMatchObject([
      {
        name: 'Model',
        mode: 'lines',
        x: [0, 0.1, 1],
        y: [0, 0.6, 1],
        customdata: ['0.9000', '0.1234', '0.0000'],
      },
      { name: 'Guess', x: [0, 1], y: [0, 1] },
      { name: 'Threshold 0.123', mode: 'markers', x: [320 / 3800], y: [0.6] },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'False positive rate (share of non-buyers called)' }, range: [-0.01, 1.02] },
      yaxis: { title: { text: 'True positive rate (share of buyers found)' } },
    });
    expect(table.rows[1]).toEqual({ threshold: 0.1234, false_positive_rate: 0.1, true_positive_rate: 0.6 });
  });

  it('says so when a class is missing', () => {
    const figure = rocCurveFigure({ ...REPORT, roc_curve: NO_CURVE }, DARK_CHART_THEME);
    expect(figure.title).toBe('There is no ROC curve: the test rows lack buyers or non-buyers.');
    expect([figure.data, figure.table.rows]).toEqual([[], []]);
  });
});

describe('precisionRecallFigure', () => {
  it('draws the curve, the threshold and the base rate', () => {
    const { title, data, layout, table } = precisionRecallFigure(REPORT, LIGHT_CHART_THEME);
    expect(title).toBe('Average precision 0.2500 on 4,000 test rows, 5.0 times the base rate of 5.00 %.');
    expect(data).toMatchObject([
      { name: 'Model', x: [0, 0.6, 1], y: [1, 0.2727, 0.05] },
      { name: 'Threshold 0.123', x: [0.6], y: [0.2727] },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Recall (share of buyers found)' } },
      yaxis: { title: { text: 'Precision (share of called who bought)' } },
      shapes: [{ y0: 0.05, y1: 0.05 }],
      annotations: [{ text: 'base rate 5.00 %' }],
    });
    expect(table.rows[1]).toEqual({ threshold: 0.1234, recall: 0.6, precision: 0.2727 });
  });

  it('says so without buyers', () => {
    const report = { ...REPORT, n_test_buyers: 0, precision_recall_curve: NO_CURVE };
    const figure = precisionRecallFigure(report, LIGHT_CHART_THEME);
    expect(figure.title).toBe('There is no precision–recall curve: the test rows lack buyers.');
    expect(figure.data).toEqual([]);
  });
});

describe('confusionMatrixFigure', () => {
  it('draws four cells coloured by the share of their row', () => {
    const { title, data, layout, table } = confusionMatrixFigure(METRICS, LIGHT_CHART_THEME);
    expect(title).toBe(
      'At a threshold of 0.123 the model finds 120 of 200 buyers, with 320 calls to people who did not buy.',
    );
    expect(data).toMatchObject([
      {
        type: 'heatmap',
        x: ['Called a buyer', 'Not called'],
        y: ['Bought', 'Did not buy'],
        z: [
          [0.6, 0.4],
          [320 / 3800, 3480 / 3800],
        ],
      },
    ]);
    expect(layout.annotations?.map((label) => label.text)).toEqual([
      '120<br>60.0 %',
      '80<br>40.0 %',
      '320<br>8.4 %',
      '3,480<br>91.6 %',
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Predicted, at a score of 0.123 and above' } },
      yaxis: { title: { text: 'Actual' }, autorange: 'reversed' },
    });
    expect(table.rows).toEqual([
      { actual: 'Bought', called: 120, not_called: 80, n: 200 },
      { actual: 'Did not buy', called: 320, not_called: 3480, n: 3800 },
    ]);
  });

  it.each([
    ['light', LIGHT_CHART_THEME],
    ['dark', DARK_CHART_THEME],
  ])('keeps its labels legible at both ends in the %s theme', (_, theme) => {
    const certain = {
      ...METRICS,
      true_positive: 200,
      false_negative: 0,
      false_positive: 0,
      true_negative: 3800,
    };
    const labels = confusionMatrixFigure(certain, theme).layout.annotations ?? [];
    const behind = [theme.series[0], theme.surface, theme.surface, theme.series[0]];
    for (const [i, label] of labels.entries()) {
      expect(contrastRatio(String(label.font?.color), behind[i] ?? '')).toBeGreaterThanOrEqual(4.5);
    }
    expect(labels).toHaveLength(4);
  });

  it('bears a class without rows, and no rows at all', () => {
    const oneClass = { ...METRICS, true_positive: 0, false_negative: 0 };
    expect(confusionMatrixFigure(oneClass, LIGHT_CHART_THEME).data).toMatchObject([
      {
        z: [
          [0, 0],
          [expect.any(Number), expect.any(Number)],
        ],
      },
    ]);
    const none = { ...oneClass, false_positive: 0, true_negative: 0 };
    const figure = confusionMatrixFigure(none, LIGHT_CHART_THEME);
    expect([figure.title, figure.data]).toEqual(['There is nothing to confuse: no test rows.', []]);
  });
});

describe('importancesFigure', () => {
  const importances = Array.from({ length: 20 }, (_, i) => ({
    feature: i === 0 ? 'tag_count' : `tag_${i}`,
    gain_share: i < 18 ? (18 - i) / 171 : 0,
    n_splits: 40 - i,
  }));

  it('draws the first fifteen, largest on top, and lists all', () => {
    const { title, data, layout, table } = importancesFigure(importances, LIGHT_CHART_THEME);
    expect(title).toBe('tag_count brings 11 % of the gain; the first 15 of 20 features bring 96 %.');
    expect(data).toMatchObject([
      { type: 'bar', orientation: 'h', y: { length: 15, 0: 'tag_count' }, x: { 0: 18 / 171, 14: 4 / 171 } },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Share of total gain' } },
      yaxis: { autorange: 'reversed' },
    });
    expect(table.rows).toHaveLength(20);
  });

  it('says so when nothing was split on', () => {
    const flat = importances.map((row) => ({ ...row, gain_share: 0, n_splits: 0 }));
    for (const rows of [flat, []]) {
      const figure = importancesFigure(rows, DARK_CHART_THEME);
      expect(figure.title).toBe('The model never split: no feature brought any gain.');
      expect(figure.data).toEqual([]);
    }
  });
});

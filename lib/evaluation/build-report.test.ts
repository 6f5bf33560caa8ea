import { describe, expect, it } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import { type EvaluationInput, evaluationReport } from './build-report';
import { calibratedRows } from './calibration/calibrated-rows';
import { evaluationReportSchema } from './evaluation-report';
import { importances } from './importances';

const model = {
  nodeFeature: new Int32Array([0, -1, 2, -1, -1, 2, -1, -1]),
  nodeGain: new Float32Array([3, 0, 4, 0, 0, 1, 0, 0]),
};

/** Rows of a model that needs no calibration. */
const rowsOf = (labels: number[], probabilities: number[]) =>
  calibratedRows(
    { kind: 'none' },
    {
      labels: Uint8Array.from(labels),
      margins: Float32Array.from(probabilities, (p) => Math.log(p / (1 - p))),
    },
  );

const input: EvaluationInput = {
  modelId: 'model-0123456789abcdef0123',
  nTrain: 12,
  calibration: { kind: 'none' },
  baseline: { testLogOdds: Float64Array.of(0.5, -1, -2, 0), nRows: 16, nColumns: 3 },
  validation: rowsOf([0, 1, 0, 1], [0.125, 0.25, 0.375, 0.75]),
  test: rowsOf([1, 0, 0, 1], [0.5, 0.25, 0.125, 0.25]),
  model,
  featureNames: ['tag_count', 'optin_days', 'member_rating'],
};

describe('evaluationReport', () => {
  it('judges the test rows at the threshold chosen on validation rows', () => {
    const report = evaluationReport(input);
    expect(evaluationReportSchema.parse(report)).toMatchObject({
      version: 2,
      model_id: 'model-0123456789abcdef0123',
      roc_auc: 0.875,
      average_precision: 0.8333333333333333,
      f1_score: 0.8,
      recall: 1,
      precision: 2 / 3,
      threshold: 0.25,
      threshold_rule: 'largest F1 on validation rows',
      n_test: 4,
      n_test_buyers: 2,
      n_train: 12,
      n_validation: 4,
      validation_roc_auc: 0.75,
      log_loss: expect.closeTo((Math.log(2) - Math.log(0.75) - Math.log(0.875) - Math.log(0.25)) / 4, 15),
      brier_score: (0.25 + 0.0625 + 0.015625 + 0.5625) / 4,
      confusion: {
        threshold: 0.25,
        f1_score: 0.8,
        recall: 1,
        precision: 2 / 3,
        true_positive: 2,
        false_positive: 1,
        true_negative: 1,
        false_negative: 0,
      },
      at_half: {
        threshold: 0.5,
        f1_score: 2 / 3,
        recall: 0.5,
        precision: 1,
        true_positive: 1,
        false_positive: 0,
        true_negative: 2,
        false_negative: 1,
      },
      roc_curve: { x: [0, 0, 0.5, 1], y: [0, 0.5, 1, 1], threshold: [0.5000000000000001, 0.5, 0.25, 0.125] },
      precision_recall_curve: {
        x: [0, 0.5, 1, 1],
        y: [1, 1, 2 / 3, 0.5],
        threshold: [0.5000000000000001, 0.5, 0.25, 0.125],
      },
      importances: [
        { feature: 'member_rating', gain_share: 0.625, n_splits: 2 },
        { feature: 'tag_count', gain_share: 0.375, n_splits: 1 },
        { feature: 'optin_days', gain_share: 0, n_splits: 0 },
      ],
    });
  });

  it('refuses rows of one class with a sentence that names the part', () => {
    const test = rowsOf([0, 0], [0.5, 0.25]);
    expect(() => evaluationReport({ ...input, test })).toThrow(ExpectedFailure);
    expect(() => evaluationReport({ ...input, test })).toThrow('The test rows hold 0 buyers and 2 others');
    const none = rowsOf([], []);
    expect(() => evaluationReport({ ...input, validation: none })).toThrow(
      'The validation rows hold 0 buyers and 0 others',
    );
  });

  it('throws at NaN', () => {
    const test = rowsOf([0, 1], [0.5, Number.NaN]);
    expect(() => evaluationReport({ ...input, test })).toThrow('NaN in row 1');
  });
});

describe('importances', () => {
  it('gives zeros for a model of leaves only', () => {
    const leaf = { nodeFeature: new Int32Array([-1]), nodeGain: new Float32Array([0]) };
    expect(importances(leaf, ['a'])).toEqual([{ feature: 'a', gain_share: 0, n_splits: 0 }]);
  });

  it('throws at a split on a feature without a name', () => {
    expect(() => importances(model, ['a', 'b'])).toThrow('a split on feature 2');
  });
});

import { z } from 'zod';
import { scorecardShape } from './scorecard/scorecard-schema';

/** Version of the report's format. */
export const EVALUATION_REPORT_VERSION = 2;

/** A curve as parallel arrays, largest threshold first, thinned to at most 400 points without moving its corners. The first threshold lies just above every score. */
const curveSchema = z.strictObject({
  x: z.array(z.number()),
  y: z.array(z.number()),
  threshold: z.array(z.number()),
});

/** Metrics at one threshold. A ratio with an empty denominator is 0, as scikit-learn with `zero_division=0`. */
export const thresholdMetricsSchema = z.strictObject({
  threshold: z.number(),
  f1_score: z.number(),
  recall: z.number(),
  precision: z.number(),
  true_positive: z.int(),
  false_positive: z.int(),
  true_negative: z.int(),
  false_negative: z.int(),
});

/** `evaluation_report.json`: the one look at the test rows. What needs an order has that of the margins; what needs a probability has the calibrated one. */
export const evaluationReportSchema = z.strictObject({
  version: z.literal(EVALUATION_REPORT_VERSION),
  model_id: z.string(),
  roc_auc: z.number(),
  average_precision: z.number(),
  f1_score: z.number(),
  recall: z.number(),
  precision: z.number(),
  /** Chosen on validation rows: the one with the largest F1. */
  threshold: z.number(),
  threshold_rule: z.literal('largest F1 on validation rows'),
  n_test: z.int(),
  n_test_buyers: z.int(),
  n_train: z.int(),
  n_validation: z.int(),
  validation_roc_auc: z.number(),
  log_loss: z.number(),
  brier_score: z.number(),
  confusion: thresholdMetricsSchema,
  /** The same at 0.5, the threshold of the trial table. */
  at_half: thresholdMetricsSchema,
  /** x = false positive rate, y = true positive rate */
  roc_curve: curveSchema,
  /** x = recall, y = precision */
  precision_recall_curve: curveSchema,
  /** Total gain a feature brought, as a share of all gain; features never split on are 0. Largest first. */
  importances: z.array(z.strictObject({ feature: z.string(), gain_share: z.number(), n_splits: z.int() })),
  ...scorecardShape,
});

export type ThresholdMetrics = z.infer<typeof thresholdMetricsSchema>;
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;

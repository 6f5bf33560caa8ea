import { ExpectedFailure } from '@/lib/core/result';
import { precisionRecallCurve, rocCurve } from './curves';
import type { EvaluationReport } from './evaluation-report';
import { importances, type SplitGains } from './importances';
import { brierScore, logLoss } from './probability-metrics';
import { rankedScores } from './ranked-scores';
import { rankedAveragePrecision, rankedRocAuc } from './ranking-metrics';
import { rankedLargestF1Threshold, thresholdMetrics } from './threshold-metrics';

/** Labels and a model's probabilities for the rows of one part of the split, in the same row order. */
export interface ScoredRows {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  /** 0–1 a row. */
  readonly probabilities: Float32Array;
}

/** What the evaluation report is made from. */
export interface EvaluationInput {
  readonly modelId: string;
  readonly nTrain: number;
  /** Scored by the best trial's model, which never saw them; the threshold is chosen here. */
  readonly validation: ScoredRows;
  /** Scored by the final model, trained on training and validation rows. */
  readonly test: ScoredRows;
  /** The final model. */
  readonly model: SplitGains;
  /** In column order. */
  readonly featureNames: readonly string[];
}

/**
 * Judge a final model once on the test rows, at the threshold with the largest F1 on the validation rows.
 *
 * @throws ExpectedFailure `one_class_only` where validation or test rows lack buyers or non-buyers
 * @throws where arrays differ in length, a probability is NaN or outside [0, 1], or a label is neither 0 nor 1
 */
export function evaluationReport(input: EvaluationInput): EvaluationReport {
  const { validation, test } = input;
  const rankedValidation = rankedScores(validation.labels, validation.probabilities);
  const rankedTest = rankedScores(test.labels, test.probabilities);
  requireBothClasses('validation', rankedValidation.nPositive, rankedValidation.nNegative);
  requireBothClasses('test', rankedTest.nPositive, rankedTest.nNegative);
  const threshold = rankedLargestF1Threshold(rankedValidation);
  const confusion = thresholdMetrics(test.labels, test.probabilities, threshold);
  return {
    model_id: input.modelId,
    roc_auc: rankedRocAuc(rankedTest),
    average_precision: rankedAveragePrecision(rankedTest),
    f1_score: confusion.f1_score,
    recall: confusion.recall,
    precision: confusion.precision,
    threshold,
    threshold_rule: 'largest F1 on validation rows',
    n_test: test.labels.length,
    n_test_buyers: rankedTest.nPositive,
    n_train: input.nTrain,
    n_validation: validation.labels.length,
    validation_roc_auc: rankedRocAuc(rankedValidation),
    log_loss: logLoss(test.labels, test.probabilities),
    brier_score: brierScore(test.labels, test.probabilities),
    confusion,
    at_half: thresholdMetrics(test.labels, test.probabilities, 0.5),
    roc_curve: rocCurve(rankedTest),
    precision_recall_curve: precisionRecallCurve(rankedTest),
    importances: importances(input.model, input.featureNames),
  };
}

function requireBothClasses(part: string, nPositive: number, nNegative: number): void {
  if (nPositive > 0 && nNegative > 0) return;
  throw new ExpectedFailure({
    code: 'one_class_only',
    message: `The ${part} rows hold ${nPositive} buyers and ${nNegative} others, so a ranking cannot be judged on them.`,
    hint: 'Use a file with more buyers, or another split seed.',
  });
}

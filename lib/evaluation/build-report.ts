import { ExpectedFailure } from '@/lib/core/result';
import type { LogisticBaseline } from './baseline/logistic-baseline';
import type { CalibratedRows } from './calibration/calibrated-rows';
import { type Calibration, calibratedProbabilities } from './calibration/calibration';
import { type Curve, nextNumberAbove, precisionRecallCurve, rocCurve } from './curves';
import { EVALUATION_REPORT_VERSION, type EvaluationReport } from './evaluation-report';
import { importances, type SplitGains } from './importances';
import { brierScore, logLoss } from './probability-metrics';
import { rankedScores } from './ranked-scores';
import { rankedAveragePrecision, rankedRocAuc } from './ranking-metrics';
import { scorecard } from './scorecard/build-scorecard';
import { largestF1Threshold, thresholdMetrics } from './threshold-metrics';

/** What the evaluation report is made from. */
export interface EvaluationInput {
  readonly modelId: string;
  readonly nTrain: number;
  readonly calibration: Calibration;
  /** Scored by the best trial's model, which never saw them; the threshold is chosen here. */
  readonly validation: CalibratedRows;
  /** Scored by the final model, trained on training and validation rows. */
  readonly test: CalibratedRows;
  /** Of the same test rows. */
  readonly baseline: LogisticBaseline | null;
  /** The final model. */
  readonly model: SplitGains;
  /** In column order. */
  readonly featureNames: readonly string[];
}

/**
 * Judge a final model once on the test rows, at the threshold with the largest F1 on the validation rows. What needs an order
 * takes that of the margins, which the lead list has too; what needs a probability takes the calibrated one.
 *
 * @throws ExpectedFailure `one_class_only` where validation or test rows lack buyers or non-buyers
 * @throws where arrays differ in length, a probability is NaN or outside [0, 1], or a label is neither 0 nor 1
 */
export function evaluationReport(input: EvaluationInput): EvaluationReport {
  const { validation, test } = input;
  const rankedValidation = rankedScores(validation.labels, validation.margins);
  const rankedTest = rankedScores(test.labels, test.margins);
  requireBothClasses('validation', rankedValidation.nPositive, rankedValidation.nNegative);
  requireBothClasses('test', rankedTest.nPositive, rankedTest.nNegative);
  const threshold = largestF1Threshold(validation.labels, validation.probabilities);
  const confusion = thresholdMetrics(test.labels, test.probabilities, threshold);
  return {
    version: EVALUATION_REPORT_VERSION,
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
    roc_curve: onProbabilities(rocCurve(rankedTest), input.calibration),
    precision_recall_curve: onProbabilities(precisionRecallCurve(rankedTest), input.calibration),
    importances: importances(input.model, input.featureNames),
    ...scorecard({ calibration: input.calibration, test, threshold, baseline: input.baseline }),
  };
}

/** The first threshold stays above all: it is the next number above the largest calibrated probability. */
function onProbabilities(curve: Curve, calibration: Calibration): Curve {
  const margins = Float64Array.from(curve.threshold.slice(1));
  const thresholds = Float32Array.from(calibratedProbabilities(calibration, margins));
  return { ...curve, threshold: [nextNumberAbove(thresholds[0]!), ...thresholds] };
}

function requireBothClasses(part: string, nPositive: number, nNegative: number): void {
  if (nPositive > 0 && nNegative > 0) return;
  throw new ExpectedFailure({
    code: 'one_class_only',
    message: `The ${part} rows hold ${nPositive} buyers and ${nNegative} others, so a ranking cannot be judged on them.`,
    hint: 'Use a file with more buyers, or another split seed.',
  });
}

import { BASELINE_RIDGE, type LogisticBaseline } from '../baseline/logistic-baseline';
import type { CalibratedRows } from '../calibration/calibrated-rows';
import { type Calibration, calibratedProbabilities, logistic } from '../calibration/calibration';
import { reliability } from '../calibration/reliability';
import { brierScore, logLoss } from '../probability-metrics';
import { rankedScores } from '../ranked-scores';
import { averagePrecision } from '../ranking-metrics';
import { aucDifference, rocAucWithInterval } from './auc-interval';
import { bootstrapIntervals, nBootstrapSamples } from './bootstrap-intervals';
import { cumulativeGains, ksStatistic, precisionAtCalls } from './cumulative-gains';
import type { ReliabilityReport, Scorecard } from './scorecard-schema';

/** The same for all models, since a model's id does not name the study's seed. */
const BOOTSTRAP_SEED = 1;

/** What a scorecard is made from. */
export interface ScorecardInput {
  readonly calibration: Calibration;
  readonly test: CalibratedRows;
  /** Of F1, recall and precision. */
  readonly threshold: number;
  readonly baseline: LogisticBaseline | null;
}

/**
 * Work out intervals, gains, reliability and the comparison with a logistic regression on the test rows.
 *
 * @throws where a class is missing, lengths differ, or a number is NaN
 */
export function scorecard({ calibration, test, threshold, baseline }: ScorecardInput): Scorecard {
  const { labels, margins, probabilities } = test;
  const ranked = rankedScores(labels, margins);
  const plan = { nSamples: nBootstrapSamples(labels.length), seed: BOOTSTRAP_SEED };
  const ks = ksStatistic(ranked);
  if (ks === null) throw new Error('Expected test rows of both classes.');
  const own = Float32Array.from(margins, logistic);
  return {
    intervals: {
      roc_auc: rocAucWithInterval(labels, margins).interval,
      ...bootstrapIntervals(test, threshold, plan),
    },
    bootstrap: { n_samples: plan.nSamples, seed: plan.seed },
    ks: {
      statistic: ks.statistic,
      threshold: Math.fround(calibratedProbabilities(calibration, Float64Array.of(ks.threshold))[0]!),
    },
    gains: cumulativeGains(ranked),
    precision_at: precisionAtCalls(ranked),
    calibration: {
      kind: calibration.kind,
      before: reliabilityReport(labels, own),
      after: reliabilityReport(labels, probabilities),
    },
    baseline: baseline === null ? null : baselineReport(test, baseline),
  };
}

function reliabilityReport(labels: Uint8Array, probabilities: Float32Array): ReliabilityReport {
  const { bins, expectedCalibrationError } = reliability(labels, probabilities);
  return {
    expected_calibration_error: expectedCalibrationError,
    log_loss: logLoss(labels, probabilities),
    brier_score: brierScore(labels, probabilities),
    bins: bins.map(({ n, nBuyers, meanProbability, conversion, interval }) => ({
      n,
      n_buyers: nBuyers,
      mean_probability: meanProbability,
      conversion,
      ...interval,
    })),
  };
}

function baselineReport(
  { labels, margins }: CalibratedRows,
  { testLogOdds, nRows, nColumns }: LogisticBaseline,
): Scorecard['baseline'] {
  const { value, interval } = rocAucWithInterval(labels, testLogOdds);
  return {
    model: 'logistic regression',
    ridge: BASELINE_RIDGE,
    n_rows: nRows,
    n_columns: nColumns,
    roc_auc: value,
    interval,
    average_precision: averagePrecision(labels, testLogOdds),
    log_loss: logLoss(labels, testLogOdds.map(logistic)),
    roc_auc_difference: aucDifference(labels, margins, testLogOdds),
  };
}

import { randomSource } from '@/lib/core/random';
import type { Economics, Objective, ThresholdRule } from '@/lib/tuning/study/study-config';
import type { TrialMetrics } from '@/lib/tuning/study/study-events';
import { descendingOrder } from './descending-order';
import { rocAucVariance } from './paired-roc-auc';
import { logLoss } from './probability-metrics';
import { type RankedScores, rankedScores } from './ranked-scores';
import { rankedAveragePrecision, rankedRocAuc } from './ranking-metrics';
import { rankedLargestF1Threshold, thresholdMetrics } from './threshold-metrics';

/** What a trial is judged by beside the scores. */
export interface JudgingRules {
  readonly threshold: ThresholdRule;
  readonly economics: Economics;
}

type Scores = Float32Array | Float64Array;

/**
 * Measure a trial on labelled rows. `f1_score` and `recall` count as chosen whoever the threshold rule chooses on these
 * very rows; `expected_profit` is US dollars a row when whoever's probability is at least cost ÷ value is contacted.
 *
 * @param labels 0 or 1 a row, both present for `roc_auc` to be a number
 * @throws where lengths differ, a probability is outside [0, 1] or NaN, or a label is neither 0 nor 1
 */
export function objectiveMetrics(
  labels: Uint8Array,
  probabilities: Scores,
  rules: JudgingRules,
): TrialMetrics {
  const ranked = rankedScores(labels, probabilities);
  const { f1_score, recall } = thresholdMetrics(
    labels,
    probabilities,
    chosenThreshold(ranked, rules.threshold),
  );
  return {
    roc_auc: rankedRocAuc(ranked),
    average_precision: rankedAveragePrecision(ranked),
    logloss: logLoss(labels, probabilities),
    f1_score,
    recall,
    expected_profit: mean(profits(labels, probabilities, rules.economics)),
  };
}

/** Measure one objective alone, as a report in the middle of a training does. Equals the entry of `objectiveMetrics`. */
export function objectiveValue(
  objective: Objective,
  labels: Uint8Array,
  probabilities: Scores,
  rules: JudgingRules,
): number {
  switch (objective) {
    case 'roc_auc':
      return rankedRocAuc(rankedScores(labels, probabilities));
    case 'average_precision':
      return rankedAveragePrecision(rankedScores(labels, probabilities));
    case 'logloss':
      return logLoss(labels, probabilities);
    case 'expected_profit':
      return mean(profits(labels, probabilities, rules.economics));
    case 'f1_score':
    case 'recall': {
      const threshold =
        rules.threshold.rule === 'fixed'
          ? rules.threshold.probability
          : chosenThreshold(rankedScores(labels, probabilities), rules.threshold);
      return thresholdMetrics(labels, probabilities, threshold)[objective];
    }
  }
}

/**
 * Find the threshold that a rule means on ranked rows. `top_share` gives the score of the row at the end of the share, so
 * rows that tie with it are chosen too.
 */
export function chosenThreshold(ranked: RankedScores, rule: ThresholdRule): number {
  if (rule.rule === 'fixed') return rule.probability;
  if (rule.rule === 'largest_f1') return rankedLargestF1Threshold(ranked);
  const { threshold, truePositive, falsePositive, nPositive, nNegative } = ranked;
  const nWanted = Math.max(1, Math.round(rule.share * (nPositive + nNegative)));
  for (let i = 0; i < threshold.length; i++) {
    if (truePositive[i]! + falsePositive[i]! >= nWanted) return threshold[i]!;
  }
  return 0;
}

const N_BOOTSTRAPS = 200;

/**
 * Estimate the standard error of an objective on these rows: DeLong's for `roc_auc`, that of a mean for `logloss` and
 * `expected_profit`, and 200 bootstrap samples of the rows for the others, with the threshold chosen again in each.
 *
 * @param seed of the bootstrap; the same gives the same error
 * @returns null where it has none: fewer than two rows, or a class missing
 */
export function objectiveStandardError(
  objective: Objective,
  labels: Uint8Array,
  probabilities: Scores,
  rules: JudgingRules & { readonly seed: number },
): number | null {
  if (labels.length < 2) return null;
  switch (objective) {
    case 'roc_auc': {
      const variance = rocAucVariance(labels, probabilities);
      return Number.isFinite(variance) ? Math.sqrt(variance) : null;
    }
    case 'logloss':
      return errorOfMean(rowLosses(labels, probabilities));
    case 'expected_profit':
      return errorOfMean(profits(labels, probabilities, rules.economics));
    default:
      return bootstrapError(objective, labels, probabilities, rules);
  }
}

function bootstrapError(
  objective: Objective,
  labels: Uint8Array,
  probabilities: Scores,
  rules: JudgingRules & { readonly seed: number },
): number | null {
  const nRows = labels.length;
  const random = randomSource(rules.seed);
  // In score order, so that a sample drawn as row counts needs no sorting of its own.
  const order = descendingOrder(probabilities);
  const counts = new Uint32Array(nRows);
  const values: number[] = [];
  for (let sample = 0; sample < N_BOOTSTRAPS; sample++) {
    counts.fill(0);
    for (let i = 0; i < nRows; i++) {
      const drawn = Math.floor(random() * nRows);
      counts[drawn] = counts[drawn]! + 1;
    }
    const drawn = drawnRows(order, counts, { labels, probabilities });
    if (!drawn.labels.includes(1)) continue;
    values.push(objectiveValue(objective, drawn.labels, drawn.probabilities, rules));
  }
  return values.length < 2 ? null : deviation(values);
}

function drawnRows(
  order: Uint32Array,
  counts: Uint32Array,
  rows: { readonly labels: Uint8Array; readonly probabilities: Scores },
): { readonly labels: Uint8Array; readonly probabilities: Float64Array } {
  const labels = new Uint8Array(order.length);
  const probabilities = new Float64Array(order.length);
  let at = 0;
  for (const row of order) {
    for (let n = counts[row]!; n > 0; n--) {
      labels[at] = rows.labels[row]!;
      probabilities[at] = rows.probabilities[row]!;
      at += 1;
    }
  }
  return { labels, probabilities };
}

function rowLosses(labels: Uint8Array, probabilities: Scores): Float64Array {
  const one = new Uint8Array(1);
  const p = probabilities instanceof Float32Array ? new Float32Array(1) : new Float64Array(1);
  return Float64Array.from(labels, (label, row) => {
    one[0] = label;
    p[0] = probabilities[row]!;
    return logLoss(one, p);
  });
}

function profits(
  labels: Uint8Array,
  probabilities: Scores,
  { saleValueUsd, contactCostUsd }: Economics,
): Float64Array {
  const breakEven = contactCostUsd / saleValueUsd;
  return Float64Array.from(labels, (label, row) =>
    probabilities[row]! >= breakEven ? label * saleValueUsd - contactCostUsd : 0,
  );
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function errorOfMean(values: Float64Array): number {
  return deviation(values) / Math.sqrt(values.length);
}

/** Sample standard deviation (n − 1). */
function deviation(values: Float64Array | readonly number[]): number {
  const all = Float64Array.from(values);
  const centre = mean(all);
  let sum = 0;
  for (const value of all) sum += (value - centre) ** 2;
  return Math.sqrt(sum / (all.length - 1));
}

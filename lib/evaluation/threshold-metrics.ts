import type { ThresholdMetrics } from './evaluation-report';
import { checkLabels, type RankedScores, rankedScores } from './ranked-scores';

/**
 * Count the confusion matrix at a threshold and derive its ratios. A probability equal to the threshold counts as positive;
 * a ratio with an empty denominator is 0, as scikit-learn with `zero_division=0`. No rows give zeros.
 *
 * @throws where lengths differ, a probability or the threshold is NaN, or a label is neither 0 nor 1
 * @example thresholdMetrics(new Uint8Array([0, 1, 1]), new Float32Array([0.5, 0.75, 0.25]), 0.5).precision // 0.5
 */
export function thresholdMetrics(
  labels: Uint8Array,
  probabilities: Float32Array | Float64Array,
  threshold: number,
): ThresholdMetrics {
  checkLabels(labels, probabilities.length);
  if (Number.isNaN(threshold)) throw new Error('Expected a number as threshold, got NaN.');
  let truePositive = 0;
  let falsePositive = 0;
  let nPositive = 0;
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row]!;
    if (Number.isNaN(probability))
      throw new Error(`Expected numbers as probabilities, got NaN in row ${row}.`);
    const label = labels[row]!;
    nPositive += label;
    if (probability >= threshold) {
      truePositive += label;
      falsePositive += 1 - label;
    }
  }
  return {
    threshold,
    f1_score: ratio(2 * truePositive, truePositive + falsePositive + nPositive),
    recall: ratio(truePositive, nPositive),
    precision: ratio(truePositive, truePositive + falsePositive),
    true_positive: truePositive,
    false_positive: falsePositive,
    true_negative: labels.length - nPositive - falsePositive,
    false_negative: nPositive - truePositive,
  };
}

/**
 * Find the threshold, among the distinct probabilities, with the largest F1; of several, the largest threshold.
 * Without positive rows every F1 is 0, so the largest probability is given.
 *
 * @throws where there are no rows, lengths differ, a probability is NaN or a label is neither 0 nor 1
 * @example largestF1Threshold(new Uint8Array([0, 1, 1]), new Float64Array([0.1, 0.4, 0.8])) // 0.4
 */
export function largestF1Threshold(labels: Uint8Array, probabilities: Float32Array | Float64Array): number {
  return rankedLargestF1Threshold(rankedScores(labels, probabilities));
}

/** Find `largestF1Threshold` on rows already ranked. @throws where there are no rows */
export function rankedLargestF1Threshold(ranked: RankedScores): number {
  const { threshold, truePositive, falsePositive, nPositive } = ranked;
  if (threshold.length === 0)
    throw new Error('Expected at least one row to choose a threshold from, got none.');
  let best = 0;
  let largestF1 = -1;
  for (let i = 0; i < threshold.length; i++) {
    const f1 = ratio(2 * truePositive[i]!, truePositive[i]! + falsePositive[i]! + nPositive);
    if (f1 > largestF1) {
      largestF1 = f1;
      best = i;
    }
  }
  return threshold[best]!;
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

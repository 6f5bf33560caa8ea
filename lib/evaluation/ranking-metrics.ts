import { type RankedScores, rankedScores } from './ranked-scores';

/**
 * Measure the area under the ROC curve: the share of (positive, negative) pairs in which the positive row scores
 * higher, ties counting half, as scikit-learn `roc_auc_score`. NaN where either class is missing.
 *
 * @throws where lengths differ, a score is NaN or a label is neither 0 nor 1
 * @example rocAuc(new Uint8Array([0, 0, 1, 1]), new Float64Array([0.1, 0.4, 0.35, 0.8])) // 0.75
 */
export function rocAuc(labels: Uint8Array, scores: Float32Array | Float64Array): number {
  return rankedRocAuc(rankedScores(labels, scores));
}

/**
 * Measure average precision, the sum of precision times the recall gained at each distinct score, as scikit-learn
 * `average_precision_score`: 0 where there are no positive rows, NaN where there are no rows.
 *
 * @throws where lengths differ, a score is NaN or a label is neither 0 nor 1
 * @example averagePrecision(new Uint8Array([0, 0, 1, 1]), new Float64Array([0.1, 0.4, 0.35, 0.8])) // 0.8333333333333333
 */
export function averagePrecision(labels: Uint8Array, scores: Float32Array | Float64Array): number {
  return rankedAveragePrecision(rankedScores(labels, scores));
}

/** Measure `rocAuc` on rows already ranked. Pairs are counted in whole numbers and divided once, so the result is exact up to that rounding. */
export function rankedRocAuc(ranked: RankedScores): number {
  const { truePositive, falsePositive, nPositive, nNegative } = ranked;
  let twiceWonPairs = 0;
  let previousTrue = 0;
  let previousFalse = 0;
  for (let i = 0; i < truePositive.length; i++) {
    const reachedTrue = truePositive[i]!;
    const reachedFalse = falsePositive[i]!;
    twiceWonPairs += (reachedFalse - previousFalse) * (previousTrue + reachedTrue);
    previousTrue = reachedTrue;
    previousFalse = reachedFalse;
  }
  return twiceWonPairs / (2 * nPositive * nNegative);
}

/** Measure `averagePrecision` on rows already ranked. */
export function rankedAveragePrecision(ranked: RankedScores): number {
  const { truePositive, falsePositive, nPositive, nNegative } = ranked;
  if (nPositive === 0) return nNegative === 0 ? Number.NaN : 0;
  let weighted = 0;
  let previousTrue = 0;
  for (let i = 0; i < truePositive.length; i++) {
    const reachedTrue = truePositive[i]!;
    weighted += ((reachedTrue - previousTrue) * reachedTrue) / (reachedTrue + falsePositive[i]!);
    previousTrue = reachedTrue;
  }
  return weighted / nPositive;
}

import type { RankedScores } from './ranked-scores';
import { thinnedCurvePoints } from './thinned-curve';

/** A curve as parallel arrays, from the largest threshold to the smallest; the same shape as in the evaluation report. */
export interface Curve {
  readonly x: number[];
  readonly y: number[];
  readonly threshold: number[];
}

/** Points that a curve keeps at most, unless told otherwise: more than a screen's pixels can tell apart. */
const N_POINTS = 400;

/**
 * Draw the ROC curve: x = false positive rate, y = true positive rate at each distinct score, as scikit-learn `roc_curve`,
 * thinned by `thinnedCurvePoints`. The first point is (0, 0), reached by no row; its threshold, infinite in scikit-learn,
 * is the next number above the largest score, since JSON holds no infinity. Empty where either class is missing.
 *
 * @param ranked labels and scores through `rankedScores`
 * @param nPoints points kept at most, at least 2
 */
export function rocCurve(ranked: RankedScores, nPoints = N_POINTS): Curve {
  const { truePositive, falsePositive, nPositive, nNegative } = ranked;
  if (nPositive === 0 || nNegative === 0) return { x: [], y: [], threshold: [] };
  const x = withStart(0, truePositive.length, (i) => falsePositive[i]! / nNegative);
  const y = withStart(0, truePositive.length, (i) => truePositive[i]! / nPositive);
  return thinnedCurve(x, y, ranked, nPoints);
}

/**
 * Draw the precision-recall curve: x = recall, y = precision at each distinct score, as scikit-learn `precision_recall_curve`
 * read backwards, thinned by `thinnedCurvePoints`. The first point is (0, 1), reached by no row; its threshold, absent
 * in scikit-learn, is the next number above the largest score. Empty where there are no positive rows.
 *
 * @param ranked labels and scores through `rankedScores`
 * @param nPoints points kept at most, at least 2
 */
export function precisionRecallCurve(ranked: RankedScores, nPoints = N_POINTS): Curve {
  const { truePositive, falsePositive, nPositive } = ranked;
  if (nPositive === 0) return { x: [], y: [], threshold: [] };
  const x = withStart(0, truePositive.length, (i) => truePositive[i]! / nPositive);
  const y = withStart(
    1,
    truePositive.length,
    (i) => truePositive[i]! / (truePositive[i]! + falsePositive[i]!),
  );
  return thinnedCurve(x, y, ranked, nPoints);
}

function withStart(start: number, nThresholds: number, valueAt: (index: number) => number): Float64Array {
  const values = new Float64Array(nThresholds + 1);
  values[0] = start;
  for (let i = 0; i < nThresholds; i++) values[i + 1] = valueAt(i);
  return values;
}

function thinnedCurve(x: Float64Array, y: Float64Array, ranked: RankedScores, nPoints: number): Curve {
  const largest = ranked.threshold[0]!;
  const points = thinnedCurvePoints(x, y, nPoints);
  return {
    x: Array.from(points, (point) => x[point]!),
    y: Array.from(points, (point) => y[point]!),
    threshold: Array.from(points, (point) =>
      point === 0 ? nextNumberAbove(largest) : ranked.threshold[point - 1]!,
    ),
  };
}

/** The smallest float64 above a finite number (IEEE 754 `nextUp`). */
export function nextNumberAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const float = new Float64Array(bits.buffer);
  float[0] = value;
  bits[0] = bits[0]! + (value > 0 ? 1n : -1n);
  return float[0]!;
}

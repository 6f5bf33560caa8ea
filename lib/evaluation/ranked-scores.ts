import { descendingOrder } from './descending-order';

/**
 * How many buyers and non-buyers reach each distinct score. All ranking metrics and curves follow from it,
 * so that the rows are sorted once (scikit-learn calls the same thing `confusion_matrix_at_thresholds`).
 */
export interface RankedScores {
  readonly nPositive: number;
  readonly nNegative: number;
  /** Distinct scores, largest first. */
  readonly threshold: Float64Array;
  /** Positive rows whose score is at least the threshold beside it. */
  readonly truePositive: Uint32Array;
  /** Negative rows whose score is at least the threshold beside it. */
  readonly falsePositive: Uint32Array;
}

/**
 * Sort rows by score and count labels down to each distinct score.
 *
 * @param labels 0 or 1 a row
 * @param scores one a row; larger means more likely positive; the infinities are allowed
 * @throws where lengths differ, a score is NaN or a label is neither 0 nor 1
 */
export function rankedScores(labels: Uint8Array, scores: Float32Array | Float64Array): RankedScores {
  checkLabels(labels, scores.length);
  const order = descendingOrder(scores);
  const nRows = order.length;
  const threshold = new Float64Array(nRows);
  const truePositive = new Uint32Array(nRows);
  const falsePositive = new Uint32Array(nRows);
  let nDistinct = 0;
  let nPositive = 0;
  for (let i = 0; i < nRows; i++) {
    const row = order[i]!;
    nPositive += labels[row]!;
    if (i + 1 < nRows && scores[order[i + 1]!] === scores[row]) continue;
    threshold[nDistinct] = scores[row]!;
    truePositive[nDistinct] = nPositive;
    falsePositive[nDistinct] = i + 1 - nPositive;
    nDistinct++;
  }
  return {
    nPositive,
    nNegative: nRows - nPositive,
    threshold: threshold.subarray(0, nDistinct),
    truePositive: truePositive.subarray(0, nDistinct),
    falsePositive: falsePositive.subarray(0, nDistinct),
  };
}

/** Check that labels are 0 or 1 and as many as the scores. @throws where they are not */
export function checkLabels(labels: Uint8Array, nScores: number): void {
  if (labels.length !== nScores) {
    throw new Error(`Expected as many labels as scores, got ${labels.length} and ${nScores}.`);
  }
  for (let row = 0; row < labels.length; row++) {
    if (labels[row]! > 1) throw new Error(`Expected labels 0 or 1, got ${labels[row]} in row ${row}.`);
  }
}

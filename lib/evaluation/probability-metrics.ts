import { checkLabels } from './ranked-scores';

/**
 * Measure the mean negative log likelihood of the labels, in nats, as scikit-learn `log_loss`: probabilities are held
 * one machine epsilon of their own precision (2⁻²³ for float32, 2⁻⁵² for float64) away from 0 and 1; the sum is in float64.
 * NaN where there are no rows.
 *
 * @throws where lengths differ, a probability is outside [0, 1] or NaN, or a label is neither 0 nor 1
 * @example logLoss(new Uint8Array([1, 0]), new Float64Array([0.8, 0.5])) // 0.4581453659370776
 */
export function logLoss(labels: Uint8Array, probabilities: Float32Array | Float64Array): number {
  checkProbabilities(labels, probabilities);
  const epsilon = probabilities instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const held = Math.min(Math.max(probabilities[row]!, epsilon), 1 - epsilon);
    sum -= Math.log(labels[row] === 1 ? held : 1 - held);
  }
  return sum / labels.length;
}

/**
 * Measure the mean squared distance between probability and label, as scikit-learn `brier_score_loss`. NaN where there are no rows.
 *
 * @throws where lengths differ, a probability is outside [0, 1] or NaN, or a label is neither 0 nor 1
 * @example brierScore(new Uint8Array([1, 0]), new Float64Array([0.75, 0.5])) // 0.15625
 */
export function brierScore(labels: Uint8Array, probabilities: Float32Array | Float64Array): number {
  checkProbabilities(labels, probabilities);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += (probabilities[row]! - labels[row]!) ** 2;
  return sum / labels.length;
}

function checkProbabilities(labels: Uint8Array, probabilities: Float32Array | Float64Array): void {
  checkLabels(labels, probabilities.length);
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row]!;
    if (!(probability >= 0 && probability <= 1)) {
      throw new Error(`Expected probabilities from 0 to 1, got ${probability} in row ${row}.`);
    }
  }
}

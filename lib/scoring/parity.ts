import { fail, type Result, succeed } from '@/lib/core/result';

/** Largest |probability difference| at which ONNX, which counts in float32, and our own calibration count as the same. */
export const PROBABILITY_TOLERANCE = 1e-5;

/** Largest |margin difference| at which ONNX and libxgboost count as the same model. In practice it is exactly 0. */
export const PARITY_TOLERANCE = 1e-6;

/**
 * Measure the largest |difference| between two models' margins of the same rows. 0 without rows; NaN as soon as a margin
 * is NaN, or both are the same infinity.
 *
 * @throws where lengths differ
 * @example largestMarginDifference(new Float32Array([1, -2]), new Float32Array([1.5, -2])) // 0.5
 */
export function largestMarginDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`Expected as many margins, got ${a.length} and ${b.length}.`);
  let largest = 0;
  for (let row = 0; row < a.length; row++) {
    // Math.max hands NaN on.
    largest = Math.max(largest, Math.abs(a[row]! - b[row]!));
  }
  return largest;
}

/**
 * Decide whether the ONNX file scores as libxgboost does. Gives the largest margin difference; the failure `onnx_mismatch`
 * where it is above `PARITY_TOLERANCE` or NaN, or where there are no rows to prove it on.
 *
 * @param onnxMargins margins of the test rows, by onnxruntime
 * @param nativeMargins margins of the same rows, by libxgboost
 * @throws where lengths differ
 */
export function parityVerdict(onnxMargins: Float32Array, nativeMargins: Float32Array): Result<number> {
  const largest = largestMarginDifference(onnxMargins, nativeMargins);
  const hint = 'Do not use this model; train again, and report it if it happens again.';
  if (onnxMargins.length === 0) {
    return fail('onnx_mismatch', 'There are no test rows to compare ONNX with libxgboost on.', hint);
  }
  if (!(largest <= PARITY_TOLERANCE)) {
    return fail(
      'onnx_mismatch',
      `ONNX and libxgboost differ by ${largest} in the margin over ${onnxMargins.length} test rows; at most ${PARITY_TOLERANCE} is allowed.`,
      hint,
    );
  }
  return succeed(largest);
}

/**
 * Decide whether the ONNX file's calibrated probabilities are ours. Gives the largest difference; the failure `onnx_mismatch`
 * where it is above `PROBABILITY_TOLERANCE` or NaN.
 *
 * @param onnxProbabilities of the test rows, by onnxruntime
 * @param ourProbabilities of the same rows, from libxgboost's margins by our own calibration
 * @throws where lengths differ
 */
export function probabilityVerdict(
  onnxProbabilities: Float32Array,
  ourProbabilities: Float32Array,
): Result<number> {
  const largest = largestMarginDifference(onnxProbabilities, ourProbabilities);
  if (largest <= PROBABILITY_TOLERANCE) return succeed(largest);
  return fail(
    'onnx_mismatch',
    `The calibrated probabilities of ONNX differ from ours by ${largest}; at most ${PROBABILITY_TOLERANCE} is allowed.`,
    'Do not use this model; train again, and report it if it happens again.',
  );
}

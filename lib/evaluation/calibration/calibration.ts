import { z } from 'zod';

const numberSchema = z.number().refine(Number.isFinite);

/** How a margin becomes a probability; plain data, so that it travels with the model and into its ONNX graph. */
export const calibrationSchema = z.discriminatedUnion('kind', [
  /** The model's own: the logistic function of the margin. */
  z.strictObject({ kind: z.literal('none') }),
  /** Platt 1999: the logistic function of a line through the margins. */
  z.strictObject({ kind: z.literal('platt'), slope: numberSchema, intercept: numberSchema }),
  /** Kull et al. 2017: log-odds are a·ln p − b·ln(1 − p) + c, with a and b of 0 or more. */
  z.strictObject({ kind: z.literal('beta'), a: numberSchema, b: numberSchema, c: numberSchema }),
  /** Zadrozny & Elkan 2002: a rising line of pieces through the margins, level beyond its ends. */
  z.strictObject({
    kind: z.literal('isotonic'),
    margins: z.array(numberSchema).min(1),
    probabilities: z.array(z.number().min(0).max(1)).min(1),
  }),
]);

/** Kinds of calibration. */
export const calibrationKindSchema = z.enum(['none', 'platt', 'beta', 'isotonic']);

export type Calibration = z.infer<typeof calibrationSchema>;
export type CalibrationKind = z.infer<typeof calibrationKindSchema>;

/** Give the calibrated probability of each margin (log-odds). */
export function calibratedProbabilities(
  calibration: Calibration,
  margins: Float32Array | Float64Array,
): Float64Array {
  const probabilities = new Float64Array(margins.length);
  const of = probabilityOf(calibration);
  for (let row = 0; row < margins.length; row++) probabilities[row] = of(margins[row]!);
  return probabilities;
}

function probabilityOf(calibration: Calibration): (margin: number) => number {
  switch (calibration.kind) {
    case 'none':
      return logistic;
    case 'platt':
      return (margin) => logistic(calibration.slope * margin + calibration.intercept);
    case 'beta': {
      const { a, b, c } = calibration;
      return (margin) => logistic(a * logOfLogistic(margin) - b * logOfLogistic(-margin) + c);
    }
    case 'isotonic': {
      const { margins, probabilities } = calibration;
      return (margin) => interpolated(margins, probabilities, margin);
    }
    default:
      return calibration satisfies never;
  }
}

/** 1 / (1 + e^−x). */
export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** ln(1 / (1 + e^−x)), without loss where the logistic function is nearly 0 or 1. */
export function logOfLogistic(x: number): number {
  return x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}

function interpolated(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 1;
  if (x <= xs[0]!) return ys[0]!;
  if (x >= xs[last]!) return ys[last]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const share = (x - xs[low]!) / (xs[high]! - xs[low]!);
  return ys[low]! + share * (ys[high]! - ys[low]!);
}

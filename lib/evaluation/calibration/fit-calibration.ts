import { fitLogistic } from '@/lib/explore/statistics/logistic-regression';
import { type Calibration, logOfLogistic } from './calibration';
import { risingMeans } from './rising-means';

/** Rows to fit a calibration on: none that the model was trained on, and no test row. */
export interface CalibrationRows {
  /** Log-odds of the model, one a row, finite. */
  readonly margins: Float32Array | Float64Array;
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
}

/**
 * Fit Platt's calibration with his targets, (n₊ + 1)/(n₊ + 2) for buyers and 1/(n₋ + 2) for others, as scikit-learn's sigmoid
 * does. Null where a class is missing or all margins are the same.
 */
export function fitPlatt({ margins, labels }: CalibrationRows): Calibration | null {
  const counts = classCounts(labels);
  if (!canBeFitted(margins, counts)) return null;
  const targets = [1 / (counts[0] + 2), (counts[1] + 1) / (counts[1] + 2)] as const;
  const n = margins.length;
  // A target between 0 and 1 is a row of each label, weighted.
  const values = Float64Array.from({ length: 2 * n }, (_, i) => margins[i % n]!);
  const weights = Float64Array.from({ length: 2 * n }, (_, i) => {
    const target = targets[labels[i % n] === 1 ? 1 : 0];
    return i < n ? target : 1 - target;
  });
  const doubled = Uint8Array.from({ length: 2 * n }, (_, i) => (i < n ? 1 : 0));
  const { intercept, weights: slopes } = fitLogistic({
    values,
    nColumns: 1,
    labels: doubled,
    rows: Uint32Array.from(doubled.keys()),
    counts: weights,
    ridge: 0,
  });
  return { kind: 'platt', slope: slopes[0]!, intercept };
}

/**
 * Fit beta calibration (Kull, Silva Filho & Flach 2017, with a, b and c): an unpenalised logistic regression on ln p and
 * −ln(1 − p), without the one of them whose weight comes out below 0. Null where a class is missing or all margins are the same.
 */
export function fitBeta({ margins, labels }: CalibrationRows): Calibration | null {
  if (!canBeFitted(margins, classCounts(labels))) return null;
  const logs = Float64Array.from(margins, logOfLogistic);
  const opposites = Float64Array.from(margins, (margin) => -logOfLogistic(-margin));
  const both = fitted([logs, opposites], labels);
  const [a, b] = both.weights;
  if (a! >= 0 && b! >= 0) return { kind: 'beta', a: a!, b: b!, c: both.intercept };
  if (a! < 0) {
    const one = fitted([opposites], labels);
    return { kind: 'beta', a: 0, b: Math.max(0, one.weights[0]!), c: one.intercept };
  }
  const one = fitted([logs], labels);
  return { kind: 'beta', a: Math.max(0, one.weights[0]!), b: 0, c: one.intercept };
}

/** Fit isotonic regression of the labels on the margins, as scikit-learn `IsotonicRegression(out_of_bounds='clip')`. Null without rows. */
export function fitIsotonic({ margins, labels }: CalibrationRows): Calibration | null {
  if (margins.length === 0) return null;
  const { xs, ys } = risingMeans(margins, labels);
  return { kind: 'isotonic', margins: xs, probabilities: ys };
}

function fitted(columns: readonly Float64Array[], labels: Uint8Array) {
  const nColumns = columns.length;
  const values = new Float64Array(labels.length * nColumns);
  columns.forEach((column, c) => {
    for (let row = 0; row < column.length; row++) values[row * nColumns + c] = column[row]!;
  });
  return fitLogistic({ values, nColumns, labels, rows: Uint32Array.from(labels.keys()), ridge: 0 });
}

function classCounts(labels: Uint8Array): readonly [number, number] {
  let nBuyers = 0;
  for (const label of labels) nBuyers += label;
  return [labels.length - nBuyers, nBuyers];
}

function canBeFitted(
  margins: CalibrationRows['margins'],
  [nOthers, nBuyers]: readonly [number, number],
): boolean {
  return nOthers > 0 && nBuyers > 0 && margins.some((margin) => margin !== margins[0]);
}

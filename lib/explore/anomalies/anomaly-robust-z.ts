import { quantileOfSorted } from '../statistics/quantile';

/** How far values lie from their middle, in robust standard deviations. */
export interface RobustScores {
  readonly median: number;
  /** Robust standard deviation, above 0. */
  readonly scale: number;
  /** What the scale is made of: the median absolute deviation or, where more than half of the values are equal, the mean one. */
  readonly scaleOf: 'median_deviation' | 'mean_deviation';
  /** (value − median) / scale; NaN where missing. */
  readonly z: Float64Array;
}

/** Scores beyond this are outliers (Iglewicz & Hoaglin 1993). */
export const OUTLIER_Z = 3.5;

/** 1 / Φ⁻¹(0.75): makes the median absolute deviation the standard deviation of a normal variable. */
const MEDIAN_DEVIATION_SCALE = 1.482602218505602;
/** √(π / 2), for the mean absolute deviation. */
const MEAN_DEVIATION_SCALE = 1.2533141373155003;

/**
 * Score values by their distance from the median in units of 1.4826 · MAD (as scipy
 * `median_abs_deviation(scale='normal')`) or, where that is 0, of 1.2533 · the mean absolute deviation from the median. Null
 * where all values are equal, or there is none.
 *
 * @param values NaN where missing
 */
export function robustScores(values: Float64Array): RobustScores | null {
  const sorted = sortedKnown(values);
  const median = quantileOfSorted(sorted, 0.5);
  if (median === null) return null;
  const deviations = sorted;
  let sum = 0;
  for (let place = 0; place < deviations.length; place++) {
    deviations[place] = Math.abs(deviations[place]! - median);
    sum += deviations[place]!;
  }
  const medianDeviation = (quantileOfSorted(deviations.sort(), 0.5) ?? 0) * MEDIAN_DEVIATION_SCALE;
  const meanDeviation = (sum / deviations.length) * MEAN_DEVIATION_SCALE;
  const scale = medianDeviation > 0 ? medianDeviation : meanDeviation;
  if (scale === 0) return null;
  const z = new Float64Array(values.length);
  for (let row = 0; row < z.length; row++) z[row] = (values[row]! - median) / scale;
  return { median, scale, scaleOf: medianDeviation > 0 ? 'median_deviation' : 'mean_deviation', z };
}

/** Give the values that are not missing, ascending. */
export function sortedKnown(values: Float64Array): Float64Array {
  const known = new Float64Array(values.length);
  let n = 0;
  // A loop of its own: with a callback a value, a million of them take ten times as long.
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) known[n++] = value;
  }
  return known.subarray(0, n).sort();
}

import { type ColumnProfile, numbersOf } from './column-profile';
import { remembered } from './remembered';

/** Numbers of a column, over its non-missing cells; NaN where there are too few, or one is no number. */
export interface ColumnNumbers {
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** With n − 1 in the denominator, as pandas has it. */
  readonly stdev: number;
}

/** Work out the numbers of a column in two passes over its levels. */
export const columnNumbers = remembered((profile: ColumnProfile): ColumnNumbers => {
  const { levels, counts, nPresent } = profile;
  const numbers = numbersOf(profile);
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [isAnyNaN, squares] = [false, 0];
  const eachPresent = (use: (value: number, count: number) => void) => {
    for (let level = 0; level < levels.length; level++) {
      const count = counts === null ? 1 : counts[level]!;
      if (levels[level] !== null && count > 0) use(numbers[level]!, count);
    }
  };
  eachPresent((value, count) => {
    if (Number.isNaN(value)) isAnyNaN = true;
    sum += value * count;
    if (value < min) min = value;
    if (value > max) max = value;
  });
  const mean = sum / nPresent;
  eachPresent((value, count) => {
    squares += count * (value - mean) ** 2;
  });
  const isNone = isAnyNaN || nPresent === 0;
  return {
    sum,
    mean,
    min: isNone ? Number.NaN : min,
    max: isNone ? Number.NaN : max,
    stdev: nPresent < 2 ? Number.NaN : Math.sqrt(squares / (nPresent - 1)),
  };
});

/** Every non-missing cell as a number, ascending; null where one is no number. */
export const sortedNumbers = remembered((profile: ColumnProfile): Float64Array | null => {
  const { levels, counts, nPresent } = profile;
  const numbers = numbersOf(profile);
  const values = new Float64Array(nPresent);
  let n = 0;
  for (let level = 0; level < levels.length; level++) {
    if (levels[level] === null) continue;
    const count = counts === null ? 1 : counts[level]!;
    if (count > 0 && Number.isNaN(numbers[level])) return null;
    values.fill(numbers[level]!, n, n + count);
    n += count;
  }
  return values.sort();
});

/** How a quantile between two values is chosen, by numpy's names. */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest';

/**
 * Give a quantile of ascending values, as numpy and pandas do: it lies at (n − 1) · q. `nearest` goes to the even one of two that are
 * equally near.
 *
 * @param share 0–1
 * @returns NaN of nothing
 * @example quantileOf(Float64Array.of(1, 2, 4), 0.25, 'linear') // 1.5
 */
export function quantileOf(sorted: Float64Array, share: number, how: Interpolation): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const part = place - below;
  switch (how) {
    case 'linear':
      // From the nearer end, as numpy does: then the ends come out exactly.
      return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
    case 'lower':
      return low;
    case 'higher':
      return part === 0 ? low : high;
    case 'midpoint':
      return part === 0 ? low : (low + high) / 2;
    case 'nearest':
      return part < 0.5 || (part === 0.5 && below % 2 === 0) ? low : high;
    default:
      return how satisfies never;
  }
}

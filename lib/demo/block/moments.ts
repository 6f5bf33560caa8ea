import { TAG_COUNTS } from '../figures/engagement';

/** Mean and population standard deviation of a column. */
export interface Moments {
  readonly mean: number;
  readonly std: number;
}

/** Compute mean and population standard deviation. @example columnMoments([1, 3]) // { mean: 2, std: 1 } */
export function columnMoments(values: ArrayLike<number>): Moments {
  let sum = 0;
  let sumOfSquares = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    sumOfSquares += values[i]! * values[i]!;
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(sumOfSquares / values.length - mean * mean) };
}

/** Mean and standard deviation of the tag count as the profile distributes it. */
export function tagCountMoments(): Moments {
  return columnMoments(
    Object.entries(TAG_COUNTS).flatMap(([tagCount, n]) => Array<number>(n).fill(Number(tagCount))),
  );
}

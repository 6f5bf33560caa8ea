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

/** All tag counts of a block, ascending. */
export const SORTED_TAG_COUNTS = Uint32Array.from(
  Object.entries(TAG_COUNTS).flatMap(([tagCount, n]) => Array<number>(n).fill(Number(tagCount))),
).sort();

/** Mean and standard deviation of the tag count as the profile distributes it. */
export const TAG_COUNT_MOMENTS: Moments = columnMoments(SORTED_TAG_COUNTS);

/**
 * Total of a column over a tag's holders that gives holding the tag the wanted correlation with the column, and the
 * deviation that moves the correlation by 0.003.
 */
export function totalOfHolders(
  { mean, std }: Moments,
  n: number,
  holders: number,
  correlation: number,
): { readonly target: number; readonly scale: number } {
  const share = holders / n;
  const unit = n * std * Math.sqrt(share * (1 - share));
  return { target: holders * mean + correlation * unit, scale: 0.003 * unit };
}

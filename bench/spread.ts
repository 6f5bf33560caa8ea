/** Several measurements of the same thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** In the order they were taken. */
  readonly values: readonly number[];
}

/**
 * Sum up measurements; the median of an even number of them is the mean of the middle two.
 *
 * @throws where there is none, or one is NaN
 * @example spreadOf([3, 1, 2]).median // 2
 */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0 || values.some(Number.isNaN)) {
    throw new Error(`Expected one measurement or more, got [${values.join(', ')}]`);
  }
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted[sorted.length - 1]!, values };
}

/**
 * Give a quantile of sorted values by linear interpolation (type 7: the default of R `quantile` and NumPy `percentile`).
 * Null when there are no values.
 *
 * @param sorted ascending, without NaN
 * @param probability 0 … 1
 * @throws if the probability lies outside 0 … 1
 * @example quantileOfSorted([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number | null {
  if (!(probability >= 0 && probability <= 1)) {
    throw new Error(`Expected a probability from 0 to 1, got ${probability}`);
  }
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** Room beyond the outermost values, as a share of their distance. */
const MARGIN = 0.06;

/**
 * Give an axis range that holds all values with room around them, the same whatever is selected. Values that are all
 * equal lie in the middle; without values the range is 0 to 1.
 *
 * @example paddedRange([1, 2]) // [0.94, 2.06]
 */
export function paddedRange(values: Iterable<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (low === high) {
    const reach = Math.max(Math.abs(low) * 0.01, 0.001);
    return [low - reach, high + reach];
  }
  const room = (high - low) * MARGIN;
  return [low - room, high + room];
}

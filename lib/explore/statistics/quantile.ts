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
  return quantileOfPlaces(sorted.length, (place) => sorted[place]!, probability);
}

/**
 * The same of whole numbers given by how often each occurs, which needs no sorting.
 *
 * @param counts how often the value of each index occurs
 * @throws if the probability lies outside 0 … 1
 * @example quantileOfCounts([2, 0, 1], 0.5) // 0, of 0, 0 and 2
 */
export function quantileOfCounts(counts: ArrayLike<number>, probability: number): number | null {
  const upTo = new Float64Array(counts.length);
  let n = 0;
  for (let value = 0; value < counts.length; value++) {
    n += counts[value]!;
    upTo[value] = n;
  }
  return quantileOfPlaces(n, (place) => upTo.findIndex((nSoFar) => nSoFar > place), probability);
}

function quantileOfPlaces(n: number, valueAt: (place: number) => number, probability: number): number | null {
  if (!(probability >= 0 && probability <= 1)) {
    throw new Error(`Expected a probability from 0 to 1, got ${probability}`);
  }
  if (n === 0) return null;
  const position = (n - 1) * probability;
  const below = Math.floor(position);
  const low = valueAt(below);
  const high = valueAt(Math.min(below + 1, n - 1));
  return low + (high - low) * (position - below);
}

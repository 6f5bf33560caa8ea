import { descendingOrder } from '@/lib/evaluation/descending-order';

/**
 * Place each score within its list: the share of the list that scores lower plus half of the share that scores the same,
 * itself included, times 100 (scipy.stats `percentileofscore` with `kind='mean'`). Above 0, below 100; a list of one gives 50.
 *
 * @returns 0–100 a score, in the order given
 * @throws where a score is NaN
 * @example percentiles(new Float32Array([0.25, 0.75, 0.25, 0.5])) // [25, 87.5, 25, 62.5]
 */
export function percentiles(scores: Float32Array | Float64Array): Float64Array {
  return percentilesInOrder(scores, descendingOrder(scores));
}

/** Place scores as `percentiles` does, with the order of `descendingOrder` already at hand. */
export function percentilesInOrder(scores: Float32Array | Float64Array, order: Uint32Array): Float64Array {
  const nRows = scores.length;
  const places = new Float64Array(nRows);
  let first = 0;
  while (first < nRows) {
    let next = first + 1;
    while (next < nRows && scores[order[next]!] === scores[order[first]!]) next++;
    const place = (100 * (nRows - (first + next) / 2)) / nRows;
    for (let i = first; i < next; i++) places[order[i]!] = place;
    first = next;
  }
  return places;
}

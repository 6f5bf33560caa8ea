import type { LeafPaths } from './leaf-paths';

/**
 * Work out the Shapley values of one leaf: the game in which a coalition of the features above the leaf knows their values and
 * follows them, the others send the share of training rows that goes the leaf's way.
 *
 * @param missed bit i set where a row leaves the leaf's way at a split on feature i of those above it
 * @returns one value a feature above the leaf, in their order
 */
export function shapleyOfLeaf(paths: LeafPaths, leaf: number, missed: number): Float64Array {
  const first = paths.slotStart[leaf]!;
  const nSlots = paths.slotStart[leaf + 1]! - first;
  const values = new Float64Array(nSlots);
  const weights = knownWeights(nSlots);
  for (let slot = 0; slot < nSlots; slot++) {
    const follows = ((missed >> slot) & 1) === 0 ? 1 : 0;
    const share = paths.slotShare[first + slot]!;
    // Sum over the coalitions of the others, by size: coefficients of ∏ (follows·x + share).
    const bySize = new Float64Array(nSlots);
    bySize[0] = 1;
    let size = 0;
    for (let other = 0; other < nSlots; other++) {
      if (other === slot) continue;
      const otherFollows = ((missed >> other) & 1) === 0 ? 1 : 0;
      const otherShare = paths.slotShare[first + other]!;
      size += 1;
      for (let k = size; k > 0; k--) bySize[k] = bySize[k]! * otherShare + bySize[k - 1]! * otherFollows;
      bySize[0]! *= otherShare;
    }
    let sum = 0;
    for (let k = 0; k < nSlots; k++) sum += bySize[k]! * weights[k]!;
    values[slot] = paths.leafValue[leaf]! * (follows - share) * sum;
  }
  return values;
}

const known: Float64Array[] = [];

function knownWeights(n: number): Float64Array {
  known[n] ??= coalitionWeights(n);
  return known[n];
}

/** k! (n − k − 1)! / n!, for k = 0 … n − 1. */
function coalitionWeights(n: number): Float64Array {
  const weights = new Float64Array(n);
  let weight = 1 / n;
  for (let k = 0; k < n; k++) {
    weights[k] = weight;
    weight *= (k + 1) / (n - k - 1);
  }
  return weights;
}

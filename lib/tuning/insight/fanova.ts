import type { ForestFeature, RegressionTree } from './regression-forest';
import { isUncut, type TreeAxis, treeAxes } from './tree-axes';

/** Two features, the lower index first. */
export type FeaturePair = readonly [number, number];

/** How much of a forest's variance over the whole space comes from where; means over the trees, 0–1. */
export interface VarianceShares {
  /** By feature: what it explains alone. */
  readonly single: readonly number[];
  /** By feature: how far the trees disagree, as a standard deviation. */
  readonly singleDeviation: readonly number[];
  /** By pair as asked: what both explain together beyond what each explains alone. */
  readonly pairs: readonly number[];
}

/**
 * Decompose the variance of a forest over its space, every point equally likely (functional ANOVA; Hutter, Hoos and
 * Leyton-Brown 2014). Exact for each tree: a tree is constant on boxes, so its marginals are step functions.
 *
 * @returns null when every tree is constant, or there is none
 */
export function varianceShares(
  forest: readonly RegressionTree[],
  features: readonly ForestFeature[],
  pairs: readonly FeaturePair[],
): VarianceShares | null {
  const trees = forest
    .map((tree) => treeShares(tree, features, pairs))
    .filter((shares): shares is TreeShares => shares !== null);
  if (trees.length === 0) return null;
  const single = features.map((_, i) => mean(trees.map((tree) => tree.single[i]!)));
  return {
    single,
    singleDeviation: features.map((_, i) =>
      Math.sqrt(mean(trees.map((tree) => (tree.single[i]! - single[i]!) ** 2))),
    ),
    pairs: pairs.map((_, i) => mean(trees.map((tree) => tree.pairs[i]!))),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface TreeShares {
  readonly single: readonly number[];
  readonly pairs: readonly number[];
}

function treeShares(
  tree: RegressionTree,
  features: readonly ForestFeature[],
  pairs: readonly FeaturePair[],
): TreeShares | null {
  const { values } = tree;
  const axes = treeAxes(tree, features);
  const volumes = new Float64Array(values.length).fill(1);
  for (const { extents } of axes) {
    for (let leaf = 0; leaf < volumes.length; leaf++) volumes[leaf]! *= extents[leaf]!;
  }
  const average = volumes.reduce((sum, volume, leaf) => sum + volume * values[leaf]!, 0);
  const variance = volumes.reduce((sum, volume, leaf) => sum + volume * (values[leaf]! - average) ** 2, 0);
  if (!(variance > 0)) return null;
  const centred = volumes.map((volume, leaf) => volume * (values[leaf]! - average));
  const room = new Float64Array(roomForPairs(axes));
  const single = axes.map((axis) => (isUncut(axis) ? 0 : marginalVariance(axis, centred)));
  return {
    single: single.map((own) => own / variance),
    pairs: pairs.map(([i, j]) => {
      if (isUncut(axes[i]!) || isUncut(axes[j]!)) return 0;
      const both = jointVariance(axes[i]!, axes[j]!, { centred, room });
      // Rounding can leave a shade less than nothing.
      return Math.max(0, both - single[i]! - single[j]!) / variance;
    }),
  };
}

/**
 * Variance of the tree's mean over all other features. Each leaf adds its part to the segments it covers: noted at
 * their start, taken back after their end, and summed along the axis.
 */
function marginalVariance(
  { widths, extents, leaves, starts, ends }: TreeAxis,
  centred: Float64Array,
): number {
  const steps = new Float64Array(widths.length + 1);
  for (let run = 0; run < leaves.length; run++) {
    const part = centred[leaves[run]!]! / extents[leaves[run]!]!;
    steps[starts[run]!]! += part;
    steps[ends[run]!]! -= part;
  }
  let marginal = 0;
  let variance = 0;
  for (let segment = 0; segment < widths.length; segment++) {
    marginal += steps[segment]!;
    variance += widths[segment]! * marginal * marginal;
  }
  return variance;
}

/** Places that the rectangles of any two axes take. */
function roomForPairs(axes: readonly TreeAxis[]): number {
  const [longest = 0, second = 0] = axes.map(({ widths }) => widths.length + 1).sort((a, b) => b - a);
  return longest * second;
}

/** As `marginalVariance`, over the rectangles of two axes; `room` is written over. */
function jointVariance(
  a: TreeAxis,
  b: TreeAxis,
  { centred, room }: { readonly centred: Float64Array; readonly room: Float64Array },
): number {
  const nColumns = b.widths.length + 1;
  const steps = room.subarray(0, (a.widths.length + 1) * nColumns).fill(0);
  let first = 0;
  for (let row = 0; row < a.leaves.length; row++) {
    const leaf = a.leaves[row]!;
    const part = centred[leaf]! / (a.extents[leaf]! * b.extents[leaf]!);
    const top = a.starts[row]! * nColumns;
    const bottom = a.ends[row]! * nColumns;
    while (b.leaves[first]! < leaf) first++;
    for (let column = first; b.leaves[column] === leaf; column++) {
      const left = b.starts[column]!;
      const right = b.ends[column]!;
      steps[top + left]! += part;
      steps[top + right]! -= part;
      steps[bottom + left]! -= part;
      steps[bottom + right]! += part;
    }
  }
  return rectangleVariance(a.widths, b.widths, steps);
}

function rectangleVariance(heights: Float64Array, widths: Float64Array, steps: Float64Array): number {
  const marginals = new Float64Array(widths.length);
  let variance = 0;
  for (let row = 0; row < heights.length; row++) {
    let along = 0;
    let rowVariance = 0;
    for (let column = 0; column < widths.length; column++) {
      along += steps[row * (widths.length + 1) + column]!;
      const marginal = marginals[column]! + along;
      marginals[column] = marginal;
      rowVariance += widths[column]! * marginal * marginal;
    }
    variance += heights[row]! * rowVariance;
  }
  return variance;
}

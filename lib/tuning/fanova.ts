import { boxLayout, type ForestFeature, type RegressionTree } from './regression-forest';

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
  const single = axes.map((axis) => (isUncut(axis) ? 0 : marginalVariance(axis, centred)));
  return {
    single: single.map((own) => own / variance),
    pairs: pairs.map(([i, j]) => {
      if (isUncut(axes[i]!) || isUncut(axes[j]!)) return 0;
      const both = jointVariance(axes[i]!, axes[j]!, centred);
      // Rounding can leave a shade less than nothing.
      return Math.max(0, both - single[i]! - single[j]!) / variance;
    }),
  };
}

/** One feature as a tree sees it: the segments that its cuts leave, and which of them each leaf covers. */
interface TreeAxis {
  /** Widths of the segments; they add up to 1. */
  readonly widths: Float64Array;
  /** By leaf: share of the axis that it covers. */
  readonly extents: Float64Array;
  /** By run of consecutive segments: whose leaf's it is (rising), its first segment and the one after its last. */
  readonly leaves: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Whether a feature explains nothing, not even by rounding. */
function isUncut({ widths }: TreeAxis): boolean {
  return widths.length === 1;
}

/** Where the boxes keep one feature. */
interface BoxColumn {
  readonly boxes: Float64Array;
  readonly width: number;
  readonly offset: number;
  readonly nLeaves: number;
}

function treeAxes(
  { boxes, values }: RegressionTree,
  features: readonly ForestFeature[],
): readonly TreeAxis[] {
  const { width, offsets } = boxLayout(features);
  return features.map((feature, i) => {
    const column = { boxes, width, offset: offsets[i]!, nLeaves: values.length };
    return feature.kind === 'number' ? numberAxis(column) : categoryAxis(column, feature.nValues);
  });
}

function numberAxis({ boxes, width, offset, nLeaves }: BoxColumn): TreeAxis {
  const lows = new Float64Array(nLeaves);
  for (let leaf = 0; leaf < nLeaves; leaf++) lows[leaf] = boxes[leaf * width + offset]!;
  const cuts = lows.slice().sort();
  const segments = cuts.filter((cut, i) => i === 0 || cut !== cuts[i - 1]);
  const extents = new Float64Array(nLeaves);
  const leaves = new Int32Array(nLeaves);
  const starts = new Int32Array(nLeaves);
  const ends = new Int32Array(nLeaves);
  for (let leaf = 0; leaf < nLeaves; leaf++) {
    const high = boxes[leaf * width + offset + 1]!;
    leaves[leaf] = leaf;
    starts[leaf] = placeOf(segments, lows[leaf]!);
    ends[leaf] = placeOf(segments, high);
    extents[leaf] = high - lows[leaf]!;
  }
  return {
    widths: segments.map((start, i) => (segments[i + 1] ?? 1) - start),
    extents,
    leaves,
    starts,
    ends,
  };
}

/** Where a cut stands among rising ones; their number for a cut beyond the last. */
function placeOf(cuts: Float64Array, cut: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! < cut) low = middle + 1;
    else high = middle;
  }
  return low;
}

function categoryAxis({ boxes, width, offset, nLeaves }: BoxColumn, nValues: number): TreeAxis {
  const runs: (readonly [number, number, number])[] = [];
  const extents = new Float64Array(nLeaves);
  for (let leaf = 0; leaf < nLeaves; leaf++) {
    const first = leaf * width + offset;
    for (let code = 0; code < nValues; code++) {
      if (boxes[first + code] === 0) continue;
      const start = code;
      while (code + 1 < nValues && boxes[first + code + 1] === 1) code++;
      runs.push([leaf, start, code + 1]);
      extents[leaf]! += (code + 1 - start) / nValues;
    }
  }
  const widths = new Float64Array(nValues).fill(1 / nValues);
  const [leaves, starts, ends] = [0, 1, 2].map((i) => Int32Array.from(runs, (run) => run[i]!));
  return { widths, extents, leaves: leaves!, starts: starts!, ends: ends! };
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

/** As `marginalVariance`, over the rectangles of two axes. */
function jointVariance(a: TreeAxis, b: TreeAxis, centred: Float64Array): number {
  const nColumns = b.widths.length + 1;
  const steps = new Float64Array((a.widths.length + 1) * nColumns);
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

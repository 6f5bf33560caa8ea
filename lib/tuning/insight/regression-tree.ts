import type { RandomSource } from '@/lib/core/random';
import {
  type ForestFeature,
  featureSplit,
  type NodeRows,
  type TreeSample,
  type TreeSplit,
} from './tree-split';

/** A regression tree as the partition that it cuts the space into: every point lies in exactly one leaf. */
export interface RegressionTree {
  /** By leaf: what the tree predicts there. */
  readonly values: Float64Array;
  /** Row-major, leaves × `boxLayout(features).width`: the box of each leaf. */
  readonly boxes: Float64Array;
  /** By feature: where a number is cut, rising, each place once; empty for a category. */
  readonly cuts: readonly Float64Array[];
}

/** Where a box keeps what. */
export interface BoxLayout {
  readonly width: number;
  /**
   * By feature: its first place. A number has two places, where the box begins (held) and ends (not held); a category
   * has one place a code, 1 where the code belongs to the box, else 0.
   */
  readonly offsets: readonly number[];
}

/** Lay out the boxes over some features. */
export function boxLayout(features: readonly ForestFeature[]): BoxLayout {
  let width = 0;
  const offsets = features.map((feature) => {
    const offset = width;
    width += feature.kind === 'number' ? 2 : feature.nValues;
    return offset;
  });
  return { width, offsets };
}

interface OpenNode extends NodeRows {
  /** Whether its targets are all equal. */
  readonly isPure: boolean;
}

/** What is written over and over while a tree grows. */
interface Scratch {
  /** By row: 1 when it goes left of the split at hand. */
  readonly isLeft: Uint8Array;
  readonly moved: Int32Array;
}

/**
 * Grow a tree on a sample: split where the squared error falls most until a leaf's targets are equal or its rows alike.
 * Every feature is tried at every node, in random order. Reorders the sample's `orders`.
 */
export function grownTree(sample: TreeSample, random: RandomSource): RegressionTree {
  const layout = boxLayout(sample.features);
  const { width } = layout;
  const candidates = Uint32Array.from(sample.orders.keys()).filter((i) => sample.orders[i] !== null);
  const root = rootOf(sample);
  const scratch = { isLeft: new Uint8Array(sample.targets.length), moved: new Int32Array(root.to) };
  const values: number[] = [];
  const cuts = sample.features.map(() => new Set<number>());
  const boxes = new Float64Array(root.to * width);
  // A list of nodes to do, not recursion: a tree can be as deep as it has rows. Its boxes stand in the same order.
  const open = [root];
  const openBoxes = new Float64Array((root.to + 1) * width);
  openBoxes.set(wholeBox(sample.features));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const box = open.length * width;
    const split = node.isPure ? null : bestSplit(sample, { node, candidates, random });
    if (split === null) {
      for (let i = 0; i < width; i++) boxes[values.length * width + i] = openBoxes[box + i]!;
      values.push(node.sum / node.weight);
    } else {
      openBoxes.copyWithin(box + width, box, box + width);
      cutBoxes(openBoxes, box, { split, layout });
      if (split.threshold !== null) cuts[split.feature]!.add(split.threshold);
      const { left, right } = childrenOf(sample, { node, split, scratch });
      open.push(left, right);
    }
  }
  return {
    values: Float64Array.from(values),
    boxes: boxes.slice(0, values.length * width),
    cuts: cuts.map((own) => Float64Array.from(own).sort()),
  };
}

function wholeBox(features: readonly ForestFeature[]): readonly number[] {
  return features.flatMap((f) => (f.kind === 'number' ? [0, 1] : new Array<number>(f.nValues).fill(1)));
}

function rootOf(sample: TreeSample): OpenNode {
  const { weights, orders, nSeen } = sample;
  const anyOrder =
    orders.find((order) => order !== null) ??
    Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  return nodeOf(sample, anyOrder, { from: 0, to: nSeen });
}

function nodeOf(
  { targets, weights, weighted }: TreeSample,
  order: Int32Array,
  { from, to }: { readonly from: number; readonly to: number },
): OpenNode {
  let weight = 0;
  let sum = 0;
  let isPure = true;
  const first = targets[order[from]!]!;
  for (let at = from; at < to; at++) {
    const row = order[at]!;
    weight += weights[row]!;
    sum += weighted[row]!;
    if (targets[row] !== first) isPure = false;
  }
  return { from, to, weight, sum, isPure };
}

function bestSplit(
  sample: TreeSample,
  at: { readonly node: NodeRows; readonly candidates: Uint32Array; readonly random: RandomSource },
): TreeSplit | null {
  const { node, candidates, random } = at;
  let best: TreeSplit | null = null;
  for (let i = 0; i < candidates.length; i++) {
    // The next in random order, drawn only when it is needed (Fisher–Yates).
    const drawn = i + Math.floor(random() * (candidates.length - i));
    const feature = candidates[drawn]!;
    candidates[drawn] = candidates[i]!;
    candidates[i] = feature;
    const split = featureSplit(sample, feature, node, best?.score ?? Number.NEGATIVE_INFINITY);
    if (split === null) continue;
    // Two rows are told apart equally well by every feature that differs.
    if (node.to - node.from === 2) return split;
    best = split;
  }
  return best;
}

function childrenOf(
  sample: TreeSample,
  cut: { readonly node: OpenNode; readonly split: TreeSplit; readonly scratch: Scratch },
) {
  const { node, split, scratch } = cut;
  const { isLeft } = scratch;
  const order = sample.orders[split.feature]!;
  const column = sample.columns[split.feature]!;
  for (let at = node.from; at < node.to; at++) {
    const row = order[at]!;
    const value = column[row]!;
    isLeft[row] = (split.isLeft === null ? value < split.threshold : split.isLeft[value]!) ? 1 : 0;
  }
  const middle = partition(order, node, scratch);
  const left = nodeOf(sample, order, { from: node.from, to: middle });
  const right = nodeOf(sample, order, { from: middle, to: node.to });
  // The rows of leaves need no order any more.
  if (!left.isPure || !right.isPure) {
    for (const other of sample.orders) {
      if (other !== null && other !== order) partition(other, node, scratch);
    }
  }
  return { left, right };
}

/** Bring the left rows of a node before its right ones, both in their order. @returns where the right ones begin */
function partition(order: Int32Array, { from, to }: NodeRows, { isLeft, moved }: Scratch): number {
  let middle = from;
  let nMoved = 0;
  for (let at = from; at < to; at++) {
    const row = order[at]!;
    if (isLeft[row] === 1) order[middle++] = row;
    else moved[nMoved++] = row;
  }
  for (let i = 0; i < nMoved; i++) order[middle + i] = moved[i]!;
  return middle;
}

/** Narrow two equal boxes, one after the other, to the sides of a split. */
function cutBoxes(
  boxes: Float64Array,
  left: number,
  { split, layout }: { readonly split: TreeSplit; readonly layout: BoxLayout },
): void {
  const offset = layout.offsets[split.feature]!;
  const right = left + layout.width;
  if (split.isLeft === null) {
    boxes[left + offset + 1] = split.threshold;
    boxes[right + offset] = split.threshold;
    return;
  }
  for (let code = 0; code < split.isLeft.length; code++) {
    boxes[(split.isLeft[code] ? right : left) + offset + code] = 0;
  }
}

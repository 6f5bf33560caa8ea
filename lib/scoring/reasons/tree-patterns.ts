import type { LeafPaths } from './leaf-paths';
import { shapleyOfLeaf } from './shapley-of-leaf';
import type { ShapTrees } from './tree-shap';

/** Adds what one tree gives to the features of a row. */
export type AddTree = (values: Float32Array, from: number, contributions: Float64Array, to: number) => void;

/** Room for values that are kept for the next row that goes the same way, shared by all trees. */
export interface KeptRoom {
  values: number;
}

/** Splits whose turns fit into the bits of one number. */
const MAX_SPLITS = 30;
/** Splits of a branch that is looked up as one, beside those above it: more make patterns that few rows share. */
const MAX_BRANCH_SPLITS = 15;

/**
 * Prepare one tree, branch by branch. Which way a row turns at each split of a branch and above it, be it that it comes there
 * or not, decides all that the branch gives it: worked out once for each pattern of turns, then looked up, as long as there
 * is room.
 */
export function treeAdders(trees: ShapTrees, paths: LeafPaths, tree: number, room: KeptRoom): AddTree[] {
  return branchesOf(trees, paths, tree).map((part) =>
    part.splits.length <= MAX_SPLITS
      ? patternAdder(trees, paths, part, room)
      : leafAdder(trees, paths, part, room),
  );
}

interface TreePart {
  /** Nodes that are splits: those of the branch, and those on the way to it. */
  readonly splits: Uint32Array;
  /** First leaf of the branch, and the first behind it. */
  readonly first: number;
  readonly end: number;
}

function branchesOf(trees: ShapTrees, paths: LeafPaths, tree: number): TreePart[] {
  const { nodeFeature, nodeLeft, nodeRight } = trees;
  const parts: TreePart[] = [];
  let nextLeaf = paths.treeLeafStart[tree]!;
  // Leaves are numbered as this meets them, left before right.
  const waiting = [{ node: trees.treeStart[tree]!, above: [] as readonly number[] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, above } = next;
    const splits = splitsBelow(trees, node);
    if (splits.length <= MAX_BRANCH_SPLITS || nodeFeature[node]! < 0) {
      const first = nextLeaf;
      // A binary tree has one leaf more than splits.
      nextLeaf += splits.length + 1;
      parts.push({ splits: Uint32Array.of(...above, ...splits), first, end: nextLeaf });
      continue;
    }
    const below = [...above, node];
    waiting.push({ node: nodeRight[node]!, above: below }, { node: nodeLeft[node]!, above: below });
  }
  return parts;
}

function splitsBelow({ nodeFeature, nodeLeft, nodeRight }: ShapTrees, root: number): number[] {
  const splits: number[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (nodeFeature[node]! < 0) continue;
    splits.push(node);
    waiting.push(nodeRight[node]!, nodeLeft[node]!);
  }
  return splits;
}

/** Look a branch up by the turns at all of its splits. */
function patternAdder(trees: ShapTrees, paths: LeafPaths, part: TreePart, room: KeptRoom): AddTree {
  const { splits } = part;
  const nSplits = splits.length;
  const splitFeature = Uint32Array.from(splits, (node) => trees.nodeFeature[node]!);
  const splitValue = Float32Array.from(splits, (node) => trees.nodeValue[node]!);
  const splitDefault = Uint8Array.from(splits, (node) => trees.nodeDefaultLeft[node]!);
  const features = Uint32Array.from(new Set(splitFeature));
  const nFeatures = features.length;
  const work = patternWorker(paths, part, features, room);
  const kept = new Map<number, Float64Array>();
  return (values, from, contributions, to) => {
    let pattern = 0;
    for (let split = 0; split < nSplits; split++) {
      const value = values[from + splitFeature[split]!]!;
      // A comparison with NaN is false both ways.
      if (value < splitValue[split]!) pattern |= 1 << split;
      else if (!(value >= splitValue[split]!) && splitDefault[split] === 1) pattern |= 1 << split;
    }
    let given = kept.get(pattern);
    if (given === undefined) {
      given = work(pattern);
      room.values -= nFeatures;
      if (room.values >= 0) kept.set(pattern, given);
    }
    for (let i = 0; i < nFeatures; i++) contributions[to + features[i]!]! += given[i]!;
  };
}

/** Work out what a branch gives to each of its features for a pattern of turns, bit i set where a row turns left at split i. */
function patternWorker(
  paths: LeafPaths,
  { splits, first, end }: TreePart,
  features: Uint32Array,
  room: KeptRoom,
) {
  const { stepStart, stepNode, stepIsLeft, stepSlot, slotStart, slotFeature } = paths;
  const placeOfSplit = new Map([...splits].map((node, place) => [node, place]));
  const placeOfFeature = new Map([...features].map((feature, place) => [feature, place]));
  const lookUps = Array.from({ length: end - first }, (_, i) => keptLeaf(paths, first + i, room));
  return (pattern: number): Float64Array => {
    const given = new Float64Array(features.length);
    for (let leaf = first; leaf < end; leaf++) {
      let missed = 0;
      for (let step = stepStart[leaf]!; step < stepStart[leaf + 1]!; step++) {
        const turn = (pattern >>> placeOfSplit.get(stepNode[step]!)!) & 1;
        if (turn !== stepIsLeft[step]) missed |= 1 << stepSlot[step]!;
      }
      const values = lookUps[leaf - first]!(missed);
      const slot = slotStart[leaf]!;
      for (let i = 0; i < values.length; i++)
        given[placeOfFeature.get(slotFeature[slot + i]!)!]! += values[i]!;
    }
    return given;
  };
}

/** Look up leaf by leaf, where so many splits stand above a branch that its turns do not fit into a number. */
function leafAdder(trees: ShapTrees, paths: LeafPaths, part: TreePart, room: KeptRoom): AddTree {
  const { nodeFeature, nodeValue, nodeDefaultLeft } = trees;
  const { stepStart, stepNode, stepIsLeft, stepSlot, slotStart, slotFeature } = paths;
  const { splits, first, end } = part;
  const firstNode = Math.min(...splits);
  const goesLeft = new Uint8Array(Math.max(...splits) - firstNode + 1);
  const lookUps = Array.from({ length: end - first }, (_, i) => keptLeaf(paths, first + i, room));
  return (values, from, contributions, to) => {
    for (const node of splits) {
      const value = values[from + nodeFeature[node]!]!;
      goesLeft[node - firstNode] =
        value < nodeValue[node]! ? 1 : Number.isNaN(value) ? nodeDefaultLeft[node]! : 0;
    }
    for (let leaf = first; leaf < end; leaf++) {
      let missed = 0;
      for (let step = stepStart[leaf]!; step < stepStart[leaf + 1]!; step++) {
        if (goesLeft[stepNode[step]! - firstNode] !== stepIsLeft[step]) missed |= 1 << stepSlot[step]!;
      }
      const given = lookUps[leaf - first]!(missed);
      const slot = slotStart[leaf]!;
      for (let i = 0; i < given.length; i++) contributions[to + slotFeature[slot + i]!]! += given[i]!;
    }
  };
}

function keptLeaf(paths: LeafPaths, leaf: number, room: KeptRoom): (missed: number) => Float64Array {
  const kept = new Map<number, Float64Array>();
  return (missed) => {
    const known = kept.get(missed);
    if (known !== undefined) return known;
    const values = shapleyOfLeaf(paths, leaf, missed);
    room.values -= values.length;
    if (room.values >= 0) kept.set(missed, values);
    return values;
  };
}

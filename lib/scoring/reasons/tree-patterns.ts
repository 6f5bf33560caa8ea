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

/**
 * Prepare one tree. Which way a row turns at each of its splits, be it that it comes there or not, decides all that the tree
 * gives it: worked out once for each pattern of turns, then looked up, as long as there is room.
 */
export function treeAdder(trees: ShapTrees, paths: LeafPaths, tree: number, room: KeptRoom): AddTree {
  const splits = splitsOf(trees, tree);
  const leaves = { first: paths.treeLeafStart[tree]!, end: paths.treeLeafStart[tree + 1]! };
  return splits.length <= MAX_SPLITS
    ? patternAdder(trees, paths, { splits, ...leaves }, room)
    : leafAdder(trees, paths, { splits, ...leaves }, room);
}

interface TreePart {
  /** Nodes of the tree that are splits. */
  readonly splits: Uint32Array;
  readonly first: number;
  readonly end: number;
}

function splitsOf({ treeStart, nodeFeature }: ShapTrees, tree: number): Uint32Array {
  const splits: number[] = [];
  const end = treeStart[tree + 1] ?? nodeFeature.length;
  for (let node = treeStart[tree]!; node < end; node++) if (nodeFeature[node]! >= 0) splits.push(node);
  return Uint32Array.from(splits);
}

/** Look up the whole tree by the turns at all of its splits. */
function patternAdder(trees: ShapTrees, paths: LeafPaths, part: TreePart, room: KeptRoom): AddTree {
  const { splits } = part;
  const nSplits = splits.length;
  const splitFeature = Uint32Array.from(splits, (node) => trees.nodeFeature[node]!);
  const splitValue = Float32Array.from(splits, (node) => trees.nodeValue[node]!);
  const splitDefault = Uint8Array.from(splits, (node) => trees.nodeDefaultLeft[node]!);
  const features = Uint32Array.from(new Set(splitFeature));
  const nFeatures = features.length;
  const work = patternWorker(paths, part, features);
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

/** Work out what a tree gives to each of its features for a pattern of turns, bit i set where a row turns left at split i. */
function patternWorker(paths: LeafPaths, { splits, first, end }: TreePart, features: Uint32Array) {
  const { stepStart, stepNode, stepIsLeft, stepSlot, slotStart, slotFeature } = paths;
  const placeOfSplit = new Map([...splits].map((node, place) => [node, place]));
  const placeOfFeature = new Map([...features].map((feature, place) => [feature, place]));
  return (pattern: number): Float64Array => {
    const given = new Float64Array(features.length);
    for (let leaf = first; leaf < end; leaf++) {
      let missed = 0;
      for (let step = stepStart[leaf]!; step < stepStart[leaf + 1]!; step++) {
        const turn = (pattern >>> placeOfSplit.get(stepNode[step]!)!) & 1;
        if (turn !== stepIsLeft[step]) missed |= 1 << stepSlot[step]!;
      }
      const values = shapleyOfLeaf(paths, leaf, missed);
      const slot = slotStart[leaf]!;
      for (let i = 0; i < values.length; i++)
        given[placeOfFeature.get(slotFeature[slot + i]!)!]! += values[i]!;
    }
    return given;
  };
}

/** Look up leaf by leaf: a tree of many splits has more patterns of turns than rows ever show twice. */
function leafAdder(trees: ShapTrees, paths: LeafPaths, part: TreePart, room: KeptRoom): AddTree {
  const { nodeFeature, nodeValue, nodeDefaultLeft } = trees;
  const { stepStart, stepNode, stepIsLeft, stepSlot, slotStart, slotFeature } = paths;
  const { splits, first, end } = part;
  const firstNode = splits[0]!;
  const goesLeft = new Uint8Array(splits.at(-1)! - firstNode + 1);
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

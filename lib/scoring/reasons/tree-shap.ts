import { type LeafPaths, leafPaths } from './leaf-paths';
import { shapleyOfLeaf } from './shapley-of-leaf';

/** Trees as parallel arrays over the nodes of all of them; see `XgboostModel`, which is one. */
export interface ShapTrees {
  readonly nFeatures: number;
  readonly nTrees: number;
  readonly baseMargin: number;
  readonly treeStart: Uint32Array;
  readonly nodeFeature: Int32Array;
  readonly nodeValue: Float32Array;
  readonly nodeLeft: Uint32Array;
  readonly nodeRight: Uint32Array;
  readonly nodeDefaultLeft: Uint8Array;
  readonly nodeCover: Float32Array;
}

/** Explains margins of one model. */
export interface TreeShap {
  /** Margin of a lead of whom nothing is known: the mean over training rows, weighted as XGBoost weighs them. */
  readonly bias: number;
  /**
   * Give each feature's part in each row's margin. A row's parts and the bias add up to its margin.
   *
   * @param values row-major, nRows × nFeatures; NaN is missing and goes the way that training chose
   * @returns row-major, nRows × nFeatures, log-odds
   */
  contributions(values: Float32Array, nRows: number): Float64Array;
}

/** Shapley values that are kept for the next row that goes the same way; 64 MiB. */
const DEFAULT_KEPT_VALUES = 8_000_000;

/**
 * Prepare exact, path-dependent TreeSHAP (Lundberg et al. 2018, https://arxiv.org/abs/1802.03888): what `pred_contribs` of
 * libxgboost gives. Which of the conditions above a leaf a row meets decides all that the leaf adds, so that this is worked
 * out once for each pattern met and then looked up (after Yang 2021, Fast TreeSHAP v2), as long as there is room.
 *
 * @param keptValues values to keep at most; beyond them a pattern is worked out anew each time
 */
export function createTreeShap(trees: ShapTrees, { keptValues = DEFAULT_KEPT_VALUES } = {}): TreeShap {
  const paths = leafPaths(trees);
  const lookUp = keptShapley(paths, keptValues);
  return {
    bias: trees.baseMargin + meanOfTrees(trees),
    contributions(values, nRows) {
      const { nFeatures } = trees;
      if (values.length !== nRows * nFeatures)
        throw new Error(`Expected ${nRows} × ${nFeatures} values, got ${values.length}`);
      const contributions = new Float64Array(nRows * nFeatures);
      const goesLeft = new Uint8Array(trees.nodeFeature.length);
      for (let row = 0; row < nRows; row++) {
        markTurns(trees, values, row * nFeatures, goesLeft);
        addLeaves(paths, goesLeft, lookUp, contributions, row * nFeatures);
      }
      return contributions;
    },
  };
}

/** For each split, whether a row turns left there, be it that it comes there or not. */
function markTurns(trees: ShapTrees, values: Float32Array, from: number, goesLeft: Uint8Array): void {
  const { nodeFeature, nodeValue, nodeDefaultLeft } = trees;
  for (let node = 0; node < nodeFeature.length; node++) {
    const feature = nodeFeature[node]!;
    if (feature < 0) continue;
    const value = values[from + feature]!;
    goesLeft[node] = value < nodeValue[node]! ? 1 : Number.isNaN(value) ? nodeDefaultLeft[node]! : 0;
  }
}

type LookUp = (leaf: number, met: number) => { readonly values: Float64Array; readonly at: number };

function addLeaves(
  paths: LeafPaths,
  goesLeft: Uint8Array,
  lookUp: LookUp,
  contributions: Float64Array,
  to: number,
): void {
  const { nLeaves, stepStart, stepNode, stepIsLeft, stepSlot, slotStart, slotFeature } = paths;
  for (let leaf = 0; leaf < nLeaves; leaf++) {
    const first = slotStart[leaf]!;
    const nSlots = slotStart[leaf + 1]! - first;
    let missed = 0;
    for (let step = stepStart[leaf]!; step < stepStart[leaf + 1]!; step++) {
      if (goesLeft[stepNode[step]!] !== stepIsLeft[step]) missed |= 1 << stepSlot[step]!;
    }
    const { values, at } = lookUp(leaf, missed);
    for (let slot = 0; slot < nSlots; slot++) {
      contributions[to + slotFeature[first + slot]!]! += values[at + slot]!;
    }
  }
}

/** Work out what a leaf adds once a pattern, and keep it while there is room. */
function keptShapley(paths: LeafPaths, keptValues: number): LookUp {
  const patterns = Array.from(
    { length: paths.nLeaves },
    () => new Map<number, { values: Float64Array; at: number }>(),
  );
  let room = keptValues;
  return (leaf, missed) => {
    const kept = patterns[leaf]!.get(missed);
    if (kept !== undefined) return kept;
    const values = shapleyOfLeaf(paths, leaf, missed);
    const made = { values, at: 0 };
    room -= values.length;
    if (room >= 0) patterns[leaf]!.set(missed, made);
    return made;
  };
}

/** Sum over all trees of the mean of their leaves, weighted by cover. */
function meanOfTrees(trees: ShapTrees): number {
  const { nodeFeature, nodeLeft, nodeRight, nodeValue, nodeCover, treeStart, nTrees } = trees;
  const mean = new Float64Array(nodeFeature.length);
  // Children follow their parent, so that going backwards meets them first.
  for (let node = nodeFeature.length - 1; node >= 0; node--) {
    if (nodeFeature[node]! < 0) {
      mean[node] = nodeValue[node]!;
      continue;
    }
    const [left, right] = [nodeLeft[node]!, nodeRight[node]!];
    const cover = nodeCover[node]!;
    mean[node] =
      cover === 0 ? 0 : (mean[left]! * nodeCover[left]! + mean[right]! * nodeCover[right]!) / cover;
  }
  let sum = 0;
  for (let tree = 0; tree < nTrees; tree++) sum += mean[treeStart[tree]!]!;
  return sum;
}

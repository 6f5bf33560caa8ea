import { leafPaths } from './leaf-paths';
import { treeAdders } from './tree-patterns';

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
const N_ROWS_IN_BLOCK = 256;

/**
 * Prepare exact, path-dependent TreeSHAP (Lundberg et al. 2018, https://arxiv.org/abs/1802.03888): what `pred_contribs` of
 * libxgboost gives. The way that a row turns at the splits of a tree decides all that the tree adds, so that this is worked
 * out once for each pattern met and then looked up (after Yang 2021, Fast TreeSHAP v2), as long as there is room.
 *
 * @param keptValues values to keep at most; beyond them a pattern is worked out anew each time
 */
export function createTreeShap(trees: ShapTrees, { keptValues = DEFAULT_KEPT_VALUES } = {}): TreeShap {
  const paths = leafPaths(trees);
  const room = { values: keptValues };
  const adders = Array.from({ length: trees.nTrees }, (_, tree) =>
    treeAdders(trees, paths, tree, room),
  ).flat();
  return {
    bias: trees.baseMargin + meanOfTrees(trees),
    contributions(values, nRows) {
      const { nFeatures } = trees;
      if (values.length !== nRows * nFeatures)
        throw new Error(`Expected ${nRows} × ${nFeatures} values, got ${values.length}`);
      const contributions = new Float64Array(nRows * nFeatures);
      // Tree by tree within a block of rows, so that a tree's patterns stay in the processor's cache.
      for (let first = 0; first < nRows; first += N_ROWS_IN_BLOCK) {
        const end = Math.min(first + N_ROWS_IN_BLOCK, nRows) * nFeatures;
        for (const addTree of adders) {
          for (let at = first * nFeatures; at < end; at += nFeatures) addTree(values, at, contributions, at);
        }
      }
      return contributions;
    },
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

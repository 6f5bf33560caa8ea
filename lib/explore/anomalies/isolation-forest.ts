import type { RandomSource } from '@/lib/core/random';

/** Rows as numbers, none of them missing. */
export interface NumberRows {
  /** Row-major, n × k. */
  readonly values: Float64Array;
  readonly nRows: number;
  readonly nColumns: number;
}

/**
 * One tree. A leaf is its own child on both sides, so that every row takes as many steps as the tree is high and several go
 * down side by side.
 */
interface IsolationTree {
  readonly height: number;
  /** Column that a node asks about. */
  readonly column: Int32Array;
  /** Rows with a value below go to the first child. */
  readonly threshold: Float64Array;
  /** First and second child of node i at 2 i and 2 i + 1. */
  readonly children: Int32Array;
  /** Of a leaf: its depth, and what is to be expected below it. */
  readonly pathLength: Float64Array;
}

/** Trees that tell how easily a row is set apart from the others. */
export interface IsolationForest {
  readonly trees: readonly IsolationTree[];
  /** Rows that each tree was grown from. */
  readonly sampleSize: number;
  readonly nColumns: number;
}

/** Rows that all trees see before the next ones: few enough that they stay in the processor's cache. */
const N_ROWS_IN_BLOCK = 1_024;

const EULER_GAMMA = 0.5772156649015329;

/**
 * Grow an isolation forest: each tree from a sample of its own, cut at random places of random columns until each row stands
 * alone or the tree is as high as log₂ of the sample (Liu, Ting & Zhou 2008). Columns that are constant within a node are not
 * cut, as in scikit-learn. @throws without rows or columns
 *
 * @param options.sampleSize rows a tree, drawn without replacement; all where there are fewer
 */
export function isolationForest(
  rows: NumberRows,
  options: { readonly random: RandomSource; readonly nTrees?: number; readonly sampleSize?: number },
): IsolationForest {
  const { random, nTrees = 100 } = options;
  const { nRows, nColumns } = rows;
  if (nRows === 0 || nColumns === 0) throw new Error(`Expected rows and columns, got ${nRows} × ${nColumns}`);
  const sampleSize = Math.min(options.sampleSize ?? 256, nRows);
  const order = Uint32Array.from({ length: nRows }, (_, row) => row);
  const trees = Array.from({ length: nTrees }, () => {
    // The first places of a shuffle that stops there; the order left behind is as good as any for the next tree.
    for (let place = 0; place < sampleSize; place++) {
      const other = place + Math.floor(random() * (nRows - place));
      [order[place], order[other]] = [order[other]!, order[place]!];
    }
    return grownTree(rows, order.slice(0, sampleSize), random);
  });
  return { trees, sampleSize, nColumns };
}

function grownTree(rows: NumberRows, sample: Uint32Array, random: RandomSource): IsolationTree {
  const mostNodes = 2 * sample.length;
  const column = new Int32Array(mostNodes);
  const threshold = new Float64Array(mostNodes);
  const children = new Int32Array(2 * mostNodes);
  const pathLength = new Float64Array(mostNodes);
  const height = Math.ceil(Math.log2(Math.max(2, sample.length)));
  let nNodes = 0;
  const grow = (from: number, to: number, depth: number): number => {
    const node = nNodes++;
    const cut = depth >= height || to - from <= 1 ? null : randomCut(rows, sample.subarray(from, to), random);
    if (cut === null) {
      pathLength[node] = depth + expectedPathLength(to - from);
      children.fill(node, 2 * node, 2 * node + 2);
      return node;
    }
    column[node] = cut.column;
    threshold[node] = cut.threshold;
    const middle = from + partitioned(rows, sample.subarray(from, to), cut);
    children[2 * node] = grow(from, middle, depth + 1);
    children[2 * node + 1] = grow(middle, to, depth + 1);
    return node;
  };
  grow(0, sample.length, 0);
  return {
    height,
    column: column.slice(0, nNodes),
    threshold: threshold.slice(0, nNodes),
    children: children.slice(0, 2 * nNodes),
    pathLength: pathLength.slice(0, nNodes),
  };
}

interface Cut {
  readonly column: number;
  readonly threshold: number;
}

/** Choose a column that varies, and a place between its ends; null where none does. */
function randomCut({ values, nColumns }: NumberRows, sample: Uint32Array, random: RandomSource): Cut | null {
  const open = Array.from({ length: nColumns }, (_, column) => column);
  while (open.length > 0) {
    const place = Math.floor(random() * open.length);
    const column = open[place]!;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of sample) {
      const value = values[row * nColumns + column]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // From above the lowest on, so that both sides keep a row.
    if (high > low) return { column, threshold: high - random() * (high - low) };
    open.splice(place, 1);
  }
  return null;
}

/** Put the rows below a cut first; gives how many they are. */
function partitioned(
  { values, nColumns }: NumberRows,
  sample: Uint32Array,
  { column, threshold }: Cut,
): number {
  let middle = 0;
  for (let place = 0; place < sample.length; place++) {
    const row = sample[place]!;
    if (values[row * nColumns + column]! >= threshold) continue;
    sample[place] = sample[middle]!;
    sample[middle++] = row;
  }
  return middle;
}

/**
 * Give the mean path length of an unsuccessful search in a binary search tree of n rows (Liu et al. 2008, eq. 1).
 *
 * @example expectedPathLength(256) // 10.244770920119917
 */
export function expectedPathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + EULER_GAMMA) - (2 * (n - 1)) / n;
}

/**
 * Score rows from 0 to 1: about 0.5 where all are alike, toward 1 the easier a row is set apart (as scikit-learn's
 * `-score_samples`).
 */
export function isolationScores(
  { trees, sampleSize, nColumns }: IsolationForest,
  rows: NumberRows,
): Float64Array {
  if (rows.nColumns !== nColumns) throw new Error(`Expected ${nColumns} columns, got ${rows.nColumns}`);
  const { values, nRows } = rows;
  const lengths = new Float64Array(nRows);
  for (let from = 0; from < nRows; from += N_ROWS_IN_BLOCK) {
    const to = Math.min(from + N_ROWS_IN_BLOCK, nRows);
    const block = { values: values.subarray(from * nColumns, to * nColumns), nRows: to - from, nColumns };
    for (const tree of trees) addPathLengths(tree, block, lengths.subarray(from, to));
  }
  const scale = trees.length * expectedPathLength(sampleSize);
  // From a sample of one row nothing can be told.
  return scale === 0 ? lengths.fill(0.5) : lengths.map((length) => 2 ** (-length / scale));
}

/** Trees that rows go through before those who can no longer reach the limit are left behind. */
const N_TREES_A_ROUND = 8;

/**
 * Score rows as `isolationScores`, but for those below a limit: these get 0, most of them long before the last tree. A path
 * is at least as long as the shortest of its tree, so who has gone too far already cannot come back.
 */
export function isolationScoresFrom(forest: IsolationForest, rows: NumberRows, limit: number): Float64Array {
  const { trees, sampleSize, nColumns } = forest;
  if (rows.nColumns !== nColumns) throw new Error(`Expected ${nColumns} columns, got ${rows.nColumns}`);
  const scale = trees.length * expectedPathLength(sampleSize);
  const scores = new Float64Array(rows.nRows);
  if (scale === 0) return scores.fill(limit <= 0.5 ? 0.5 : 0);
  const longest = longestBefore(trees, -Math.log2(limit) * scale);
  const values = new Float64Array(N_ROWS_IN_BLOCK * nColumns);
  const lengths = new Float64Array(N_ROWS_IN_BLOCK);
  const rowAt = new Uint32Array(N_ROWS_IN_BLOCK);
  for (let from = 0; from < rows.nRows; from += N_ROWS_IN_BLOCK) {
    let n = Math.min(N_ROWS_IN_BLOCK, rows.nRows - from);
    values.set(rows.values.subarray(from * nColumns, (from + n) * nColumns));
    lengths.fill(0);
    for (let place = 0; place < n; place++) rowAt[place] = from + place;
    for (let tree = 0; tree < trees.length && n > 0; tree++) {
      addPathLengths(trees[tree]!, { values, nRows: n, nColumns }, lengths);
      const isLast = tree === trees.length - 1;
      if (!isLast && (tree + 1) % N_TREES_A_ROUND !== 0) continue;
      let nLeft = 0;
      for (let place = 0; place < n; place++) {
        if (lengths[place]! > longest[tree]!) continue;
        if (nLeft < place) {
          values.copyWithin(nLeft * nColumns, place * nColumns, (place + 1) * nColumns);
          lengths[nLeft] = lengths[place]!;
          rowAt[nLeft] = rowAt[place]!;
        }
        nLeft++;
      }
      n = nLeft;
    }
    for (let place = 0; place < n; place++) {
      const score = 2 ** (-lengths[place]! / scale);
      if (score >= limit) scores[rowAt[place]!] = score;
    }
  }
  return scores;
}

/** How long a path may be after each tree, so that it can still be at most so long after the last; rounding allowed for. */
function longestBefore(trees: readonly IsolationTree[], mostAfterLast: number): Float64Array {
  const longest = new Float64Array(trees.length);
  let most = mostAfterLast * (1 + 1e-9);
  for (let tree = trees.length - 1; tree >= 0; tree--) {
    longest[tree] = most;
    most -= shortestPath(trees[tree]!);
  }
  return longest;
}

function shortestPath({ children, pathLength }: IsolationTree): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let node = 0; node < pathLength.length; node++) {
    if (children[2 * node] === node) shortest = Math.min(shortest, pathLength[node]!);
  }
  return shortest;
}

/**
 * Add the rows' path lengths in a tree. Four rows go down side by side: a step waits for the one before it, but not for those
 * of other rows, which makes it three times as fast.
 */
function addPathLengths(tree: IsolationTree, rows: NumberRows, lengths: Float64Array): void {
  const { height, column, threshold, children, pathLength } = tree;
  const { values, nRows, nColumns } = rows;
  const nInFours = nRows - (nRows % 4);
  for (let row = 0, at = 0; row < nInFours; row += 4, at += 4 * nColumns) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    const atB = at + nColumns;
    const atC = atB + nColumns;
    const atD = atC + nColumns;
    for (let step = 0; step < height; step++) {
      a = children[2 * a + Number(values[at + column[a]!]! >= threshold[a]!)]!;
      b = children[2 * b + Number(values[atB + column[b]!]! >= threshold[b]!)]!;
      c = children[2 * c + Number(values[atC + column[c]!]! >= threshold[c]!)]!;
      d = children[2 * d + Number(values[atD + column[d]!]! >= threshold[d]!)]!;
    }
    lengths[row]! += pathLength[a]!;
    lengths[row + 1]! += pathLength[b]!;
    lengths[row + 2]! += pathLength[c]!;
    lengths[row + 3]! += pathLength[d]!;
  }
  for (let row = nInFours; row < nRows; row++) {
    let node = 0;
    for (let step = 0; step < height; step++) {
      node = children[2 * node + Number(values[row * nColumns + column[node]!]! >= threshold[node]!)]!;
    }
    lengths[row]! += pathLength[node]!;
  }
}

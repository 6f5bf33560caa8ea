/** A column of a forest's table: numbers within 0–1, or whole codes 0 … nValues − 1 of categories. */
export type ForestFeature =
  | { readonly kind: 'number' }
  | { readonly kind: 'category'; readonly nValues: number };

/** Rows to learn from, column by column. */
export interface ForestTable {
  readonly features: readonly ForestFeature[];
  /** One column a feature, as long as `targets`. */
  readonly columns: readonly Float64Array[];
  readonly targets: Float64Array;
}

/** The rows that one tree sees. */
export interface TreeSample extends ForestTable {
  /** How often a row was drawn; 0 where the tree does not see it. */
  readonly weights: Float64Array;
  /** Targets times weights. */
  readonly weighted: Float64Array;
  /**
   * By feature: the rows seen, those of one node side by side and by rising value within it; null for a feature that has
   * one value only. A node is the same range of places in every order.
   */
  readonly orders: readonly (Int32Array | null)[];
  /** Rows seen. */
  readonly nSeen: number;
  readonly tally: CategoryTally;
}

/** A node: the places `from` … `to` − 1 of every order, and the sums of its rows' weights and weighted targets. */
export interface NodeRows {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  readonly sum: number;
}

/** Left of a split are the numbers below `threshold`, or the categories marked in `isLeft`. */
export type TreeSplit = { readonly feature: number; readonly score: number } & (
  | { readonly threshold: number; readonly isLeft: null }
  | { readonly threshold: null; readonly isLeft: readonly boolean[] }
);

/**
 * Find the cut of one feature that lowers a node's squared error most. Null where its rows have one value there, or where
 * no cut scores more than `above`. Numbers are cut half-way between neighbours; categories in the order of their means,
 * where the best subset is among the cuts (Fisher 1958). `score` is the sum of both sides' squared sums over weights:
 * larger is better.
 */
export function featureSplit(
  sample: TreeSample,
  feature: number,
  node: NodeRows,
  above: number,
): TreeSplit | null {
  return sample.features[feature]!.kind === 'number'
    ? numberSplit(sample, feature, node, above)
    : categorySplit(sample, feature, node, above);
}

function scoreOf(leftSum: number, leftWeight: number, { sum, weight }: NodeRows): number {
  const rightSum = sum - leftSum;
  const rightWeight = weight - leftWeight;
  return (leftSum * leftSum * rightWeight + rightSum * rightSum * leftWeight) / (leftWeight * rightWeight);
}

function numberSplit(sample: TreeSample, feature: number, node: NodeRows, above: number): TreeSplit | null {
  const { weighted, weights } = sample;
  const column = sample.columns[feature]!;
  const order = sample.orders[feature]!;
  let leftWeight = 0;
  let leftSum = 0;
  let score = above;
  let cutAt = -1;
  let before = order[node.from]!;
  for (let at = node.from + 1; at < node.to; at++) {
    const row = order[at]!;
    leftWeight += weights[before]!;
    leftSum += weighted[before]!;
    if (column[row]! !== column[before]!) {
      const here = scoreOf(leftSum, leftWeight, node);
      if (here > score) {
        score = here;
        cutAt = at;
      }
    }
    before = row;
  }
  if (cutAt < 0) return null;
  const low = column[order[cutAt - 1]!]!;
  const high = column[order[cutAt]!]!;
  const middle = (low + high) / 2;
  // Between two neighbouring doubles there is no middle.
  return { feature, score, threshold: middle > low ? middle : high, isLeft: null };
}

/** Counts of a node's rows by category, written over for each node. */
export interface CategoryTally {
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  /** The categories that occur, first in their own order and then by their means. */
  readonly codes: Int32Array;
}

/** Make room to count by category. */
export function categoryTally(features: readonly ForestFeature[]): CategoryTally {
  const n = Math.max(0, ...features.map((f) => (f.kind === 'category' ? f.nValues : 0)));
  return { weights: new Float64Array(n), sums: new Float64Array(n), codes: new Int32Array(n) };
}

function categorySplit(sample: TreeSample, feature: number, node: NodeRows, above: number): TreeSplit | null {
  const { weights, codes, sums } = sample.tally;
  const nCodes = countByCategory(sample, feature, node);
  let leftWeight = 0;
  let leftSum = 0;
  let score = above;
  let nLeft = 0;
  let weightLeft = 0;
  for (let n = 1; n < nCodes; n++) {
    leftWeight += weights[codes[n - 1]!]!;
    leftSum += sums[codes[n - 1]!]!;
    const here = scoreOf(leftSum, leftWeight, node);
    if (here > score) {
      score = here;
      nLeft = n;
      weightLeft = leftWeight;
    }
  }
  if (nLeft === 0) return null;
  // A category that none of the node's rows has goes with the larger side.
  const isUnseenLeft = weightLeft > node.weight / 2;
  const isLeft = Array.from(weights, (weight) => weight === 0 && isUnseenLeft);
  for (let n = 0; n < nLeft; n++) isLeft[codes[n]!] = true;
  return { feature, score, threshold: null, isLeft };
}

/** Fill the tally with a node's rows. @returns how many categories occur */
function countByCategory(sample: TreeSample, feature: number, { from, to }: NodeRows): number {
  const { weights, sums, codes } = sample.tally;
  const column = sample.columns[feature]!;
  const order = sample.orders[feature]!;
  weights.fill(0);
  sums.fill(0);
  let nCodes = 0;
  for (let at = from; at < to; at++) {
    const row = order[at]!;
    const code = column[row]!;
    if (weights[code] === 0) codes[nCodes++] = code;
    weights[code]! += sample.weights[row]!;
    sums[code]! += sample.weighted[row]!;
  }
  // By insertion: a node has few categories.
  for (let i = 1; i < nCodes; i++) {
    const code = codes[i]!;
    const mean = sums[code]! / weights[code]!;
    let at = i;
    for (; at > 0 && sums[codes[at - 1]!]! / weights[codes[at - 1]!]! > mean; at--)
      codes[at] = codes[at - 1]!;
    codes[at] = code;
  }
  return nCodes;
}

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
 * Find the cut of one feature that lowers a node's squared error most, or null where its rows have one value there.
 * Numbers are cut half-way between neighbours; categories in the order of their means, where the best subset is among
 * the cuts (Fisher 1958). `score` is the sum of both sides' squared sums over weights: larger is better.
 */
export function featureSplit(sample: TreeSample, feature: number, node: NodeRows): TreeSplit | null {
  const kind = sample.features[feature]!;
  return kind.kind === 'number'
    ? numberSplit(sample, feature, node)
    : categorySplit(sample, { feature, nValues: kind.nValues }, node);
}

function scoreOf(leftSum: number, leftWeight: number, { sum, weight }: NodeRows): number {
  const rightSum = sum - leftSum;
  const rightWeight = weight - leftWeight;
  return (leftSum * leftSum * rightWeight + rightSum * rightSum * leftWeight) / (leftWeight * rightWeight);
}

function numberSplit(sample: TreeSample, feature: number, node: NodeRows): TreeSplit | null {
  const { weighted, weights } = sample;
  const column = sample.columns[feature]!;
  const order = sample.orders[feature]!;
  let leftWeight = 0;
  let leftSum = 0;
  let score = Number.NEGATIVE_INFINITY;
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
  const below = column[order[cutAt - 1]!]!;
  const above = column[order[cutAt]!]!;
  const middle = (below + above) / 2;
  // Between two neighbouring doubles there is no middle.
  return { feature, score, threshold: middle > below ? middle : above, isLeft: null };
}

function categorySplit(
  sample: TreeSample,
  { feature, nValues }: { readonly feature: number; readonly nValues: number },
  node: NodeRows,
): TreeSplit | null {
  const column = sample.columns[feature]!;
  const order = sample.orders[feature]!;
  const weightOf = new Array<number>(nValues).fill(0);
  const sumOf = new Array<number>(nValues).fill(0);
  for (let at = node.from; at < node.to; at++) {
    const row = order[at]!;
    weightOf[column[row]!]! += sample.weights[row]!;
    sumOf[column[row]!]! += sample.weighted[row]!;
  }
  const codes: number[] = [];
  for (let code = 0; code < nValues; code++) if (weightOf[code]! > 0) codes.push(code);
  codes.sort((a, b) => sumOf[a]! / weightOf[a]! - sumOf[b]! / weightOf[b]!);
  let leftWeight = 0;
  let leftSum = 0;
  let score = Number.NEGATIVE_INFINITY;
  let nLeft = 0;
  let weightLeft = 0;
  for (let n = 1; n < codes.length; n++) {
    leftWeight += weightOf[codes[n - 1]!]!;
    leftSum += sumOf[codes[n - 1]!]!;
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
  const isLeft = weightOf.map((weight) => weight === 0 && isUnseenLeft);
  for (let n = 0; n < nLeft; n++) isLeft[codes[n]!] = true;
  return { feature, score, threshold: null, isLeft };
}

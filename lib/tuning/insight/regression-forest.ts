import type { RandomSource } from '@/lib/core/random';
import { grownTree, type RegressionTree } from './regression-tree';
import { categoryTally, type ForestTable, type TreeSample } from './tree-split';

export { boxLayout, type RegressionTree } from './regression-tree';
export type { ForestFeature, ForestTable } from './tree-split';

/** Rows drawn for one tree at most, so that its cost is bounded however long a study was. */
const MAX_DRAWN = 1000;

/**
 * Grow a random forest of regression trees (Breiman 2001): each on a bootstrap sample of the rows, of 1,000 draws at
 * most, split where the squared error falls most until a leaf's targets are equal or its rows alike. Every feature is
 * tried at every node, in random order, so that of equally good cuts none is preferred.
 *
 * @returns `nTrees` trees; none when there are no rows
 * @throws where a column is not as long as the targets, or a value is NaN
 */
export function regressionForest(
  table: ForestTable,
  options: { readonly nTrees: number; readonly random: RandomSource },
): readonly RegressionTree[] {
  requireWholeColumns(table);
  const nRows = table.targets.length;
  if (nRows === 0) return [];
  const sorted = table.columns.map((column) =>
    Int32Array.from(column.keys()).sort((a, b) => column[a]! - column[b]!),
  );
  return Array.from({ length: options.nTrees }, () =>
    grownTree(bootstrapSample(table, sorted, options.random), options.random),
  );
}

function requireWholeColumns({ columns, targets }: ForestTable): void {
  for (const column of [...columns, targets]) {
    if (column.length !== targets.length) {
      throw new Error(`Expected columns of ${targets.length} rows, got ${column.length}`);
    }
    if (column.some(Number.isNaN)) throw new Error('Expected numbers to grow trees from, got NaN');
  }
}

function bootstrapSample(
  table: ForestTable,
  sorted: readonly Int32Array[],
  random: RandomSource,
): TreeSample {
  const nRows = table.targets.length;
  const weights = new Float64Array(nRows);
  const weighted = new Float64Array(nRows);
  for (let i = 0; i < Math.min(nRows, MAX_DRAWN); i++) {
    const row = Math.floor(random() * nRows);
    weights[row]! += 1;
    weighted[row]! += table.targets[row]!;
  }
  const nSeen = weights.reduce((n, weight) => n + (weight > 0 ? 1 : 0), 0);
  const orders = sorted.map((rows, feature) => {
    const column = table.columns[feature]!;
    const seen = new Int32Array(nSeen);
    let n = 0;
    for (const row of rows) if (weights[row]! > 0) seen[n++] = row;
    return column[seen[0]!] === column[seen[nSeen - 1]!] ? null : seen;
  });
  return { ...table, weights, weighted, orders, nSeen, tally: categoryTally(table.features) };
}

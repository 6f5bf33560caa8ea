import { dotProduct, factorCholesky, inverseFromFactor, solveLower } from '@/lib/core/cholesky';

/** A remainder of this share of a column's variance, or less, is rounding. */
const NOTHING_LEFT = 1e-9;
/** A weight of this size, or less, is rounding. */
const NO_WEIGHT = 1e-6;

/**
 * Give the share of each column's variance that a linear regression on all the others explains (R² = 1 − 1 / VIF, VIF the
 * variance inflation factor). A column that is a sum of others gives 1, as do those it is made of.
 *
 * @param columns each of mean 0 and length 1
 */
export function explainedByOthers(columns: readonly Float64Array[]): Float64Array {
  const shares = new Float64Array(columns.length);
  if (columns.length === 0) return shares;
  const correlations = columns.map((a) =>
    Float64Array.from(columns, (b) => dotProduct(a, 0, b, 0, a.length)),
  );
  const { free, dependent } = independentColumns(correlations);
  const nFree = free.length;
  const matrix = partOf(correlations, free);
  if (!factorCholesky(matrix, nFree)) throw new Error('Expected independent columns');
  const inverse = new Float64Array(nFree * nFree);
  inverseFromFactor(matrix, nFree, inverse, new Float64Array(nFree * nFree));
  const at = (i: number, j: number) => inverse[Math.max(i, j) * nFree + Math.min(i, j)]!;
  for (const [i, column] of free.entries()) shares[column] = Math.max(0, 1 - 1 / at(i, i));
  for (const column of dependent) {
    shares[column] = 1;
    for (const [i, part] of free.entries()) {
      const weight = free.reduce((sum, one, j) => sum + at(i, j) * correlations[column]![one]!, 0);
      if (Math.abs(weight) > NO_WEIGHT) shares[part] = 1;
    }
  }
  return shares;
}

/** Tell columns that add something to those before them from those that do not. */
function independentColumns(correlations: readonly Float64Array[]) {
  const n = correlations.length;
  const factor = new Float64Array(n * n);
  const free: number[] = [];
  const dependent: number[] = [];
  for (const [column, with_] of correlations.entries()) {
    const rank = free.length;
    const known = Float64Array.from(free, (one) => with_[one]!);
    solveLower(factor, n, known, rank);
    const left = 1 - dotProduct(known, 0, known, 0, rank);
    if (left <= NOTHING_LEFT) {
      dependent.push(column);
      continue;
    }
    factor.set(known, rank * n);
    factor[rank * n + rank] = Math.sqrt(left);
    free.push(column);
  }
  return { free, dependent };
}

function partOf(correlations: readonly Float64Array[], taken: readonly number[]): Float64Array {
  return Float64Array.from(taken.flatMap((i) => taken.map((j) => correlations[i]![j]!)));
}

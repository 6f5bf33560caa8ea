/** Sum the products of two stretches of numbers. In four lanes, because a single sum waits for itself. */
export function dotProduct(
  a: Float64Array,
  aFrom: number,
  b: Float64Array,
  bFrom: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[aFrom + i]! * b[bFrom + i]!;
    s1 += a[aFrom + i + 1]! * b[bFrom + i + 1]!;
    s2 += a[aFrom + i + 2]! * b[bFrom + i + 2]!;
    s3 += a[aFrom + i + 3]! * b[bFrom + i + 3]!;
  }
  for (; i < length; i++) s0 += a[aFrom + i]! * b[bFrom + i]!;
  return s0 + s1 + (s2 + s3);
}

/**
 * Replace the lower triangle of a symmetric matrix, row-major n × n, by its Cholesky factor. The upper one is not looked at.
 *
 * @returns whether the matrix is positive definite; if not, it is left half done
 */
export function factorCholesky(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    // A row of the factor solves the equation of the rows above it.
    solveFrom(matrix, n, { b: matrix, bFrom: row, first: 0, last: i });
    const pivot = matrix[row + i]! - dotProduct(matrix, row, matrix, row, i);
    if (!(pivot > 0)) return false;
    matrix[row + i] = Math.sqrt(pivot);
  }
  return true;
}

/**
 * Solve L x = b in place for the leading rows of a Cholesky factor.
 *
 * @param rows how many rows, and numbers of `b`, take part
 */
export function solveLower(factor: Float64Array, n: number, b: Float64Array, rows: number): void {
  solveFrom(factor, n, { b, bFrom: 0, first: 0, last: rows });
}

/** Numbers of an equation's right side, from `b[bFrom]` on, and the rows of the factor that take part. */
interface RightSide {
  readonly b: Float64Array;
  readonly bFrom: number;
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
}

/** Solve for some rows in place, four at a time, so that each number solved is read once for four rows. */
function solveFrom(factor: Float64Array, n: number, { b, bFrom, first, last }: RightSide): void {
  let i = first;
  for (; i + 3 < last; i += 4) {
    const r0 = i * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    let s0 = b[bFrom + i - first]!;
    let s1 = b[bFrom + i - first + 1]!;
    let s2 = b[bFrom + i - first + 2]!;
    let s3 = b[bFrom + i - first + 3]!;
    for (let k = first; k < i; k++) {
      const x = b[bFrom + k - first]!;
      s0 -= factor[r0 + k]! * x;
      s1 -= factor[r1 + k]! * x;
      s2 -= factor[r2 + k]! * x;
      s3 -= factor[r3 + k]! * x;
    }
    s0 /= factor[r0 + i]!;
    s1 = (s1 - factor[r1 + i]! * s0) / factor[r1 + i + 1]!;
    s2 = (s2 - factor[r2 + i]! * s0 - factor[r2 + i + 1]! * s1) / factor[r2 + i + 2]!;
    s3 -= factor[r3 + i]! * s0 + factor[r3 + i + 1]! * s1 + factor[r3 + i + 2]! * s2;
    b[bFrom + i - first] = s0;
    b[bFrom + i - first + 1] = s1;
    b[bFrom + i - first + 2] = s2;
    b[bFrom + i - first + 3] = s3 / factor[r3 + i + 3]!;
  }
  for (; i < last; i++) {
    const known = dotProduct(factor, i * n + first, b, bFrom, i - first);
    b[bFrom + i - first] = (b[bFrom + i - first]! - known) / factor[i * n + i]!;
  }
}

/** Solve Lᵀ x = b in place for the leading rows of a Cholesky factor, four at a time. */
export function solveLowerTransposed(factor: Float64Array, n: number, b: Float64Array, rows: number): void {
  let i = rows - 1;
  for (; i >= 3; i -= 4) {
    const r3 = i * n;
    const r2 = r3 - n;
    const r1 = r2 - n;
    const r0 = r1 - n;
    const x3 = b[i]! / factor[r3 + i]!;
    const x2 = (b[i - 1]! - factor[r3 + i - 1]! * x3) / factor[r2 + i - 1]!;
    const x1 = (b[i - 2]! - factor[r3 + i - 2]! * x3 - factor[r2 + i - 2]! * x2) / factor[r1 + i - 2]!;
    const rest = factor[r3 + i - 3]! * x3 + factor[r2 + i - 3]! * x2 + factor[r1 + i - 3]! * x1;
    const x0 = (b[i - 3]! - rest) / factor[r0 + i - 3]!;
    b[i] = x3;
    b[i - 1] = x2;
    b[i - 2] = x1;
    b[i - 3] = x0;
    for (let j = 0; j < i - 3; j++) {
      b[j]! -= factor[r3 + j]! * x3 + factor[r2 + j]! * x2 + (factor[r1 + j]! * x1 + factor[r0 + j]! * x0);
    }
  }
  for (; i >= 0; i--) {
    const solved = b[i]! / factor[i * n + i]!;
    b[i] = solved;
    for (let j = 0; j < i; j++) b[j]! -= factor[i * n + j]! * solved;
  }
}

/**
 * Write the lower triangle of the inverse of the matrix that a Cholesky factor stands for.
 *
 * @param scratch n × n numbers that are overwritten
 */
export function inverseFromFactor(
  factor: Float64Array,
  n: number,
  inverse: Float64Array,
  scratch: Float64Array,
): void {
  // Row i of the scratch holds column i of L⁻¹, so that all sums run along rows.
  scratch.fill(0);
  for (let i = 0; i < n; i++) {
    scratch[i * n + i] = 1;
    solveFrom(factor, n, { b: scratch, bFrom: i * n + i, first: i, last: n });
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      inverse[i * n + j] = dotProduct(scratch, i * n + i, scratch, j * n + i, n - i);
    }
  }
}

/** Give the logarithm of the determinant of the matrix that a Cholesky factor stands for. */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(factor[i * n + i]!);
  return 2 * sum;
}

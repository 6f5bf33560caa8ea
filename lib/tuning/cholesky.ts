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
    for (let j = 0; j < i; j++) {
      const rest = matrix[row + j]! - dotProduct(matrix, row, matrix, j * n, j);
      matrix[row + j] = rest / matrix[j * n + j]!;
    }
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
  for (let i = 0; i < rows; i++) {
    b[i] = (b[i]! - dotProduct(factor, i * n, b, 0, i)) / factor[i * n + i]!;
  }
}

/** Solve Lᵀ x = b in place for the leading rows of a Cholesky factor. */
export function solveLowerTransposed(factor: Float64Array, n: number, b: Float64Array, rows: number): void {
  for (let i = rows - 1; i >= 0; i--) {
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
  for (let i = 0; i < n; i++) {
    const row = i * n;
    scratch[row + i] = 1 / factor[row + i]!;
    for (let k = i + 1; k < n; k++) {
      const sum = dotProduct(factor, k * n + i, scratch, row + i, k - i);
      scratch[row + k] = -sum / factor[k * n + k]!;
    }
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

const MAX_ITERATIONS = 25;
const SMALL_STEP = 1e-5;

/** A fitted logistic regression: log-odds are `intercept` + the sum of `weights` × columns. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Float64Array;
}

/** What `fitLogistic` needs. */
export interface LogisticTask {
  /** Row-major, rows × nColumns; columns on a common scale, since the ridge is one for all. */
  readonly values: Float64Array;
  readonly nColumns: number;
  /** 0 or 1 a row. */
  readonly labels: ArrayLike<number>;
  /** Rows to fit on. */
  readonly rows: ArrayLike<number>;
  /** Half this times the sum of squared weights is added to the negative log-likelihood: 1 / C of scikit-learn. */
  readonly ridge: number;
}

/** Fit a ridge logistic regression by Newton's method (iteratively reweighted least squares), intercept unpenalised. */
export function fitLogistic({ values, nColumns, labels, rows, ridge }: LogisticTask): LogisticModel {
  const k = nColumns + 1;
  const beta = new Float64Array(k);
  const present = new Int32Array(k);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const gradient = Float64Array.from(beta, (value, c) => (c === nColumns ? 0 : -ridge * value));
    const hessian = new Float64Array(k * k);
    for (let c = 0; c < nColumns; c++) hessian[c * k + c] = ridge;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * nColumns;
      const columnValue = (c: number) => (c === nColumns ? 1 : values[from + c]!);
      let nPresent = 0;
      let sum = 0;
      for (let c = 0; c < k; c++) {
        if (columnValue(c) === 0) continue;
        present[nPresent++] = c;
        sum += beta[c]! * columnValue(c);
      }
      const p = 1 / (1 + Math.exp(-sum));
      for (let x = 0; x < nPresent; x++) {
        const a = present[x]!;
        gradient[a]! += columnValue(a) * (labels[rows[i]!]! - p);
        const weighted = p * (1 - p) * columnValue(a);
        for (let y = 0; y <= x; y++) hessian[a * k + present[y]!]! += weighted * columnValue(present[y]!);
      }
    }
    const step = solve(hessian, gradient);
    for (let c = 0; c < k; c++) beta[c]! += step[c]!;
    if (step.every((value) => Math.abs(value) < SMALL_STEP)) break;
  }
  return { intercept: beta[nColumns]!, weights: beta.slice(0, nColumns) };
}

/** Log-odds of one row. */
export function logOdds({ intercept, weights }: LogisticModel, values: Float64Array, row: number): number {
  return weights.reduce((sum, weight, c) => sum + weight * values[row * weights.length + c]!, intercept);
}

/** Solve A x = b by Cholesky factorisation; A is symmetric positive definite, its lower triangle is given and overwritten. */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const k = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * k + j]!;
      for (let t = 0; t < j; t++) sum -= a[i * k + t]! * a[j * k + t]!;
      a[i * k + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * k + j]!;
    }
    for (let t = 0; t < i; t++) x[i]! -= a[i * k + t]! * x[t]!;
    x[i]! /= a[i * k + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    for (let t = i + 1; t < k; t++) x[i]! -= a[t * k + i]! * x[t]!;
    x[i]! /= a[i * k + i]!;
  }
  return x;
}

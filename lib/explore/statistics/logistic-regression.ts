import { factorCholesky, solveLower, solveLowerTransposed } from '@/lib/core/cholesky';

const MAX_ITERATIONS = 100;
/** The fit has come to rest when the penalised likelihood moves by less than this share of itself. */
const RESTING_SHARE = 1e-12;
/** Added to the diagonal where columns say the same, so that some solution is found. */
const SMALLEST_RIDGE = 1e-10;

/** A fitted logistic regression: log-odds are `intercept` + the sum of `weights` × columns. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Float64Array;
  /** −2 × log-likelihood of the rows fitted on, without the penalty. */
  readonly deviance: number;
}

/** What `fitLogistic` needs. */
export interface LogisticTask {
  /** Row-major, rows × nColumns, without missing values; columns on a common scale where there is a ridge, which is one for all. */
  readonly values: ArrayLike<number>;
  readonly nColumns: number;
  /** 0 or 1 a row. */
  readonly labels: ArrayLike<number>;
  /** Rows to fit on. */
  readonly rows: ArrayLike<number>;
  /** How often each row counts; once where left out. */
  readonly counts?: ArrayLike<number>;
  /** Half this times the sum of squared weights is added to the negative log-likelihood: 1 / C of scikit-learn. */
  readonly ridge: number;
}

/**
 * Fit a logistic regression by Newton's method (iteratively reweighted least squares), the intercept unpenalised, steps
 * halved while they make it worse. Where a column tells buyers apart without error and there is no ridge, its weight grows
 * until the deviance comes to rest.
 */
export function fitLogistic(task: LogisticTask): LogisticModel {
  const k = task.nColumns + 1;
  let beta = new Float64Array(k);
  let now = gradientAt(task, beta);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = newtonStep(now, k);
    let next = now;
    let moved = beta;
    for (let share = 1; share > 1e-6; share /= 2) {
      moved = beta.map((value, c) => value + share * step[c]!);
      next = gradientAt(task, moved);
      if (next.loss <= now.loss) break;
    }
    if (!(next.loss <= now.loss)) break;
    const isResting = now.loss - next.loss <= RESTING_SHARE * Math.max(1, Math.abs(now.loss));
    beta = moved;
    now = next;
    if (isResting) break;
  }
  return { intercept: beta[k - 1]!, weights: beta.slice(0, k - 1), deviance: 2 * now.negativeLogLikelihood };
}

/** The loss, its slope downhill, and its curvature, lower triangle. */
interface Slope {
  readonly loss: number;
  readonly negativeLogLikelihood: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function gradientAt(
  { values, nColumns, labels, rows, counts, ridge }: LogisticTask,
  beta: Float64Array,
): Slope {
  const k = nColumns + 1;
  const gradient = new Float64Array(k);
  const hessian = new Float64Array(k * k);
  const present = new Int32Array(k);
  const cells = new Float64Array(k);
  let negativeLogLikelihood = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const count = counts === undefined ? 1 : counts[row]!;
    if (count === 0) continue;
    let nPresent = 0;
    let sum = beta[nColumns]!;
    for (let c = 0, at = row * nColumns; c < nColumns; c++, at++) {
      const value = values[at]!;
      // Most indicators are 0, and add nothing.
      if (value === 0) continue;
      present[nPresent] = c;
      cells[nPresent++] = value;
      sum += beta[c]! * value;
    }
    present[nPresent] = nColumns;
    cells[nPresent++] = 1;
    const isBuyer = labels[row] === 1;
    negativeLogLikelihood += count * softplus(isBuyer ? -sum : sum);
    const p = 1 / (1 + Math.exp(-sum));
    const residual = count * ((isBuyer ? 1 : 0) - p);
    const curvature = count * p * (1 - p);
    for (let x = 0; x < nPresent; x++) {
      const a = present[x]!;
      gradient[a]! += cells[x]! * residual;
      const weighted = curvature * cells[x]!;
      for (let y = 0; y <= x; y++) hessian[a * k + present[y]!]! += weighted * cells[y]!;
    }
  }
  let penalty = 0;
  for (let c = 0; c < nColumns; c++) {
    gradient[c]! -= ridge * beta[c]!;
    hessian[c * k + c]! += ridge;
    penalty += 0.5 * ridge * beta[c]! * beta[c]!;
  }
  return { loss: negativeLogLikelihood + penalty, negativeLogLikelihood, gradient, hessian };
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function newtonStep({ gradient, hessian }: Slope, k: number): Float64Array {
  for (let ridge = 0; ; ridge = ridge === 0 ? SMALLEST_RIDGE : ridge * 100) {
    const factor = Float64Array.from(hessian);
    for (let c = 0; c < k; c++) factor[c * k + c]! += ridge;
    if (!factorCholesky(factor, k)) continue;
    const step = Float64Array.from(gradient);
    solveLower(factor, k, step, k);
    solveLowerTransposed(factor, k, step, k);
    return step;
  }
}

/** Log-odds of one row of a matrix as `LogisticTask.values`. */
export function logOdds(
  { intercept, weights }: Pick<LogisticModel, 'intercept' | 'weights'>,
  values: ArrayLike<number>,
  row: number,
): number {
  let sum = intercept;
  for (let c = 0, at = row * weights.length; c < weights.length; c++, at++) sum += weights[c]! * values[at]!;
  return sum;
}

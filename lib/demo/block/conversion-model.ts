import { LIST } from '../figures/list';
import { CONVERSION_GROUPS, type Memberships } from './conversion-figures';

/** Weight of the ridge that keeps groups without buyers from an infinitely negative effect. */
const RIDGE = 0.05;
const N_ITERATIONS = 12;

/**
 * The model that decides who converts: the log-odds of a subscriber are the sum of the effects of the groups that
 * the subscriber belongs to. It is the least informative model (of maximal entropy) whose expected buyers in every
 * group are those of the profile.
 */
export interface ConversionModel {
  /** Log-odds that all share. */
  readonly intercept: number;
  /** One effect a group of `CONVERSION_GROUPS`, on the scale of log-odds. */
  readonly effects: Float64Array;
}

/**
 * Fit the effects on the rows of one block by Newton's method on the convex dual (the same equations as a ridge
 * logistic regression, with the profile's buyers in the place of observed ones).
 */
export function fitConversionModel({ offsets, groups }: Memberships): ConversionModel {
  const n = offsets.length - 1;
  const k = CONVERSION_GROUPS.length;
  const overall = LIST.nBuyers / LIST.nSubscribers;
  const intercept = Math.log(overall / (1 - overall));
  const effects = new Float64Array(k);
  for (let iteration = 0; iteration < N_ITERATIONS; iteration++) {
    const gradient = Float64Array.from(CONVERSION_GROUPS, ({ buyers }, g) => buyers - RIDGE * effects[g]!);
    const hessian = new Float64Array(k * k);
    for (let g = 0; g < k; g++) hessian[g * k + g] = RIDGE;
    for (let row = 0; row < n; row++) {
      const from = offsets[row]!;
      const to = offsets[row + 1]!;
      const p = probability(intercept, effects, groups, from, to);
      const weight = p * (1 - p);
      for (let a = from; a < to; a++) {
        gradient[groups[a]!]! -= p;
        const base = groups[a]! * k;
        for (let b = from; b <= a; b++) hessian[base + groups[b]!]! += weight;
      }
    }
    const step = solveSymmetric(hessian, gradient);
    let largest = 0;
    for (let g = 0; g < k; g++) largest = Math.max(largest, Math.abs(step[g]!));
    const damping = Math.min(1, 2 / largest);
    for (let g = 0; g < k; g++) effects[g]! += damping * step[g]!;
    if (largest < 1e-3) break;
  }
  return { intercept, effects };
}

/** The true probability of each row to convert, 0 to 1. */
export function conversionProbabilities(
  { intercept, effects }: ConversionModel,
  { offsets, groups }: Memberships,
): Float32Array {
  return Float32Array.from({ length: offsets.length - 1 }, (_, row) =>
    probability(intercept, effects, groups, offsets[row]!, offsets[row + 1]!),
  );
}

function probability(
  intercept: number,
  effects: Float64Array,
  groups: Uint16Array,
  from: number,
  to: number,
): number {
  let logOdds = intercept;
  for (let at = from; at < to; at++) logOdds += effects[groups[at]!]!;
  return 1 / (1 + Math.exp(-logOdds));
}

/**
 * Solve A x = b for a symmetric positive definite A of which the lower triangle is given (row-major), by
 * Cholesky factorisation in place.
 */
function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
  const k = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * k + j]!;
      for (let t = 0; t < j; t++) sum -= a[i * k + t]! * a[j * k + t]!;
      if (i !== j) a[i * k + j] = sum / a[j * k + j]!;
      else if (sum > 0) a[i * k + i] = Math.sqrt(sum);
      else throw new Error(`matrix is not positive definite at row ${i}`);
    }
    let sum = x[i]!;
    for (let t = 0; t < i; t++) sum -= a[i * k + t]! * x[t]!;
    x[i] = sum / a[i * k + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let t = i + 1; t < k; t++) sum -= a[t * k + i]! * x[t]!;
    x[i] = sum / a[i * k + i]!;
  }
  return x;
}

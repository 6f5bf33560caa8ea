import {
  dotProduct,
  factorCholesky,
  inverseFromFactor,
  logDeterminant,
  solveLower,
  solveLowerTransposed,
} from '@/lib/core/cholesky';
import type { ObservedPoints } from './gaussian-process';

const SQRT_5 = Math.sqrt(5);
const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * Log density of the results under a kernel, whose parameters come as logarithms: the lengthscales, the variance of the
 * signal, the variance of the noise. Writes its derivatives in those; gives −∞ and derivatives 0 where the kernel matrix is
 * not positive definite.
 */
export type LogLikelihood = (logKernel: Float64Array, derivatives: Float64Array) => number;

/**
 * Give the log marginal likelihood of a Gaussian process of mean 0 with a Matérn 5/2 kernel, as a function of the kernel
 * (Rasmussen & Williams 2006, eq. 5.8 and 5.9).
 *
 * @param lengthscaleOf coordinate to the place of its lengthscale, from 0 without gaps: indicators of a category share one
 */
export function logMarginalLikelihood(
  { inputs, targets }: ObservedPoints,
  lengthscaleOf: readonly number[],
): LogLikelihood {
  const n = targets.length;
  const nScales = Math.max(...lengthscaleOf) + 1;
  const pairs = createPairs(inputs, n, lengthscaleOf);
  const factor = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const scratch = new Float64Array(n * n);
  const weights = new Float64Array(n);

  return (logKernel, derivatives) => {
    derivatives.fill(0);
    const signal = Math.exp(logKernel[nScales]!);
    const noise = Math.exp(logKernel[nScales + 1]!);
    pairs.update(logKernel);
    fillKernelMatrix(factor, n, { correlations: pairs.correlations, signal, noise });
    if (!factorCholesky(factor, n)) return Number.NEGATIVE_INFINITY;
    weights.set(targets);
    solveLower(factor, n, weights, n);
    const fit = dotProduct(weights, 0, weights, 0, n);
    solveLowerTransposed(factor, n, weights, n);
    inverseFromFactor(factor, n, inverse, scratch);
    // Half the trace of (weights weightsᵀ − inverse) times the kernel matrix's derivative, pairs counted once for two.
    let p = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++, p++) {
        const share = signal * (weights[i]! * weights[j]! - inverse[i * n + j]!);
        derivatives[nScales]! += share * pairs.correlations[p]!;
        pairs.addDerivatives(p, share, derivatives);
      }
      const share = 0.5 * (weights[i]! * weights[i]! - inverse[i * n + i]!);
      derivatives[nScales]! += share * signal;
      derivatives[nScales + 1]! += share * noise;
    }
    return -0.5 * (fit + logDeterminant(factor, n) + n * LOG_2_PI);
  };
}

/** Pairs of points (1, 0), (2, 0), (2, 1), … with what the kernel says of each. */
function createPairs(inputs: Float64Array, n: number, lengthscaleOf: readonly number[]) {
  const nScales = Math.max(...lengthscaleOf) + 1;
  const nPairs = (n * (n - 1)) / 2;
  const squares = squaredDifferences(inputs, n, { lengthscaleOf, nScales });
  const precisions = new Float64Array(nScales);
  const correlations = new Float64Array(nPairs);
  const slopes = new Float64Array(nPairs);
  return {
    correlations,
    update(logKernel: Float64Array) {
      for (let s = 0; s < nScales; s++) precisions[s] = Math.exp(-2 * logKernel[s]!);
      for (let p = 0; p < nPairs; p++) {
        let squared = 0;
        for (let s = 0; s < nScales; s++) squared += squares[p * nScales + s]! * precisions[s]!;
        const distance = SQRT_5 * Math.sqrt(squared);
        const decay = Math.exp(-distance);
        correlations[p] = (1 + distance + (5 / 3) * squared) * decay;
        slopes[p] = (5 / 3) * (1 + distance) * decay;
      }
    },
    /** Add a share of a pair's derivatives in the logarithms of the lengthscales. */
    addDerivatives(p: number, share: number, derivatives: Float64Array) {
      const part = share * slopes[p]!;
      for (let s = 0; s < nScales; s++) {
        derivatives[s]! += part * squares[p * nScales + s]! * precisions[s]!;
      }
    },
  };
}

function squaredDifferences(
  inputs: Float64Array,
  n: number,
  { lengthscaleOf, nScales }: { readonly lengthscaleOf: readonly number[]; readonly nScales: number },
): Float64Array {
  const nCoordinates = lengthscaleOf.length;
  const squares = new Float64Array(((n * (n - 1)) / 2) * nScales);
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++, p++) {
      for (let d = 0; d < nCoordinates; d++) {
        const difference = inputs[i * nCoordinates + d]! - inputs[j * nCoordinates + d]!;
        squares[p * nScales + lengthscaleOf[d]!]! += difference * difference;
      }
    }
  }
  return squares;
}

function fillKernelMatrix(
  matrix: Float64Array,
  n: number,
  {
    correlations,
    signal,
    noise,
  }: { readonly correlations: Float64Array; readonly signal: number; readonly noise: number },
): void {
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++, p++) matrix[i * n + j] = signal * correlations[p]!;
    matrix[i * n + i] = signal + noise;
  }
}

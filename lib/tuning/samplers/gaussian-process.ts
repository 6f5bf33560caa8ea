import { dotProduct, factorCholesky, solveLower, solveLowerTransposed } from '@/lib/core/cholesky';
import { fillMatern, type MaternKernel, type ScaledPoints, scaledPoints } from './matern-kernel';

/** Points with the results that a Gaussian process is conditioned on. */
export interface ObservedPoints {
  /** Row-major, one row a point. */
  readonly inputs: Float64Array;
  /** One a point. */
  readonly targets: Float64Array;
}

/** What a Gaussian process says of the function at one point, noise left out. */
export interface Prediction {
  readonly mean: number;
  readonly variance: number;
}

/** Derivatives of a prediction along the coordinates. */
export interface PredictionSlopes {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Whether a point is worth its variance, told its mean and a variance that the true one does not exceed. */
export type WorthTest = (mean: number, mostVariance: number) => boolean;

/** A Gaussian process after it has seen points. */
export interface Posterior {
  /** Mean at each observed point, in their order. */
  readonly observedMeans: Float64Array;
  predict(point: Float64Array): Prediction;
  /** The same, but null, at a tenth of the cost, where the point is not worth it. */
  predictIfWorth(point: Float64Array, isWorth: WorthTest): Prediction | null;
  /** The same with derivatives, which are overwritten when it is asked again. */
  predictWithSlopes(point: Float64Array): Prediction & { readonly slopes: PredictionSlopes };
}

/** Least variance that is told: rounding makes less of it no knowledge. */
const LEAST_VARIANCE = 1e-12;

/**
 * Condition a Gaussian process of mean 0 with a Matérn 5/2 kernel on results (Rasmussen & Williams 2006, algorithm 2.1).
 *
 * @param pending inputs, row-major, of points whose results are not known: they are taken to give what the process expects
 * of them ("kriging believer", Ginsbourger et al. 2010), which lowers the variance around them and leaves the mean as it is
 * @throws where the kernel matrix is not positive definite: the noise is too small for points so close
 */
export function posteriorOf(
  { inputs, targets }: ObservedPoints,
  kernel: MaternKernel,
  pending: Float64Array = new Float64Array(0),
): Posterior {
  const { lengthscales, signalVariance, noiseVariance } = kernel;
  const nDimensions = lengthscales.length;
  const nObserved = targets.length;
  const rows = new Float64Array(inputs.length + pending.length);
  rows.set(inputs);
  rows.set(pending, inputs.length);
  const points = scaledPoints(rows, lengthscales);
  const { nPoints } = points;
  const factor = kernelFactor(points, kernel);
  // The leading rows of the factor are the factor of the observed points alone.
  const weights = targets.slice();
  solveLower(factor, nPoints, weights, nObserved);
  solveLowerTransposed(factor, nPoints, weights, nObserved);

  const row = { correlations: new Float64Array(nPoints), slopes: new Float64Array(nPoints) };
  const solved = new Float64Array(nPoints);
  const slopes = { mean: new Float64Array(nDimensions), variance: new Float64Array(nDimensions) };
  const meanParts = new Float64Array(nPoints);
  const varianceParts = new Float64Array(nPoints);
  const inLengthscales = (point: Float64Array) => point.map((x, d) => x / lengthscales[d]!);
  const meanAt = (scaled: Float64Array) => {
    fillMatern(scaled, points, nPoints, row);
    return signalVariance * dotProduct(row.correlations, 0, weights, 0, nObserved);
  };
  const varianceThere = () => {
    for (let i = 0; i < nPoints; i++) solved[i] = signalVariance * row.correlations[i]!;
    solveLower(factor, nPoints, solved, nPoints);
    return Math.max(LEAST_VARIANCE, signalVariance - dotProduct(solved, 0, solved, 0, nPoints));
  };
  /** What knowing the nearest point alone would leave; knowing more leaves less. */
  const mostVarianceThere = () => {
    let nearest = 0;
    for (let i = 0; i < nPoints; i++) nearest = Math.max(nearest, row.correlations[i]!);
    const known = (nearest * nearest * signalVariance) / (signalVariance + noiseVariance);
    return Math.max(LEAST_VARIANCE, signalVariance * (1 - known));
  };
  /** Along each coordinate, sum the parts times the way from the points. */
  const writeSlopes = (scaled: Float64Array, parts: Float64Array, to: Float64Array) => {
    let total = 0;
    for (let i = 0; i < nPoints; i++) total += parts[i]!;
    for (let d = 0; d < nDimensions; d++) {
      const there = dotProduct(parts, 0, points.coordinates, d * nPoints, nPoints);
      to[d] = (scaled[d]! * total - there) / lengthscales[d]!;
    }
  };
  return {
    observedMeans: targets.map((target, i) => target - noiseVariance * weights[i]!),
    predict(point) {
      const mean = meanAt(inLengthscales(point));
      return { mean, variance: varianceThere() };
    },
    predictIfWorth(point, isWorth) {
      const mean = meanAt(inLengthscales(point));
      return isWorth(mean, mostVarianceThere()) ? { mean, variance: varianceThere() } : null;
    },
    predictWithSlopes(point) {
      const scaled = inLengthscales(point);
      const mean = meanAt(scaled);
      const variance = varianceThere();
      solveLowerTransposed(factor, nPoints, solved, nPoints);
      for (let i = 0; i < nPoints; i++) {
        const slope = 2 * signalVariance * row.slopes[i]!;
        meanParts[i] = i < nObserved ? slope * weights[i]! : 0;
        varianceParts[i] = -2 * slope * solved[i]!;
      }
      writeSlopes(scaled, meanParts, slopes.mean);
      writeSlopes(scaled, varianceParts, slopes.variance);
      return { mean, variance, slopes };
    },
  };
}

/** Factor the kernel matrix of points, noise on its diagonal. */
function kernelFactor(points: ScaledPoints, kernel: MaternKernel): Float64Array {
  const { signalVariance, noiseVariance, lengthscales } = kernel;
  const { coordinates, nPoints } = points;
  const factor = new Float64Array(nPoints * nPoints);
  const row = { correlations: new Float64Array(nPoints), slopes: new Float64Array(nPoints) };
  const point = new Float64Array(lengthscales.length);
  for (let i = 0; i < nPoints; i++) {
    for (let d = 0; d < point.length; d++) point[d] = coordinates[d * nPoints + i]!;
    fillMatern(point, points, i, row);
    for (let j = 0; j < i; j++) factor[i * nPoints + j] = signalVariance * row.correlations[j]!;
    factor[i * nPoints + i] = signalVariance + noiseVariance;
  }
  if (!factorCholesky(factor, nPoints)) {
    throw new Error(`The kernel matrix of ${nPoints} points is not positive definite`);
  }
  return factor;
}

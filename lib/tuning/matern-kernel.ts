const SQRT_5 = Math.sqrt(5);

/** A stationary kernel of points whose every coordinate has a lengthscale of its own. */
export interface MaternKernel {
  /** One a coordinate: how far two points may lie apart along it and still tell of each other. */
  readonly lengthscales: Float64Array;
  readonly signalVariance: number;
  /** Variance of a result about the function. */
  readonly noiseVariance: number;
}

/**
 * Write the Matérn 5/2 correlations (Rasmussen & Williams, "Gaussian processes for machine learning", 2006, eq. 4.17) of one
 * point with the first `nOthers` rows of others, and the derivative of each in the squared distance. All coordinates are in
 * lengthscales.
 *
 * @param others row-major, as many coordinates a row as the point has
 */
export function fillMatern(
  point: Float64Array,
  others: Float64Array,
  nOthers: number,
  out: { readonly correlations: Float64Array; readonly slopes: Float64Array },
): void {
  const nDimensions = point.length;
  for (let i = 0; i < nOthers; i++) {
    const row = i * nDimensions;
    let squared = 0;
    for (let d = 0; d < nDimensions; d++) {
      const difference = point[d]! - others[row + d]!;
      squared += difference * difference;
    }
    const distance = SQRT_5 * Math.sqrt(squared);
    const decay = Math.exp(-distance);
    out.correlations[i] = (1 + distance + (5 / 3) * squared) * decay;
    out.slopes[i] = (-5 / 6) * (1 + distance) * decay;
  }
}

/** Put points, row-major, into lengthscales. */
export function inLengthscales(points: Float64Array, lengthscales: Float64Array): Float64Array {
  const nDimensions = lengthscales.length;
  const scaled = new Float64Array(points.length);
  for (let i = 0; i < points.length; i++) scaled[i] = points[i]! / lengthscales[i % nDimensions]!;
  return scaled;
}

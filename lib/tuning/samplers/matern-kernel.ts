const SQRT_5 = Math.sqrt(5);

/** A stationary kernel of points whose every coordinate has a lengthscale of its own. */
export interface MaternKernel {
  /** One a coordinate: how far two points may lie apart along it and still tell of each other. */
  readonly lengthscales: Float64Array;
  readonly signalVariance: number;
  /** Variance of a result about the function. */
  readonly noiseVariance: number;
}

/** Points in lengthscales, coordinate by coordinate: all first ones, then all second ones. */
export interface ScaledPoints {
  readonly coordinates: Float64Array;
  readonly nPoints: number;
}

/** Put points, row-major, into lengthscales. */
export function scaledPoints(rows: Float64Array, lengthscales: Float64Array): ScaledPoints {
  const nDimensions = lengthscales.length;
  const nPoints = rows.length / nDimensions;
  const coordinates = new Float64Array(rows.length);
  for (let i = 0; i < nPoints; i++) {
    for (let d = 0; d < nDimensions; d++) {
      coordinates[d * nPoints + i] = rows[i * nDimensions + d]! / lengthscales[d]!;
    }
  }
  return { coordinates, nPoints };
}

/**
 * Write the Matérn 5/2 correlations (Rasmussen & Williams, "Gaussian processes for machine learning", 2006, eq. 4.17) of one
 * point, in lengthscales, with the first `nOthers` of others, and the derivative of each in the squared distance.
 */
export function fillMatern(
  point: Float64Array,
  { coordinates, nPoints }: ScaledPoints,
  nOthers: number,
  out: { readonly correlations: Float64Array; readonly slopes: Float64Array },
): void {
  const { correlations, slopes } = out;
  correlations.fill(0, 0, nOthers);
  // Coordinate by coordinate: the inner loop is long, and reads what lies side by side.
  for (let d = 0; d < point.length; d++) {
    const x = point[d]!;
    const from = d * nPoints;
    for (let i = 0; i < nOthers; i++) {
      const difference = x - coordinates[from + i]!;
      correlations[i]! += difference * difference;
    }
  }
  for (let i = 0; i < nOthers; i++) {
    const squared = correlations[i]!;
    const distance = SQRT_5 * Math.sqrt(squared);
    const decay = Math.exp(-distance);
    correlations[i] = (1 + distance + (5 / 3) * squared) * decay;
    slopes[i] = (-5 / 6) * (1 + distance) * decay;
  }
}

import type { RandomSource } from '@/lib/core/random';
import { type ScaledRange, scaledRange, scaledValue, unscaledValue } from './distribution';
import { normalMass, truncatedNormalDraw } from './normal-distribution';
import type { Distribution } from './search-space';

/** Values of one point, in the order of the estimator's dimensions. */
export type Coordinates = readonly number[];

interface Dimension {
  readonly distribution: Distribution;
  readonly range: ScaledRange;
  /** Width of the kernel around each observation, on the sampling scale. */
  readonly sigma: number;
}

/** A density over the search space, as a mixture of kernels around observed points. */
export interface ParzenEstimator {
  /** Draw one point: pick a kernel, then every dimension from it, so that parameters stay together as observed. */
  draw(random: RandomSource): Coordinates;
  /** Natural logarithm of the density (of the probability, in dimensions of whole numbers) at a point. */
  logDensity(point: Coordinates): number;
}

/**
 * Estimate a density from points, as the multivariate tree-structured Parzen estimator does (Bergstra et al. 2011;
 * Falkner et al. 2018 for the joint kernel; the widths are Optuna's): around each point a product of normal kernels cut
 * off at the bounds, plus one kernel as wide as the space at its middle, which keeps every value possible. Newer points
 * weigh more once there are more than 25. Whole numbers are scored by the mass between their half steps.
 *
 * @param distributions one a dimension
 * @param points oldest first; may be empty, which leaves the wide kernel alone
 */
export function parzenEstimator(
  distributions: readonly Distribution[],
  points: readonly Coordinates[],
): ParzenEstimator {
  const dimensions = distributions.map((distribution) =>
    dimensionOf(distribution, points.length, distributions.length),
  );
  const kernels = [
    ...points.map((point) => observedKernel(dimensions, point)),
    dimensions.map(({ range }) =>
      kernelDimension(range, (range.low + range.high) / 2, range.high - range.low),
    ),
  ];
  const weights = kernelWeights(points.length);
  return {
    draw(random) {
      const kernel = kernels[weightedIndex(weights, random)]!;
      return dimensions.map(({ distribution, range }, d) =>
        unscaledValue(distribution, truncatedNormalDraw(range, kernel[d]!.centre, kernel[d]!.sigma, random)),
      );
    },
    logDensity(point) {
      const cells = dimensions.map(({ distribution }, d) => cellAround(distribution, point[d]!));
      return logSumOfExponentials(
        kernels.map((kernel, k) => Math.log(weights[k]!) + kernelLogDensity(kernel, cells)),
      );
    },
  };
}

interface KernelDimension {
  readonly centre: number;
  readonly sigma: number;
  /** log of the kernel's mass within the bounds */
  readonly logMass: number;
}

/** A value with the half steps around it, on the sampling scale; the two are equal for a float. */
interface Cell {
  readonly from: number;
  readonly to: number;
}

function dimensionOf(distribution: Distribution, nPoints: number, nDimensions: number): Dimension {
  const range = scaledRange(distribution);
  const width = range.high - range.low;
  const byCount = 0.2 * Math.max(nPoints, 1) ** (-1 / (nDimensions + 4)) * width;
  // Few points must not make narrow kernels: one lucky trial would draw all the next ones to itself.
  const narrowest = width / Math.min(100, nPoints + 2);
  return { distribution, range, sigma: Math.min(width, Math.max(narrowest, byCount)) };
}

function kernelDimension(range: ScaledRange, centre: number, sigma: number): KernelDimension {
  const mass = normalMass((range.low - centre) / sigma, (range.high - centre) / sigma);
  return { centre, sigma, logMass: Math.log(mass) };
}

function observedKernel(dimensions: readonly Dimension[], point: Coordinates): readonly KernelDimension[] {
  return dimensions.map(({ distribution, range, sigma }, d) =>
    kernelDimension(range, scaledValue(distribution, point[d]!), sigma),
  );
}

function cellAround(distribution: Distribution, value: number): Cell {
  const halfStep = distribution.type === 'int' ? 0.5 : 0;
  return {
    from: scaledValue(distribution, value - halfStep),
    to: scaledValue(distribution, value + halfStep),
  };
}

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

function kernelLogDensity(kernel: readonly KernelDimension[], cells: readonly Cell[]): number {
  let sum = 0;
  for (let d = 0; d < kernel.length; d++) {
    const { centre, sigma, logMass } = kernel[d]!;
    const { from, to } = cells[d]!;
    const z = (from - centre) / sigma;
    sum -= logMass;
    if (from === to) sum -= 0.5 * z * z + Math.log(sigma) + LOG_SQRT_2_PI;
    else sum += Math.log(normalMass(z, (to - centre) / sigma));
  }
  return sum;
}

/** The newest 25 points and the wide kernel weigh 1, older points less and less. Sum 1. */
function kernelWeights(nPoints: number): readonly number[] {
  const nOlder = Math.max(0, nPoints - 25);
  const raw = Array.from({ length: nPoints + 1 }, (_, i) =>
    i < nOlder ? (nOlder === 1 ? 1 / nPoints : 1 / nPoints + ((1 - 1 / nPoints) * i) / (nOlder - 1)) : 1,
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}

function weightedIndex(weights: readonly number[], random: RandomSource): number {
  let left = random();
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

function logSumOfExponentials(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}

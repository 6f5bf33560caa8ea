import type { RandomSource } from '@/lib/core/random';
import type { ParamValue } from '@/lib/tuning/space/search-space';
import { isActive, type Parameter } from './active-parameters';
import { kernelCoordinate, parameterKernels } from './parzen-kernels';
import type { SamplePoint } from './sampler';

/** A density over the points of a search space, as a mixture of kernels around observed points. */
export interface ParzenEstimator {
  /** Draw one point: pick a kernel, then every parameter from it, so that parameters stay together as observed. */
  draw(random: RandomSource): SamplePoint;
  /** Natural logarithm of the density (of the probability, in parameters with steps) at a point. */
  logDensity(point: SamplePoint): number;
}

/**
 * Estimate a density from points, as the multivariate tree-structured Parzen estimator does (Bergstra et al. 2011;
 * Falkner et al. 2018 for the joint kernel; widths and weights as in Optuna 5): around each point a product of kernels,
 * normal ones cut off at the bounds for numbers, plus one kernel as wide as the space at its middle, which keeps every
 * value possible. Newer points weigh more once there are more than 25.
 *
 * A conditional parameter takes part where its condition holds. A kernel whose own point lacked it has the wide kernel
 * there: it says which branch of the space is good and nothing about a parameter it never saw. So points of different
 * branches are compared by one proper density over all of them.
 *
 * @param parameters those on which others depend first; see `parametersInOrder`
 * @param points oldest first; may be empty, which leaves the wide kernel alone
 */
export function parzenEstimator(
  parameters: readonly Parameter[],
  points: readonly SamplePoint[],
): ParzenEstimator {
  const columns = parameters.map((parameter) => ({
    ...parameter,
    kernels: parameterKernels(parameter, coordinatesOf(parameter, points)),
  }));
  const weights = kernelWeights(points.length);
  const logWeights = weights.map(Math.log);
  const sums = new Float64Array(weights.length);
  return {
    draw(random) {
      const kernel = weightedIndex(weights, random);
      const point: Record<string, ParamValue> = {};
      for (const { name, distribution, kernels } of columns) {
        if (isActive(distribution, point)) point[name] = kernels.valueOf(kernels.draw(kernel, random));
      }
      return point;
    },
    logDensity(point) {
      sums.set(logWeights);
      for (const { name, distribution, kernels } of columns) {
        const value = point[name];
        if (value !== undefined) kernels.addLogDensities(kernelCoordinate(distribution, value), sums);
      }
      return logSumOfExponentials(sums);
    },
  };
}

function coordinatesOf({ name, distribution }: Parameter, points: readonly SamplePoint[]): Float64Array {
  const coordinates = new Float64Array(points.length).fill(Number.NaN);
  points.forEach((point, k) => {
    const value = point[name];
    if (value !== undefined) coordinates[k] = kernelCoordinate(distribution, value);
  });
  return coordinates;
}

/** The newest 25 points and the wide kernel weigh 1, older points less and less. Sum 1. */
function kernelWeights(nPoints: number): Float64Array {
  const nOlder = Math.max(0, nPoints - 25);
  const weights = new Float64Array(nPoints + 1).fill(1);
  for (let i = 0; i < nOlder; i++) {
    weights[i] = 1 / nPoints + (nOlder === 1 ? 0 : ((1 - 1 / nPoints) * i) / (nOlder - 1));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function weightedIndex(weights: Float64Array, random: RandomSource): number {
  let left = random();
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

function logSumOfExponentials(logs: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) largest = Math.max(largest, logs[i]!);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += Math.exp(logs[i]! - largest);
  return largest + Math.log(sum);
}

import { boxMinimum, type Differentiable } from './box-minimum';
import type { ObservedPoints } from './gaussian-process';
import { logMarginalLikelihood } from './marginal-likelihood';
import type { MaternKernel } from './matern-kernel';

/** A normal prior on the logarithm of one of a kernel's parameters, and the bounds within which it is searched. */
interface LogPrior {
  readonly mean: number;
  readonly sigma: number;
  readonly low: number;
  readonly high: number;
}

/** Standardised results have variance 1, most of it signal until they show otherwise. */
const SIGNAL_PRIOR: LogPrior = { mean: 0, sigma: 1, low: Math.log(0.05), high: Math.log(20) };
const NOISE_PRIOR: LogPrior = { mean: Math.log(1e-3), sigma: 2.5, low: Math.log(1e-6), high: 0 };

/**
 * Lengthscales in a unit cube grow with the square root of its dimensions, as distances do (Hvarfner et al., "Vanilla
 * Bayesian optimization performs great in high dimensions", 2024); the width is narrower than theirs, for short studies.
 */
function lengthscalePrior(nScales: number): LogPrior {
  const mean = Math.log(0.27 * Math.sqrt(nScales));
  return { mean, sigma: 0.8, low: Math.log(0.02), high: Math.log(20) };
}

/**
 * A fit costs the cube of its points, so the first looks are at few of them, and none at more than enough to tell
 * lengthscales apart.
 */
const FIRST_LOOK = { nPoints: 25, nEvaluations: 20 };
const SECOND_LOOK = { nPoints: 40, nEvaluations: 12 };

/**
 * The same results can be a rough function seen clearly or a smooth one under noise, and no way leads downhill from one to
 * the other: both are tried. The noise's variance, and how much longer than their priors' middle the lengthscales are.
 */
const STARTS = [
  { noise: 0.001, stretch: 1 },
  { noise: 0.3, stretch: 2 },
] as const;

/**
 * Fit a Matérn 5/2 kernel to standardised results: the parameters of the largest posterior density, searched downhill from
 * two starts. With more than 40 points it goes by 40 of them, spread evenly over their order. Deterministic, and good for
 * one point or for results that are all equal, where the priors decide.
 *
 * @param lengthscaleOf coordinate to the place of its lengthscale; see `logMarginalLikelihood`
 */
export function fittedKernel(observed: ObservedPoints, lengthscaleOf: readonly number[]): MaternKernel {
  const nScales = Math.max(...lengthscaleOf) + 1;
  const priors = [
    ...Array.from({ length: nScales }, () => lengthscalePrior(nScales)),
    SIGNAL_PRIOR,
    NOISE_PRIOR,
  ];
  const kernel = mostProbable(observed, lengthscaleOf, priors).map(Math.exp);
  return {
    lengthscales: Float64Array.from(lengthscaleOf, (place) => kernel[place]!),
    signalVariance: kernel[nScales]!,
    noiseVariance: kernel[nScales + 1]!,
  };
}

/** Go downhill from each start on few points, and from the one that suits more points better on those. */
function mostProbable(
  observed: ObservedPoints,
  lengthscaleOf: readonly number[],
  priors: readonly LogPrior[],
): Float64Array {
  const few = representatives(observed, FIRST_LOOK.nPoints);
  const more = representatives(observed, SECOND_LOOK.nPoints);
  const costOfFew = negativeLogPosterior(few, lengthscaleOf, priors);
  const costOfMore = more === few ? costOfFew : negativeLogPosterior(more, lengthscaleOf, priors);
  const minimum = (cost: Differentiable, start: Float64Array, nEvaluations: number) =>
    boxMinimum(cost, {
      start,
      low: Float64Array.from(priors, ({ low }) => low),
      high: Float64Array.from(priors, ({ high }) => high),
      nEvaluations,
      tolerance: 0.01,
    }).at;
  const unused = new Float64Array(priors.length);
  const firsts = STARTS.map((start) => {
    const at = minimum(costOfFew, startOf(start, priors), FIRST_LOOK.nEvaluations);
    return { at, value: costOfMore(at, unused) };
  });
  const first = firsts.reduce((a, b) => (b.value < a.value ? b : a));
  return more === few ? first.at : minimum(costOfMore, first.at, SECOND_LOOK.nEvaluations);
}

/** The middle of the priors, but for the noise and the stretched lengthscales. */
function startOf({ noise, stretch }: (typeof STARTS)[number], priors: readonly LogPrior[]): Float64Array {
  const start = Float64Array.from(priors, ({ mean }, k) => {
    return k < priors.length - 2 ? mean + Math.log(stretch) : mean;
  });
  start[priors.length - 1] = Math.log(noise);
  return start;
}

function negativeLogPosterior(
  points: ObservedPoints,
  lengthscaleOf: readonly number[],
  priors: readonly LogPrior[],
): Differentiable {
  const likelihood = logMarginalLikelihood(points, lengthscaleOf);
  return (logKernel, derivatives) => {
    let value = -likelihood(logKernel, derivatives);
    priors.forEach(({ mean, sigma }, k) => {
      const z = (logKernel[k]! - mean) / sigma;
      value += 0.5 * z * z;
      derivatives[k] = z / sigma - derivatives[k]!;
    });
    return value;
  };
}

/** Pick so many of the points, evenly over their order; all of them, the very object, where there are no more. */
function representatives(observed: ObservedPoints, nPoints: number): ObservedPoints {
  const { inputs, targets } = observed;
  if (targets.length <= nPoints) return observed;
  const nDimensions = inputs.length / targets.length;
  const rows = new Float64Array(nPoints * nDimensions);
  const picked = new Float64Array(nPoints);
  for (let k = 0; k < nPoints; k++) {
    const i = Math.floor(((k + 0.5) * targets.length) / nPoints);
    rows.set(inputs.subarray(i * nDimensions, (i + 1) * nDimensions), k * nDimensions);
    picked[k] = targets[i]!;
  }
  return { inputs: rows, targets: picked };
}

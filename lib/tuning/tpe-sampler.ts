import { type Coordinates, parzenEstimator } from './parzen-estimator';
import { randomSampler } from './random-sampler';
import { parameterNames, type SamplePoint, type Sampler, type ScoredPoint } from './sampler';

/** Trials 1 … 10 are random, as in Optuna: a model of nothing misleads. */
const N_STARTUP_TRIALS = 10;
/** Below this many results there is no good and bad to tell apart. */
const N_FEWEST_RESULTS = 2;
const N_CANDIDATES = 24;

/**
 * Choose a point by the multivariate tree-structured Parzen estimator (Bergstra et al., "Algorithms for hyper-parameter
 * optimization", 2011): the best tenth of the results (at most 25) makes one density, the rest another, and of 24 points
 * drawn from the first the one with the largest ratio of the two wins.
 *
 * Points still pending count as bad, so that neighbours in time spread out. No result is made up for them; which points
 * are pending depends on trial numbers alone, so the order in which trials finish changes nothing.
 */
export const bayesianSampler: Sampler = (request) => {
  const { space, history, random } = request;
  if (request.trialNumber <= N_STARTUP_TRIALS || history.length < N_FEWEST_RESULTS)
    return randomSampler(request);
  const names = parameterNames(space);
  const distributions = names.map((name) => space[name]!);
  const toCoordinates = (point: SamplePoint): Coordinates => names.map((name) => point[name]!);
  const { good, bad } = splitByValue(history);
  const goodDensity = parzenEstimator(distributions, good.map(toCoordinates));
  const badDensity = parzenEstimator(distributions, [...bad, ...request.pending].map(toCoordinates));

  let best: Coordinates = [];
  let bestRatio = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < N_CANDIDATES; i++) {
    const candidate = goodDensity.draw(random);
    const ratio = goodDensity.logDensity(candidate) - badDensity.logDensity(candidate);
    if (i === 0 || ratio > bestRatio) {
      best = candidate;
      bestRatio = ratio;
    }
  }
  return Object.fromEntries(names.map((name, d) => [name, best[d]!]));
};

/** Both parts keep the order of trials; equal values go to the earlier trial. */
function splitByValue(history: readonly ScoredPoint[]) {
  const nGood = Math.min(25, Math.ceil(0.1 * history.length));
  const byValue = history.map((_, i) => i).sort((a, b) => history[b]!.value - history[a]!.value || a - b);
  const goodIndices = new Set(byValue.slice(0, nGood));
  return {
    good: history.filter((_, i) => goodIndices.has(i)).map(({ params }) => params),
    bad: history.filter((_, i) => !goodIndices.has(i)).map(({ params }) => params),
  };
}

import { parametersInOrder } from './active-parameters';
import { parzenEstimator } from './parzen-estimator';
import { randomSampler } from './random-sampler';
import type { SamplePoint, Sampler, ScoredPoint } from './sampler';

/** Trials 1 … 10 are random, as in Optuna: a model of nothing misleads. */
const N_STARTUP_TRIALS = 10;
/** Below this many results there is no good and bad to tell apart. */
const N_FEWEST_RESULTS = 2;
const N_CANDIDATES = 24;

/**
 * Choose a point by the multivariate tree-structured Parzen estimator (Bergstra et al., "Algorithms for hyper-parameter
 * optimization", 2011) with the defaults that Optuna 5 describes: the best tenth of the results (at most 25) makes one
 * density, the rest another, and of 24 points drawn from the first the one with the largest ratio of the two wins.
 *
 * Points still pending count as bad (Optuna's constant liar), so that neighbours in time spread out. No result is made up
 * for them; which points are pending depends on step numbers alone, so the order in which trials finish changes nothing.
 * The startup set is exactly the first ten trials: with many workers, trial 11 already uses the few results it may see.
 */
export const tpeSampler: Sampler = (request) => {
  const { space, history, random } = request;
  if (request.trialNumber <= N_STARTUP_TRIALS || history.length < N_FEWEST_RESULTS)
    return randomSampler(request);
  const parameters = parametersInOrder(space);
  const { good, bad } = splitByRank(history);
  const goodDensity = parzenEstimator(parameters, good);
  const badDensity = parzenEstimator(parameters, [...bad, ...request.pending]);

  let best: SamplePoint = {};
  let bestRatio = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < N_CANDIDATES; i++) {
    const candidate = goodDensity.draw(random);
    const ratio = goodDensity.logDensity(candidate) - badDensity.logDensity(candidate);
    if (i === 0 || ratio > bestRatio) {
      best = candidate;
      bestRatio = ratio;
    }
  }
  return best;
};

/**
 * Trials trained to their end come first, by value; then pruned ones, those that lasted longer before others, then by value.
 * Both parts keep the order of trials, and equals go to the earlier trial.
 */
function splitByRank(history: readonly ScoredPoint[]) {
  const nGood = Math.min(25, Math.ceil(0.1 * history.length));
  const lasted = ({ prunedAtRounds }: ScoredPoint) => prunedAtRounds ?? Number.MAX_VALUE;
  const ranked = history
    .map((trial, i) => ({ ...trial, i }))
    .sort((a, b) => lasted(b) - lasted(a) || b.value - a.value || a.i - b.i);
  const good = new Set(ranked.slice(0, nGood).map(({ i }) => i));
  return {
    good: history.filter((_, i) => good.has(i)).map(({ params }) => params),
    bad: history.filter((_, i) => !good.has(i)).map(({ params }) => params),
  };
}

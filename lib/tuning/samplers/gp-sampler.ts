import { nValuesOf } from '@/lib/tuning/space/distribution';
import { type Posterior, posteriorOf } from './gaussian-process';
import { mostImprovingPoint } from './gp-search';
import { type GpSpace, gpCoordinates, gpSpaceOf } from './gp-space';
import { fittedKernel } from './kernel-fit';
import { quasiRandomSampler } from './quasi-random-sampler';
import { randomSampler } from './random-sampler';
import type { SamplePoint, Sampler, SampleSpace, ScoredPoint } from './sampler';

/** Trials 1 … 10 fill the space evenly: a model of nothing misleads. */
const N_STARTUP_TRIALS = 10;
/** With fewer complete trials, pruned ones help out. */
const N_FEWEST_COMPLETE = 10;
/** The process is conditioned on no more trials than this, because its cost grows with their cube. */
const N_MOST_TRIALS = 200;
/** Trials about which the search looks closer. */
const N_PROMISING = 5;
const N_CANDIDATES = 160;

/**
 * Choose the point of the largest expected improvement under a Gaussian process (Jones et al., "Efficient global optimization
 * of expensive black-box functions", 1998): Matérn 5/2 with a lengthscale for each parameter, fitted anew for every trial.
 * What is to be improved on is the best that the process believes of the points so far, so noise does not set the bar.
 *
 * Points still pending are taken to give what the process expects of them ("kriging believer", Ginsbourger et al., "Kriging is
 * well-suited to parallelize optimization", 2010): that lowers the uncertainty about them, so neighbours in time spread out.
 *
 * Pruned trials are left out, since what they came to early on is no result at the end. Only while fewer than ten trials are
 * complete, those pruned latest, then best, make the ten up with the value they had. Of more than 200 trials the best half
 * and the newest of the others count. In a space of countably many points none is suggested twice before all were.
 *
 * @throws for a space of more parameters than a Sobol sequence has dimensions
 */
export const gpSampler: Sampler = (request) => {
  const { history, pending, random } = request;
  const trials = modelledTrials(history);
  if (request.trialNumber <= N_STARTUP_TRIALS || trials.length === 0) return quasiRandomSampler(request);
  const space = gpSpaceOf(request.space);
  const { posterior, best, promising } = believed(space, trials, pending);
  const known = [...history.map(({ params }) => params), ...pending];
  const isNew = noveltyTest(request.space, known);
  const search = { space, posterior, best, promising, isNew, random, nCandidates: N_CANDIDATES };
  return mostImprovingPoint(search) ?? randomSampler(request);
};

/** Pick the trials that the process is conditioned on, in their order. */
function modelledTrials(history: readonly ScoredPoint[]): readonly ScoredPoint[] {
  const complete = history.filter(({ prunedAtRounds }) => prunedAtRounds === null);
  if (complete.length >= N_FEWEST_COMPLETE) return bestAndNewest(complete);
  const lasted = ({ prunedAtRounds }: ScoredPoint) => prunedAtRounds ?? Number.MAX_VALUE;
  const ranked = history.toSorted((a, b) => lasted(b) - lasted(a) || b.value - a.value);
  const picked = new Set(ranked.slice(0, N_FEWEST_COMPLETE));
  return history.filter((trial) => picked.has(trial));
}

function bestAndNewest(trials: readonly ScoredPoint[]): readonly ScoredPoint[] {
  if (trials.length <= N_MOST_TRIALS) return trials;
  const best = new Set(trials.toSorted((a, b) => b.value - a.value).slice(0, N_MOST_TRIALS / 2));
  const newest = trials.filter((trial) => !best.has(trial)).slice(-N_MOST_TRIALS / 2);
  const picked = new Set([...best, ...newest]);
  return trials.filter((trial) => picked.has(trial));
}

/** Fit the process, and say what it believes of the points so far. */
function believed(space: GpSpace, trials: readonly ScoredPoint[], pending: readonly SamplePoint[]) {
  const observed = {
    inputs: coordinateRows(
      space,
      trials.map(({ params }) => params),
    ),
    targets: standardised(trials.map(({ value }) => value)),
  };
  const kernel = fittedKernel(observed, space.lengthscaleOf);
  const pendingRows = coordinateRows(space, pending);
  const posterior = posteriorOf(observed, kernel, pendingRows);
  const means = posterior.observedMeans;
  const isAnyComplete = trials.some(({ prunedAtRounds }) => prunedAtRounds === null);
  const comparable = trials.flatMap(({ prunedAtRounds }, i) =>
    prunedAtRounds === null || !isAnyComplete ? [means[i]!] : [],
  );
  const best = Math.max(...comparable, ...pendingMeans(posterior, pendingRows, space.nCoordinates));
  const ranked = Array.from(means.keys()).sort((a, b) => means[b]! - means[a]! || a - b);
  const promising = ranked.slice(0, N_PROMISING).map((i) => trials[i]!.params);
  return { posterior, best, promising };
}

function pendingMeans(posterior: Posterior, rows: Float64Array, nCoordinates: number): readonly number[] {
  return Array.from({ length: rows.length / nCoordinates }, (_, i) => {
    return posterior.predict(rows.subarray(i * nCoordinates, (i + 1) * nCoordinates)).mean;
  });
}

function coordinateRows(space: GpSpace, points: readonly SamplePoint[]): Float64Array {
  const rows = new Float64Array(points.length * space.nCoordinates);
  points.forEach((point, i) => {
    rows.set(gpCoordinates(space, point), i * space.nCoordinates);
  });
  return rows;
}

/** Bring values to mean 0 and variance 1; values that are all equal to 0. */
function standardised(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Float64Array.from(values, (value) => (variance > 0 ? (value - mean) / Math.sqrt(variance) : 0));
}

/** Tell whether a point was not there before. Where any parameter is a float, none ever was. */
function noveltyTest(space: SampleSpace, known: readonly SamplePoint[]): (point: SamplePoint) => boolean {
  const distributions = Object.entries(space).flatMap(([name, distribution]) =>
    distribution === undefined ? [] : [{ name, nValues: nValuesOf(distribution) }],
  );
  if (distributions.some(({ nValues }) => nValues === Number.POSITIVE_INFINITY)) return () => true;
  const textOf = (point: SamplePoint) => JSON.stringify(distributions.map(({ name }) => point[name]));
  const texts = new Set(known.map(textOf));
  return (point) => !texts.has(textOf(point));
}

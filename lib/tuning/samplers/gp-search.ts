import { logExpectedGain, normalDraw } from '@/lib/core/normal-distribution';
import type { RandomSource } from '@/lib/core/random';
import { boxMinimum } from './box-minimum';
import type { Posterior } from './gaussian-process';
import {
  type GpSpace,
  gpCoordinates,
  pointAtShares,
  sharesOfPoint,
  valuesToTry,
  withValue,
} from './gp-space';
import type { SamplePoint } from './sampler';
import { sobolSequence } from './sobol-sequence';

/** What a search for the largest expected improvement goes by. */
export interface GpSearch {
  readonly space: GpSpace;
  readonly posterior: Posterior;
  /** What is to be improved on, on the posterior's scale. */
  readonly best: number;
  /** Points around which the search looks closer, best first. */
  readonly promising: readonly SamplePoint[];
  /** Whether a point may be chosen. */
  readonly isNew: (point: SamplePoint) => boolean;
  readonly random: RandomSource;
  readonly nCandidates: number;
}

interface Scored {
  readonly point: SamplePoint;
  /** Logarithm of the expected improvement. */
  readonly score: number;
}

/** Candidates that are moved uphill, and how many looks one ascent may take. */
const N_REFINED = 2;
const N_ASCENT = 12;

/**
 * Find the new point of the largest expected improvement among evenly spread points, neighbours of the promising ones, and
 * the best of both moved uphill.
 *
 * @returns null where no candidate is new
 */
export function mostImprovingPoint(search: GpSearch): SamplePoint | null {
  let top: readonly Scored[] = [];
  for (const point of candidatePoints(search)) {
    const atLeast = top[N_REFINED - 1]?.score ?? Number.NEGATIVE_INFINITY;
    const scored = scoredIfBetter(search, point, atLeast);
    if (scored !== null) top = [...top, scored].sort((a, b) => b.score - a.score).slice(0, N_REFINED);
  }
  const uphill = top
    .map((start) => refinedPoint(search, start))
    .reduce<Scored | null>((a, b) => (a !== null && a.score >= b.score ? a : b), null);
  return uphill === null ? null : refinedPoint(search, uphill).point;
}

/** Score a point; null where it is not new or does not score above a bar. */
function scoredIfBetter(search: GpSearch, point: SamplePoint, bar: number): Scored | null {
  const { space, posterior, best, isNew } = search;
  if (!isNew(point)) return null;
  // A larger variance means a larger improvement, so a bound of one bounds the other.
  const isWorth = (mean: number, most: number) => logImprovement(mean, most, best) > bar;
  const prediction = posterior.predictIfWorth(gpCoordinates(space, point), isWorth);
  if (prediction === null) return null;
  const score = logImprovement(prediction.mean, prediction.variance, best);
  return score > bar ? { point, score } : null;
}

function logImprovement(mean: number, variance: number, best: number): number {
  const sigma = Math.sqrt(variance);
  return logExpectedGain((mean - best) / sigma).value + Math.log(sigma);
}

/** Neighbours of the promising points come first: they set the bar for the others. */
function candidatePoints({ space, promising, random, nCandidates }: GpSearch): readonly SamplePoint[] {
  const nNear = promising.length === 0 ? 0 : Math.floor(nCandidates / 3);
  const near = Array.from({ length: nNear }, (_, i) =>
    neighbourOf(space, promising[i % promising.length]!, random),
  );
  const sequence = sobolSequence(space.parameters.length, random);
  const spread = Array.from({ length: nCandidates - nNear }, (_, i) => pointAtShares(space, sequence(i)));
  return [...near, ...spread];
}

/** Move about a third of the parameters, by a normal step of a tenth of the range; a category by drawing it anew. */
function neighbourOf(space: GpSpace, centre: SamplePoint, random: RandomSource): SamplePoint {
  const shares = sharesOfPoint(space, centre);
  const always = Math.floor(random() * shares.length);
  space.parameters.forEach(({ isCategory }, place) => {
    if (place !== always && random() > 1 / 3) return;
    if (isCategory) shares[place] = random();
    else {
      const moved = shares[place]! + 0.1 * normalDraw(random);
      shares[place] = Math.min(1, Math.max(0, moved));
    }
  });
  return pointAtShares(space, shares);
}

function refinedPoint(search: GpSearch, start: Scored): Scored {
  const moved = scoredIfBetter(search, alongSlope(search, start.point), start.score) ?? start;
  return valueByValue(search, moved);
}

/** Move the numbers of a point uphill, its categories and few-valued numbers held. */
function alongSlope({ space, posterior, best }: GpSearch, point: SamplePoint): SamplePoint {
  const coordinates = gpCoordinates(space, point);
  const moving = space.parameters.flatMap(({ name, isSmooth, firstCoordinate }, place) =>
    isSmooth && point[name] !== undefined ? [{ place, coordinate: firstCoordinate }] : [],
  );
  const cost = (at: Float64Array, derivatives: Float64Array) => {
    moving.forEach(({ coordinate }, k) => {
      coordinates[coordinate] = at[k]!;
    });
    const { mean, variance, slopes } = posterior.predictWithSlopes(coordinates);
    const sigma = Math.sqrt(variance);
    const z = (mean - best) / sigma;
    const gain = logExpectedGain(z);
    moving.forEach(({ coordinate }, k) => {
      const sigmaSlope = slopes.variance[coordinate]! / (2 * sigma);
      const zSlope = (slopes.mean[coordinate]! - z * sigmaSlope) / sigma;
      derivatives[k] = -(gain.slope * zSlope + sigmaSlope / sigma);
    });
    return -(gain.value + Math.log(sigma));
  };
  const { at } = boxMinimum(cost, {
    start: Float64Array.from(moving, ({ coordinate }) => coordinates[coordinate]!),
    low: new Float64Array(moving.length),
    high: new Float64Array(moving.length).fill(1),
    nEvaluations: N_ASCENT,
    tolerance: 1e-3,
  });
  const shares = sharesOfPoint(space, point);
  moving.forEach(({ place }, k) => {
    shares[place] = at[k]!;
  });
  return pointAtShares(space, shares);
}

/** Try other values of each stepped parameter in turn, and keep what improves. */
function valueByValue(search: GpSearch, start: Scored): Scored {
  let at = start;
  for (const parameter of search.space.parameters) {
    const { point } = at;
    const value = point[parameter.name];
    if (value === undefined) continue;
    for (const other of valuesToTry(parameter, value)) {
      const moved = withValue(search.space, point, parameter.name, other);
      at = scoredIfBetter(search, moved, at.score) ?? at;
    }
  }
  return at;
}

import { describe, expect, it } from 'vitest';
import { logExpectedGain } from '@/lib/core/normal-distribution';
import { randomSource } from '@/lib/core/random';
import { posteriorOf } from './gaussian-process';
import { mostImprovingPoint } from './gp-search';
import { type GpSpace, gpCoordinates, gpSpaceOf, pointAtShares } from './gp-space';
import type { SamplePoint, SampleSpace } from './sampler';

/** A process over a space that has seen twelve points, and how much it expects of a point. */
function searchOf(sampleSpace: SampleSpace) {
  const space = gpSpaceOf(sampleSpace);
  const random = randomSource(3);
  const known = Array.from({ length: 12 }, () =>
    pointAtShares(space, Float64Array.from(space.parameters, random)),
  );
  const inputs = Float64Array.from(known.flatMap((point) => [...gpCoordinates(space, point)]));
  const targets = Float64Array.from(known, (_, i) => Math.sin(3 * i));
  const lengthscales = new Float64Array(space.nCoordinates).fill(0.4);
  const posterior = posteriorOf(
    { inputs, targets },
    { lengthscales, signalVariance: 1, noiseVariance: 1e-4 },
  );
  const best = Math.max(...posterior.observedMeans);
  const scoreOf = (point: SamplePoint) => {
    const { mean, variance } = posterior.predict(gpCoordinates(space, point));
    const sigma = Math.sqrt(variance);
    return logExpectedGain((mean - best) / sigma).value + Math.log(sigma);
  };
  const found = (options: { nCandidates: number; isNew?: (point: SamplePoint) => boolean }) =>
    mostImprovingPoint({
      space,
      posterior,
      best,
      promising: known.slice(0, 3),
      isNew: () => true,
      random: randomSource(8),
      ...options,
    });
  return { space, known, scoreOf, found };
}

/** Every point at the middles of so many parts of each parameter. */
function lattice(space: GpSpace, nParts: number): SamplePoint[] {
  return Array.from({ length: nParts ** space.parameters.length }, (_, place) => {
    const shares = space.parameters.map(
      (_, d) => ((Math.floor(place / nParts ** d) % nParts) + 0.5) / nParts,
    );
    return pointAtShares(space, Float64Array.from(shares));
  });
}

const PLANE: SampleSpace = {
  x: { type: 'uniform', low: -1, high: 1 },
  y: { type: 'loguniform', low: 1, high: 9 },
};
const MIXED: SampleSpace = {
  max_depth: { type: 'randint', low: 1, high: 6 },
  max_leaves: { type: 'randint', low: 1, high: 30, when: { parameter: 'grow_policy', isIn: ['lossguide'] } },
  grow_policy: { type: 'choice', values: ['depthwise', 'lossguide', 'other'] },
};

describe('mostImprovingPoint', () => {
  it('goes uphill to where no point of a fine lattice promises more', () => {
    const { space, scoreOf, found } = searchOf(PLANE);
    const most = Math.max(...lattice(space, 120).map(scoreOf));
    expect(scoreOf(found({ nCandidates: 30 }) ?? {})).toBeGreaterThan(most - 1e-4);
  });

  it('finds the best of a space of whole numbers and categories from few candidates', () => {
    const { space, scoreOf, found } = searchOf(MIXED);
    const most = Math.max(...lattice(space, 30).map(scoreOf));
    // So few that only trying values leads there.
    expect(scoreOf(found({ nCandidates: 2 }) ?? {})).toBeCloseTo(most, 10);
  });

  it('takes only what is new, and tells where nothing is', () => {
    const { scoreOf, found } = searchOf(MIXED);
    const first = found({ nCandidates: 60 });
    const second = found({
      nCandidates: 60,
      isNew: (point) => JSON.stringify(point) !== JSON.stringify(first),
    });
    expect(second).not.toEqual(first);
    expect(scoreOf(second ?? {})).toBeLessThan(scoreOf(first ?? {}));
    expect(found({ nCandidates: 60, isNew: () => false })).toBeNull();
  });
});

import { randomSource } from '@/lib/core/random';
import type { SamplePoint, SampleSpace, ScoredPoint } from '@/lib/tuning/samplers/sampler';
import { suggest } from '@/lib/tuning/samplers/samplers';
import type { Distribution, ParamValue, SearchSpace } from '@/lib/tuning/space/search-space';

/** Make trials of a space, complete and with results about 0.775, both random. */
export function scoredTrials(
  nTrials: number,
  { space, seed = 5 }: { readonly space: SearchSpace; readonly seed?: number },
): ScoredPoint[] {
  const random = randomSource(seed);
  const request = { sampler: 'random', space, seed: 42, history: [], pending: [] } as const;
  return Array.from({ length: nTrials }, (_, i) => ({
    params: suggest({ ...request, trialNumber: i + 1 }),
    value: 0.75 + random() / 20,
    prunedAtRounds: null,
  }));
}

/** Say what of a point is not as its space has it; empty where all is. */
export function pointFaults(point: SamplePoint, space: SampleSpace): readonly string[] {
  const names = [...new Set([...Object.keys(space), ...Object.keys(point)])];
  return names.flatMap((name) => {
    const distribution = space[name];
    const value = point[name];
    if (distribution === undefined) return [`${name} is not in the space`];
    const { when } = distribution;
    const parent = when === undefined ? undefined : point[when.parameter];
    const isDue = when === undefined || (parent !== undefined && when.isIn.includes(parent));
    if (isDue !== (value !== undefined)) return [`${name} is ${value}, due ${isDue}`];
    return value === undefined || isOf(distribution, value) ? [] : [`${name} is ${value}`];
  });
}

function isOf(distribution: Distribution, value: ParamValue): boolean {
  if (distribution.type === 'choice') return distribution.values.includes(value);
  if (typeof value !== 'number' || value < distribution.low || value > distribution.high) return false;
  switch (distribution.type) {
    case 'uniform':
    case 'loguniform':
      return true;
    case 'randint':
    case 'lograndint':
      return Number.isInteger(value);
    case 'quniform': {
      const { low, high, step } = distribution;
      const nearest = low + Math.round((value - low) / step) * step;
      // Values are written to 15 digits.
      return Math.abs(value - nearest) <= 1e-14 * Math.max(Math.abs(low), Math.abs(high));
    }
  }
}

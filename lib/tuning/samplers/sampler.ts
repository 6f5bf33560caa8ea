import type { RandomSource } from '@/lib/core/random';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';

/** Parameter name to its distribution. Samplers go by the names in code-unit order, so the order of keys changes nothing. */
export type SampleSpace = Readonly<Partial<Record<string, Distribution>>>;

/** Parameter name to value; a parameter whose condition does not hold is absent. */
export type SamplePoint = Readonly<Record<string, ParamValue>>;

/** A trial with a result, as a sampler sees it. */
export interface ScoredPoint {
  readonly params: SamplePoint;
  /** Larger is better, whatever the objective's direction. */
  readonly value: number;
  /** Null for a trial trained to its end; else the rounds after which it was paused or pruned, of which `value` is the result. */
  readonly prunedAtRounds: number | null;
}

/** All that a sampler may look at. */
export interface SampleRequest {
  readonly space: SampleSpace;
  /** The study's seed, for what belongs to the whole study, such as a scrambled sequence. */
  readonly seed: number;
  /** 1-based. */
  readonly trialNumber: number;
  /** Trials with a result, lowest number first. Failed ones are left out: they have no value, and inventing one would mislead. */
  readonly history: readonly ScoredPoint[];
  /** Points of lower-numbered trials whose results may not be looked at yet, lowest number first. */
  readonly pending: readonly SamplePoint[];
  /** The trial's own stream. */
  readonly random: RandomSource;
}

/** Chooses the next point. Pure: the same request and stream give the same point. */
export type Sampler = (request: SampleRequest) => SamplePoint;

/** List a space's parameters in the order that samplers go by. */
export function parameterNames(space: SampleSpace): readonly string[] {
  return Object.keys(space)
    .filter((name) => space[name] !== undefined)
    .sort();
}

import type { RandomSource } from '@/lib/core/random';
import type { Distribution } from './search-space';

/** Parameter name to its distribution. Samplers go by the names in code-unit order, so the order of keys changes nothing. */
export type SampleSpace = Readonly<Record<string, Distribution>>;

/** Parameter name to value. */
export type SamplePoint = Readonly<Record<string, number>>;

/** A completed trial, as a sampler sees it. */
export interface ScoredPoint {
  readonly params: SamplePoint;
  /** Larger is better. */
  readonly value: number;
}

/** All that a sampler may look at. */
export interface SampleRequest {
  readonly space: SampleSpace;
  /** 1-based. */
  readonly trialNumber: number;
  /** Completed trials, lowest number first. Failed ones are left out: they have no value, and inventing one would mislead. */
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
  return Object.keys(space).sort();
}

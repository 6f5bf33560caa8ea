import { derivedSeed, randomSource } from '@/lib/core/random';
import { type SearchSpace, type TrialParams, trialParamsSchema } from '@/lib/tuning/space/search-space';
import type { SamplerName } from '@/lib/tuning/study/study-config';
import { gpSampler } from './gp-sampler';
import { gridSampler } from './grid-sampler';
import { quasiRandomSampler } from './quasi-random-sampler';
import { randomSampler } from './random-sampler';
import type { SamplePoint, Sampler, ScoredPoint } from './sampler';
import { tpeSampler } from './tpe-sampler';

/** The samplers by the name that a study's config gives. */
export const SAMPLERS: Readonly<Record<SamplerName, Sampler>> = {
  random: randomSampler,
  quasi_random: quasiRandomSampler,
  tpe: tpeSampler,
  gp: gpSampler,
  grid: gridSampler,
};

/** What a suggestion is made from, and nothing else. */
export interface SuggestionRequest {
  readonly sampler: SamplerName;
  readonly space: SearchSpace;
  /** The study's seed. */
  readonly seed: number;
  /** 1-based. */
  readonly trialNumber: number;
  /** Trials whose results may be looked at, lowest number first; see `suggestionInputs`. */
  readonly history: readonly ScoredPoint[];
  /** Points of the trials before this one whose results may not. */
  readonly pending: readonly SamplePoint[];
}

/**
 * Suggest the parameters of one trial. A pure function of its arguments with a random stream of its own
 * (`trial:<n>`), so a resume, another machine or another number of cores asks the same question and gets the same answer.
 * Values are full doubles: a file or table that shows them in full gives back the very trial.
 *
 * @throws where the grid sampler is asked for a trial beyond its grid; see `gridSize`
 */
export function suggest(request: SuggestionRequest): TrialParams {
  const { sampler, space, seed, trialNumber, history, pending } = request;
  const random = randomSource(derivedSeed(seed, `trial:${trialNumber}`));
  return trialParamsSchema.parse(SAMPLERS[sampler]({ space, seed, trialNumber, history, pending, random }));
}

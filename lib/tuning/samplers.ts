import { derivedSeed, randomSource } from '@/lib/core/random';
import { bayesianSampler } from './bayesian-sampler';
import { randomSampler } from './random-sampler';
import type { Sampler, ScoredPoint } from './sampler';
import { type SearchSpace, type TrialParams, trialParamsSchema } from './search-space';
import type { StudyConfig } from './study-events';

/** The samplers by the name that a study's config gives. */
export const SAMPLERS: Readonly<Record<StudyConfig['sampler'], Sampler>> = {
  random: randomSampler,
  bayesian: bayesianSampler,
};

/** What a suggestion is made from, and nothing else. */
export interface SuggestionRequest {
  readonly sampler: StudyConfig['sampler'];
  readonly space: SearchSpace;
  /** The study's seed. */
  readonly seed: number;
  /** 1-based. */
  readonly trialNumber: number;
  /** Completed ones among trials 1 … n − workers, lowest number first; see `suggestionInputs`. */
  readonly history: readonly (ScoredPoint & { readonly params: TrialParams })[];
  /** Parameters of trials n − workers + 1 … n − 1. */
  readonly pending: readonly TrialParams[];
}

/**
 * Suggest the parameters of one trial. A pure function of its arguments with a random stream of its own
 * (`trial:<n>`), so a resume, another machine or another number of cores asks the same question and gets the same answer.
 * Values are full doubles: a file or table that shows them in full gives back the very trial.
 */
export function suggest(request: SuggestionRequest): TrialParams {
  const random = randomSource(derivedSeed(request.seed, `trial:${request.trialNumber}`));
  return trialParamsSchema.parse(SAMPLERS[request.sampler]({ ...request, random }));
}

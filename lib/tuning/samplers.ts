import { derivedSeed, randomSource } from '@/lib/core/random';
import { quasiRandomSampler } from './quasi-random-sampler';
import { randomSampler } from './random-sampler';
import type { SamplePoint, Sampler, ScoredPoint } from './sampler';
import { type SearchSpace, type TrialParams, trialParamsSchema } from './search-space';
import type { SamplerName } from './study-config';
import { tpeSampler } from './tpe-sampler';

const notYet: Sampler = () => {
  throw new Error('This sampler is not written yet');
};

/** The samplers by the name that a study's config gives. */
export const SAMPLERS: Readonly<Record<SamplerName, Sampler>> = {
  random: randomSampler,
  quasi_random: quasiRandomSampler,
  tpe: tpeSampler,
  gp: notYet,
  grid: notYet,
};

/** What a suggestion is made from, and nothing else. */
export interface SuggestionRequest {
  readonly sampler: SamplerName;
  readonly space: SearchSpace;
  /** The study's seed. */
  readonly seed: number;
  /** 1-based. */
  readonly trialNumber: number;
  /** See `suggestionInputs`. */
  readonly history: readonly ScoredPoint[];
  readonly pending: readonly SamplePoint[];
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

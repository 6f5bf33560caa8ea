import { derivedSeed, randomSource } from '@/lib/core/random';
import { MAX_BUYERS_ELSEWHERE } from '../figures/countries';
import { LIST } from '../figures/list';
import { drawBalanced } from './balanced-draw';
import { CONVERSION_GROUPS, type Memberships, memberships, type Traits } from './conversion-figures';
import { type ConversionModel, conversionProbabilities, fitConversionModel } from './conversion-model';
import { chooseLearningLabsBuyers } from './learning-labs-buyers';
import { createMembers } from './members';
import { dealOptinDays } from './optin-days';
import { RAW_CODES } from './raw-codes';
import { dealTagCounts } from './tag-counts';
import { dealTagSets } from './tag-sets';

/** A whole list of 19,919 subscribers that meets every figure of the profile, one entry a row, in no order. */
export interface Block extends Traits {
  /** The model's probability that the subscriber converts, 0 to 1: what the best possible score would be. */
  readonly conversionProbability: Float32Array;
  readonly madePurchase: Uint8Array;
  readonly boughtLearningLabs: Uint8Array;
}

/** A block and the model that decided who converts in it. */
export interface BlockAndModel {
  readonly block: Block;
  readonly model: ConversionModel;
}

const N_LABEL_PROPOSALS = 60_000;

const BUYERS = Float64Array.from(CONVERSION_GROUPS, ({ buyers }) => buyers);
/** A country must not change places with another in the order of sales, or fall out of the levels kept: nearly exact. */
const BUYER_SCALES = Float64Array.from(CONVERSION_GROUPS, ({ name, buyers }) =>
  name.startsWith('country ') ? 0.2 : Math.max(0.4, 0.008 * buyers),
);

/**
 * Create a block: members, tag counts, opt-in days, tags, then who converts. The conversion model is fitted on the
 * block's own rows unless one is given.
 */
export function createBlock(seed: number, givenModel?: ConversionModel): BlockAndModel {
  const stream = (purpose: string) => randomSource(derivedSeed(seed, purpose));
  const members = createMembers(stream('members'));
  const tagCount = dealTagCounts(members, stream('tag counts'));
  const optinDays = dealOptinDays(members, tagCount, stream('opt-in days'));
  const engagement = { rating: members.rating, tagCount, optinDays };
  const tagSets = dealTagSets(engagement, stream('tags'));
  const traits: Traits = { ...members, tagCount, optinDays, tagSets };
  const groups = memberships(traits);
  const model = givenModel ?? fitConversionModel(groups);
  const conversionProbability = conversionProbabilities(model, groups);
  const madePurchase = drawBuyers(conversionProbability, groups, members.country, seed);
  const boughtLearningLabs = chooseLearningLabsBuyers(traits, madePurchase, stream('learning labs'));
  return { block: { ...traits, conversionProbability, madePurchase, boughtLearningLabs }, model };
}

/** The most buyers of a code: none in upper case, five elsewhere than in the kept ones; by index into `RAW_CODES`. */
const MOST_BUYERS = Uint16Array.from(RAW_CODES, ({ isUpperCase }) =>
  isUpperCase ? 0 : MAX_BUYERS_ELSEWHERE,
);
const IS_LIMITED: readonly boolean[] = [
  ...RAW_CODES.map(({ buyers, isUpperCase }) => isUpperCase || (buyers ?? 0) <= MAX_BUYERS_ELSEWHERE),
  false,
];

function drawBuyers(
  probabilities: Float32Array,
  groups: Memberships,
  country: Uint16Array,
  seed: number,
): Uint8Array {
  return drawBalanced({
    probabilities,
    size: LIST.nBuyers,
    memberships: groups,
    targets: BUYERS,
    scales: BUYER_SCALES,
    limit: {
      groupOf: Int16Array.from(country, (code) => (IS_LIMITED[code] ? code : -1)),
      most: MOST_BUYERS,
    },
    nProposals: N_LABEL_PROPOSALS,
    random: randomSource(derivedSeed(seed, 'buyers')),
  });
}

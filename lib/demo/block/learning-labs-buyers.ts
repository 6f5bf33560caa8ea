import type { RandomSource } from '@/lib/core/random';
import { LEARNING_LABS_BUYERS } from '../figures/purchases';
import { tagIndex } from '../figures/tags';
import { drawBalanced } from './balanced-draw';
import type { Traits } from './conversion-figures';
import { MISSING_CODE, RAW_CODES } from './raw-codes';
import { hasTag } from './tag-sets';

const { byRating, byCountry, knownElsewhere, missing, total } = LEARNING_LABS_BUYERS;
const COUNTRIES = Object.keys(byCountry);
const ELSEWHERE = COUNTRIES.length;
const MISSING = ELSEWHERE + 1;
const FIRST_RATING = MISSING + 1;
const TARGETS = Float64Array.from([
  ...Object.values(byCountry),
  knownElsewhere,
  missing,
  ...Object.values(byRating),
]);
const LAB = tagIndex('learning_lab');
const N_PROPOSALS = 8_000;

/**
 * Choose which buyers bought Learning Labs Pro: 486 of 962, by rating and country as in the profile, and twice as
 * likely for those who attended a lab. Gives 1 for such a row, else 0.
 */
export function chooseLearningLabsBuyers(
  traits: Traits,
  madePurchase: Uint8Array,
  random: RandomSource,
): Uint8Array {
  const buyers = Uint32Array.from(madePurchase.keys()).filter((row) => madePurchase[row] === 1);
  const drawn = drawBalanced({
    probabilities: Float32Array.from(buyers, (row) => chance(traits, row)),
    size: total,
    memberships: {
      offsets: Uint32Array.from({ length: buyers.length + 1 }, (_, i) => 2 * i),
      groups: Uint16Array.from(
        Array.from(buyers).flatMap((row) => [
          countryGroup(traits.country[row]!),
          FIRST_RATING + traits.rating[row]! - 1,
        ]),
      ),
    },
    targets: TARGETS,
    scales: new Float64Array(TARGETS.length).fill(0.5),
    nProposals: N_PROPOSALS,
    random,
  });
  const chosen = new Uint8Array(madePurchase.length);
  buyers.forEach((row, i) => {
    chosen[row] = drawn[i]!;
  });
  return chosen;
}

function chance({ rating, tagSets }: Traits, row: number): number {
  if (rating[row] === 1) return 0.01;
  return hasTag(tagSets, row, LAB) ? 0.55 : 0.38;
}

function countryGroup(code: number): number {
  if (code === MISSING_CODE) return MISSING;
  const index = COUNTRIES.indexOf(RAW_CODES[code]!.text);
  return index < 0 ? ELSEWHERE : index;
}

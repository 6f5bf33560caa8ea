import { type RandomSource, shuffle } from '@/lib/core/random';
import { PEARSON } from '../figures/associations';
import { MAX_TAG_COUNT } from '../figures/engagement';
import { exchangeValues, type SumFigure } from './exchange';
import type { Members } from './members';
import { columnMoments, SORTED_TAG_COUNTS, TAG_COUNT_MOMENTS } from './moments';
import { MISSING_CODE, US } from './raw-codes';

const N_PROPOSALS = 300_000;

/**
 * Deal the tag counts of the profile to the rows of a block: the distribution is exact, and rows with many tags
 * are found in the cells of rating and country where the profile has them.
 */
export function dealTagCounts(members: Members, random: RandomSource): Uint16Array {
  const counts = Uint32Array.from(SORTED_TAG_COUNTS);
  shuffle(counts, random);
  const values = Uint16Array.from(counts);
  exchangeValues({
    values,
    nValues: MAX_TAG_COUNT + 1,
    rowClasses: Uint16Array.from(values, (_, row) => classOf(members, row)),
    figures: tagCountFigures(members),
    commonValue: 0,
    nProposals: N_PROPOSALS,
    random,
  });
  return values;
}

/** Rows of one country class and rating are alike to all figures. */
function classOf({ country, rating }: Members, row: number): number {
  const code = country[row]!;
  return rating[row]! * 3 + (code === US ? 1 : code === MISSING_CODE ? 2 : 0);
}

function tagCountFigures({ country, rating }: Members): SumFigure[] {
  const isUs = (row: number) => country[row] === US;
  const cell = (
    rows: (row: number) => boolean,
    [from, to]: readonly [number, number],
    target: number,
  ): SumFigure => ({
    rowWeight: (row) => (rows(row) ? 1 : 0),
    valueWeight: (tagCount) => (tagCount >= from && tagCount <= to ? 1 : 0),
    target,
    scale: 1,
  });
  return [
    cell(isUs, [0, 3], 3196),
    cell((row) => !isUs(row) && rating[row]! <= 3, [0, 3], 12_794),
    cell((row) => isUs(row) && rating[row]! <= 2, [0, 3], 2313),
    cell((row) => rating[row]! <= 4, [4, 5], 645),
    cell((row) => rating[row]! <= 4, [6, MAX_TAG_COUNT], 506),
    cell((row) => rating[row]! <= 2, [6, 20], 320),
    cell((row) => rating[row] === 3 || rating[row] === 4, [6, 20], 160),
    correlationWithRating(rating),
    ...meansByCountry(country),
  ];
}

function correlationWithRating(rating: Uint8Array): SumFigure {
  const ratings = columnMoments(rating);
  const tags = TAG_COUNT_MOMENTS;
  const n = rating.length;
  return {
    rowWeight: (row) => rating[row]!,
    valueWeight: (tagCount) => tagCount,
    target: n * (ratings.mean * tags.mean + PEARSON.ratingTagCount * ratings.std * tags.std),
    scale: n * 0.001 * ratings.std * tags.std,
  };
}

/**
 * Mean tag count of the us rows and of those without a country, in standard deviations from the mean of all. Solved from
 * the profile's two correlation ratios of country and tag count: 0.17 for 22 levels, of which `other` takes in missing,
 * and 0.22 for all codes with missing as one more; known countries outside the us are taken as alike.
 */
const COUNTRY_LEANS = [
  { code: US, lean: 0.27 },
  { code: MISSING_CODE, lean: -0.26 },
] as const;

function meansByCountry(country: Uint16Array): SumFigure[] {
  return COUNTRY_LEANS.map(({ code, lean }) => {
    const n = country.reduce((count, value) => count + (value === code ? 1 : 0), 0);
    return {
      rowWeight: (row) => (country[row] === code ? 1 : 0),
      valueWeight: (tagCount) => tagCount,
      target: n * (TAG_COUNT_MOMENTS.mean + lean * TAG_COUNT_MOMENTS.std),
      scale: n * 0.02,
    };
  });
}

import { type RandomSource, shuffle } from '@/lib/core/random';
import { CORRELATION_RATIO, PEARSON } from '../figures/associations';
import { MAX_TAG_COUNT } from '../figures/engagement';
import { exchangeValues, type SumFigure } from './exchange';
import type { Members } from './members';
import { columnMoments, SORTED_TAG_COUNTS, TAG_COUNT_MOMENTS } from './moments';
import { US } from './raw-codes';

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
  return rating[row]! * 2 + (country[row] === US ? 1 : 0);
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
    meanOfUs(country),
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
 * The profile's correlation ratio of country and tag count comes almost wholly from the us rows having more tags
 * than the rest; solve the mean of the us rows from that.
 */
function meanOfUs(country: Uint16Array): SumFigure {
  const n = country.length;
  const nUs = country.reduce((count, code) => count + (code === US ? 1 : 0), 0);
  const tags = TAG_COUNT_MOMENTS;
  const share = nUs / n;
  const gap = (CORRELATION_RATIO.country22TagCount * tags.std) / Math.sqrt(share * (1 - share));
  return {
    rowWeight: (row) => (country[row] === US ? 1 : 0),
    valueWeight: (tagCount) => tagCount,
    target: nUs * (tags.mean + (1 - share) * gap),
    scale: nUs * 0.01,
  };
}

import { type RandomSource, shuffle } from '@/lib/core/random';
import { CORRELATION_RATIO, PEARSON } from '../figures/associations';
import { TAG_RATE } from '../figures/engagement';
import { exchangeValues, type SumFigure } from './exchange';
import type { Members } from './members';
import { columnMoments, TAG_COUNT_MOMENTS } from './moments';
import { MAX_OPTIN_DAYS, optinCounts, optinDaysOf } from './optin-calendar';
import { RAW_CODES } from './raw-codes';

const N_PROPOSALS = 400_000;
const WEBINAR_DAYS = optinDaysOf('2020-12-17');

/**
 * Deal opt-in days (days before the last opt-in) to the rows of a block. The number of each date is exact; rows
 * fall on dates so that country, rating and tags go with time as in the profile.
 */
export function dealOptinDays(members: Members, tagCount: Uint16Array, random: RandomSource): Uint16Array {
  const groups = Uint8Array.from(members.country, (code) => GROUP_OF_CODE[code] ?? MISSING_GROUP);
  const values = daysByCountry(groups, optinCounts(random), random);
  settleNewest(values, tagCount, random);
  exchangeValues({
    values,
    nValues: MAX_OPTIN_DAYS + 1,
    // Rows of one tag count, rating and group of countries are alike to all figures.
    rowClasses: Uint16Array.from(
      tagCount,
      (count, row) => (count * 6 + members.rating[row]!) * 5 + groups[row]!,
    ),
    figures: [
      ...cellFigures(members, tagCount),
      ...associationFigures(members, tagCount, values),
      ...countryFigures(groups, values),
    ],
    nProposals: N_PROPOSALS,
    random,
  });
  return values;
}

/** Deal the dates so that the groups of countries lean to their side of time, by rank of lean + noise. */
function daysByCountry(groups: Uint8Array, counts: Uint16Array, random: RandomSource): Uint16Array {
  // Score and row share one double, which sorts natively: 2^20 steps of score above 2^15 rows.
  const packed = Float64Array.from(groups, (group, row) => {
    // The sum of three uniforms is near enough to normal; its standard deviation here is 1.
    const noise = 2 * (random() + random() + random() - 1.5);
    const step = Math.floor((COUNTRY_GROUPS[group]!.lean + noise + LOWEST_SCORE) * 2 ** 17);
    return step * 2 ** 15 + row;
  }).sort();
  const values = new Uint16Array(packed.length);
  let next = 0;
  counts.forEach((count, days) => {
    for (let i = 0; i < count; i++) values[packed[next++]! % 2 ** 15] = days;
  });
  return values;
}

/**
 * Groups of countries and how far their mean opt-in lies on the early side (positive) or the late one, in standard
 * deviations. Which group lean where is invented; the sizes are solved from the profile's two correlation ratios of
 * country and optin_days, 0.20 for 22 levels and 0.27 for all codes with missing as one more.
 */
const COUNTRY_GROUPS = [
  { name: 'us', lean: 0.3 },
  { name: 'india', lean: 0 },
  { name: 'early', lean: 0.285 },
  { name: 'late', lean: -0.015 },
  { name: 'missing', lean: -0.315 },
] as const;

const MISSING_GROUP = 4;

/** Noise reaches from −3 to 3 and leans are below 1, so scores plus this are positive. */
const LOWEST_SCORE = 4;

/** Every other country by turns leans early or late, the us and India aside. */
const GROUP_OF_CODE: readonly number[] = RAW_CODES.map(({ text, folded }) => {
  if (text === 'us') return 0;
  if (text === 'in') return 1;
  return folded % 2 === 0 ? 2 : 3;
});

/**
 * Place what a random exchange would be slow to find: rows that hold too many tags for their age change places with
 * rows without tags, and 162 rows with three tags go to the webinar date.
 */
function settleNewest(values: Uint16Array, tagCount: Uint16Array, random: RandomSource): void {
  const rows = Uint32Array.from(values.keys());
  const untagged = rows.filter((row) => tagCount[row] === 0 && values[row]! > 64);
  const swap = (rowA: number, rowB: number) => {
    const held = values[rowA]!;
    values[rowA] = values[rowB]!;
    values[rowB] = held;
  };
  for (const row of rows) {
    if (tagCount[row]! > TAG_RATE.max * (values[row]! + 1) + 1e-9)
      swap(row, untagged[Math.floor(random() * untagged.length)]!);
  }
  const threeTags = rows.filter((row) => tagCount[row] === 3 && values[row]! > WEBINAR_DAYS);
  const onWebinarDate = rows.filter((row) => values[row] === WEBINAR_DAYS && tagCount[row] !== 3);
  shuffle(threeTags, random);
  const nThere = rows.filter((row) => values[row] === WEBINAR_DAYS).length - onWebinarDate.length;
  for (let i = 0; i < TAG_RATE.nThreeTagsOnWebinarDate - nThere; i++) swap(onWebinarDate[i]!, threeTags[i]!);
  const twoTags = rows.find((row) => tagCount[row] === 2 && values[row]! > 64);
  const newest = rows.find((row) => tagCount[row]! < 2 && values[row] === 2);
  if (twoTags !== undefined && newest !== undefined) swap(twoTags, newest);
}

function cellFigures({ rating }: Members, tagCount: Uint16Array): SumFigure[] {
  const cell = (
    rows: (row: number) => boolean,
    days: (days: number) => boolean,
    target: number,
    scale: number,
  ): SumFigure => ({
    rowWeight: (row) => (rows(row) ? 1 : 0),
    valueWeight: (value) => (days(value) ? 1 : 0),
    target,
    scale,
  });
  /** No row with that many tags may be so new that it passes the profile's highest tags for each day. */
  const forbidden = (fromTags: number) =>
    cell(
      (row) => tagCount[row]! >= fromTags,
      (days) => fromTags > TAG_RATE.max * (days + 1) + 1e-9,
      0,
      0.02,
    );
  return [
    cell(
      (row) => rating[row] === 5 && tagCount[row]! >= 6,
      (days) => days > 643,
      76,
      1,
    ),
    cell(
      (row) => rating[row]! <= 4 && (tagCount[row] === 4 || tagCount[row] === 5),
      (days) => days >= 768,
      69,
      1,
    ),
    cell(
      (row) => tagCount[row] === 3,
      (days) => days === WEBINAR_DAYS,
      TAG_RATE.nThreeTagsOnWebinarDate,
      0.1,
    ),
    cell(
      (row) => tagCount[row]! >= 4,
      (days) => days === WEBINAR_DAYS,
      0,
      1,
    ),
    // Keeps the 95th percentile of tags a day at the profile's 0.024: most rows above it have two tags.
    cell(
      (row) => tagCount[row] === 2,
      (days) => days <= 82,
      320,
      4,
    ),
    cell(
      (row) => tagCount[row] === 2,
      (days) => days === 2,
      1,
      0.2,
    ),
    ...[1, 2, 3, 4, 5, 7, 9, 12, 16, 22, 30].map(forbidden),
  ];
}

/** Mean tags a day: within the rounding of the profile's 0.007, and what its correlation of −0.25 with days asks. */
const MEAN_TAG_RATE = 0.0067;

/**
 * Mean opt-in days of subscribers with a tag: 405 for holders of learning_lab, from its correlation of 0.01, and some 200
 * for the 563 others, who came for the late webinars.
 */
const MEAN_DAYS_OF_TAGGED = 391;

/** The mean opt-in of each group of countries but the last, which the others leave no choice. */
function countryFigures(groups: Uint8Array, days: Uint16Array): SumFigure[] {
  const time = columnMoments(days);
  return COUNTRY_GROUPS.slice(0, -1).map(({ lean }, group) => {
    const n = groups.reduce((count, value) => count + (value === group ? 1 : 0), 0);
    return {
      rowWeight: (row) => (groups[row] === group ? 1 : 0),
      valueWeight: (value) => value,
      target: n * (time.mean + lean * time.std),
      scale: n * 0.02 * time.std,
    };
  });
}

function associationFigures({ rating }: Members, tagCount: Uint16Array, days: Uint16Array): SumFigure[] {
  const n = rating.length;
  const time = columnMoments(days);
  const tags = TAG_COUNT_MOMENTS;
  const ratings = columnMoments(rating);
  const product = (
    rowWeight: (row: number) => number,
    valueWeight: (value: number) => number,
    mean: number,
    unit: number,
  ): SumFigure => ({ rowWeight, valueWeight, target: n * mean, scale: n * unit });
  const nTagged = tagCount.reduce((count, tags) => count + (tags > 0 ? 1 : 0), 0);
  const perDay = (value: number) => 1 / (value + 1);
  const rateMean = MEAN_TAG_RATE;
  const rateTagMean = tags.mean * rateMean + PEARSON.tagCountTagRate * tags.std * TAG_RATE.std;
  return [
    // Leaves room for learning_lab's own correlation with time: its holders are nearly all of the tagged.
    {
      rowWeight: (row) => (tagCount[row]! > 0 ? 1 : 0),
      valueWeight: (value) => value,
      target: nTagged * MEAN_DAYS_OF_TAGGED,
      scale: nTagged,
    },
    product(
      (row) => rating[row]!,
      (value) => value,
      ratings.mean * time.mean + CORRELATION_RATIO.ratingOptinDays * ratings.std * time.std,
      0.001 * ratings.std * time.std,
    ),
    product(
      (row) => tagCount[row]!,
      (value) => value,
      tags.mean * time.mean + PEARSON.optinDaysTagCount * tags.std * time.std,
      0.001 * tags.std * time.std,
    ),
    product((row) => tagCount[row]!, perDay, rateMean, 0.00005),
    product(
      (row) => tagCount[row]! ** 2,
      (value) => perDay(value) ** 2,
      TAG_RATE.std ** 2 + rateMean ** 2,
      0.01 * TAG_RATE.std ** 2,
    ),
    product((row) => tagCount[row]! ** 2, perDay, rateTagMean, 0.002 * tags.std * TAG_RATE.std),
  ];
}

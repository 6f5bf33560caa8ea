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
  const values = daysByCountry(members, optinCounts(random), random);
  settleNewest(values, tagCount, random);
  exchangeValues({
    values,
    nValues: MAX_OPTIN_DAYS + 1,
    // Rows of one tag count and rating are alike to all figures.
    rowClasses: Uint16Array.from(tagCount, (count, row) => count * 6 + members.rating[row]!),
    figures: [...cellFigures(members, tagCount), ...associationFigures(members, tagCount, values)],
    nProposals: N_PROPOSALS,
    random,
  });
  return values;
}

/** Give older dates to countries that lean old, by rank of lean + noise. */
function daysByCountry(members: Members, counts: Uint16Array, random: RandomSource): Uint16Array {
  const n = members.country.length;
  const score = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    // The sum of three uniforms is near enough to normal; its standard deviation here is 1.
    const noise = 2 * (random() + random() + random() - 1.5);
    score[row] = lean(members.country[row]!) + noise;
  }
  const order = Uint32Array.from(score, (_, row) => row).sort((a, b) => score[a]! - score[b]!);
  const values = new Uint16Array(n);
  let next = 0;
  counts.forEach((count, days) => {
    for (let i = 0; i < count; i++) values[order[next++]!] = days;
  });
  return values;
}

/**
 * How far a country leans towards early opt-ins, in standard deviations. Invented, only its spread comes from the
 * profile: the us joined early, India late, the others here and there.
 */
const LEANS: readonly number[] = RAW_CODES.map(({ text, folded }) => {
  if (text === 'us') return 0.24;
  if (text === 'in') return -0.4;
  return 0.42 * Math.sign(Math.sin(folded * 2.4));
});

function lean(code: number): number {
  return LEANS[code] ?? 0;
}

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
      0.2,
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
    cell(
      (row) => tagCount[row] === 2,
      (days) => days === 2,
      1,
      0.2,
    ),
    ...[1, 2, 3, 4, 5, 7, 9, 12, 16, 22, 30].map(forbidden),
  ];
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
  const perDay = (value: number) => 1 / (value + 1);
  const rateMean = TAG_RATE.mean;
  const rateTagMean = tags.mean * rateMean + PEARSON.tagCountTagRate * tags.std * TAG_RATE.std;
  return [
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
    product((row) => tagCount[row]!, perDay, rateMean, 0.0001),
    product(
      (row) => tagCount[row]! ** 2,
      (value) => perDay(value) ** 2,
      TAG_RATE.std ** 2 + rateMean ** 2,
      0.01 * TAG_RATE.std ** 2,
    ),
    product((row) => tagCount[row]! ** 2, perDay, rateTagMean, 0.002 * tags.std * TAG_RATE.std),
  ];
}

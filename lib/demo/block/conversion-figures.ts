import { COUNTRIES, MISSING_COUNTRY } from '../figures/countries';
import { BUYERS_BY_TAG_COUNT, MAX_TAG_COUNT } from '../figures/engagement';
import { JOINT_CELLS, type JointCell } from '../figures/joint-cells';
import { PROVIDERS, RATINGS } from '../figures/list';
import { TAGS, tagIndex } from '../figures/tags';
import type { Members } from './members';
import { MAX_OPTIN_DAYS, OPTIN_DAY_BINS } from './optin-calendar';
import { AU, MISSING_CODE, RAW_CODES, US } from './raw-codes';
import { hasTag, type TagSets } from './tag-sets';

/** Everything about the rows of a block that conversion depends on. */
export interface Traits extends Members {
  readonly tagCount: Uint16Array;
  readonly optinDays: Uint16Array;
  readonly tagSets: TagSets;
}

/**
 * The groups a row belongs to, as a sparse table: row `i` is in the groups
 * `groups[offsets[i]] … groups[offsets[i + 1] − 1]`.
 */
export interface Memberships {
  readonly offsets: Uint32Array;
  readonly groups: Uint16Array;
}

/** A group of rows and how many of them buy in a block of 19,919. */
export interface ConversionGroup {
  readonly name: string;
  readonly buyers: number;
}

/**
 * Buyers in countries whose own number is not known: 114 together, split by the size of the country. The split is
 * invented; a large country with five buyers at most must convert below the average.
 */
const ELSEWHERE = [
  { name: 'country of 60 rows or more, buyers unknown', minRows: 60, buyers: 36 },
  { name: 'country of 24 to 59 rows, buyers unknown', minRows: 24, buyers: 41 },
  { name: 'country of fewer rows', minRows: 0, buyers: 37 },
] as const;

const UPPER_CASE = 'country in upper case';
const EXACT_COUNTRIES = COUNTRIES.flatMap(({ code, buyers }) => (buyers === null ? [] : [{ code, buyers }]));

const COUNTRY_GROUPS: readonly ConversionGroup[] = [
  ...EXACT_COUNTRIES.map(({ code, buyers }) => ({ name: `country ${code}`, buyers })),
  ...ELSEWHERE.map(({ name, buyers }) => ({ name, buyers })),
  { name: UPPER_CASE, buyers: 0 },
  { name: 'country missing', buyers: MISSING_COUNTRY.buyers },
];

/**
 * Buyers among those with many tags for their few days on the list, from the most tags a day down. Those of 0.15 and more
 * are nearly all of one webinar in December 2020. Solved from the profile's correlation ratio of purchase and tags a
 * day, 0.07.
 */
const MANY_TAGS_A_DAY = [
  { from: 0.25, buyers: 0 },
  { from: 0.15, buyers: 2 },
  { from: 0.06, buyers: 28 },
] as const;

const PARTS = {
  rating: RATINGS.map(({ rating, buyers }) => ({ name: `rating ${rating}`, buyers })),
  country: COUNTRY_GROUPS,
  tagCount: BUYERS_BY_TAG_COUNT.map(({ from, to, buyers }) => ({ name: `tags ${from}-${to}`, buyers })),
  optinBin: OPTIN_DAY_BINS.map(({ fromDays, toDays, buyers }) => ({
    name: `joined ${fromDays}-${toDays} days before the end`,
    buyers,
  })),
  provider: PROVIDERS.map(({ domain, buyers }) => ({ name: domain, buyers })),
  tag: TAGS.map(({ tag, buyers }) => ({ name: tag, buyers })),
  tagRate: MANY_TAGS_A_DAY.map(({ from, buyers }) => ({ name: `${from} tags a day or more`, buyers })),
  cell: JOINT_CELLS.map(({ name, buyers }) => ({ name, buyers })),
};

/** All groups whose buyers the profile gives, in the order that `memberships` numbers them. */
export const CONVERSION_GROUPS: readonly ConversionGroup[] = Object.values(PARTS).flat();

/** Number of the first group of each part. */
const FIRST = {
  rating: groupNamed(PARTS.rating[0]!.name),
  provider: groupNamed(PARTS.provider[0]!.name),
  tagCount: groupNamed(PARTS.tagCount[0]!.name),
  optinBin: groupNamed(PARTS.optinBin[0]!.name),
  tag: groupNamed(PARTS.tag[0]!.name),
  tagRate: groupNamed(PARTS.tagRate[0]!.name),
  cell: groupNamed(PARTS.cell[0]!.name),
};

const GROUP_OF_CODE: readonly number[] = [
  ...RAW_CODES.map(({ text, isUpperCase, buyers, n }) => {
    if (isUpperCase) return groupNamed(UPPER_CASE);
    if (buyers !== null) return groupNamed(`country ${text}`);
    return groupNamed(ELSEWHERE.find(({ minRows }) => n >= minRows)?.name ?? '');
  }),
  groupNamed('country missing'),
];

const GROUP_OF_TAG_COUNT = Array.from({ length: MAX_TAG_COUNT + 1 }, (_, tagCount) => {
  return FIRST.tagCount + BUYERS_BY_TAG_COUNT.findIndex(({ from, to }) => tagCount >= from && tagCount <= to);
});

const GROUP_OF_OPTIN_DAYS = Array.from({ length: MAX_OPTIN_DAYS + 1 }, (_, days) => {
  return (
    FIRST.optinBin + OPTIN_DAY_BINS.findIndex(({ fromDays, toDays }) => days >= fromDays && days <= toDays)
  );
});

function groupNamed(name: string): number {
  const index = CONVERSION_GROUPS.findIndex((group) => group.name === name);
  if (index < 0) throw new Error(`no conversion group called ${name}`);
  return index;
}

const TIME_SERIES = tagIndex('time_series_webinar');

/** Find the groups of every row. */
export function memberships(traits: Traits): Memberships {
  const { country, rating, provider, tagCount, optinDays, tagSets } = traits;
  const n = rating.length;
  const offsets = new Uint32Array(n + 1);
  const nTags = tagCount.reduce((sum, count) => sum + count, 0);
  // Room for one group of each part, every joint cell, and the tags.
  const groups = new Uint16Array(n * (Object.keys(PARTS).length + JOINT_CELLS.length) + nTags);
  const cells = new CellGroups(traits);
  let at = 0;
  for (let row = 0; row < n; row++) {
    groups[at++] = FIRST.rating + rating[row]! - 1;
    groups[at++] = GROUP_OF_CODE[country[row]!]!;
    groups[at++] = GROUP_OF_TAG_COUNT[tagCount[row]!]!;
    groups[at++] = GROUP_OF_OPTIN_DAYS[optinDays[row]!]!;
    groups[at++] = FIRST.provider + provider[row]!;
    for (let tag = 0, left = tagCount[row]!; left > 0; tag++) {
      if (!hasTag(tagSets, row, tag)) continue;
      groups[at++] = FIRST.tag + tag;
      left--;
    }
    const tagRate = tagCount[row]! / (optinDays[row]! + 1);
    const many = MANY_TAGS_A_DAY.findIndex(({ from }) => tagRate >= from);
    if (many >= 0) groups[at++] = FIRST.tagRate + many;
    for (const group of cells.of(row)) groups[at++] = group;
    offsets[row + 1] = at;
  }
  return { offsets, groups: groups.slice(0, at) };
}

/** Finds the joint cells of rows, working each out once for all rows that look alike to the cells. */
class CellGroups {
  readonly #traits: Traits;
  readonly #known: (readonly number[] | undefined)[] = [];

  constructor(traits: Traits) {
    this.#traits = traits;
  }

  of(row: number): readonly number[] {
    const { rating, country, tagCount, optinDays, tagSets } = this.#traits;
    const code = country[row]!;
    const countryClass = code === US ? 0 : code === AU ? 1 : code === MISSING_CODE ? 2 : 3;
    const days = optinDays[row]!;
    const age = days <= 643 ? 0 : days < 768 ? 1 : 2;
    const timeSeries = hasTag(tagSets, row, TIME_SERIES) ? 1 : 0;
    const key = ((tagCount[row]! * 6 + rating[row]!) * 4 + countryClass) * 6 + 2 * age + timeSeries;
    let groups = this.#known[key];
    if (groups === undefined) {
      groups = JOINT_CELLS.flatMap((cell, index) =>
        isInCell(cell, this.#traits, row) ? [FIRST.cell + index] : [],
      );
      this.#known[key] = groups;
    }
    return groups;
  }
}

/** Whether a row lies in a joint cell. */
export function isInCell(cell: JointCell, traits: Traits, row: number): boolean {
  return (
    isWithin(cell.rating, traits.rating[row]!) &&
    isWithin(cell.tags, traits.tagCount[row]!) &&
    isWithin(cell.optinDays, traits.optinDays[row]!) &&
    isOfCountryClass(cell.country, traits.country[row]!) &&
    (cell.timeSeriesWebinar === undefined ||
      hasTag(traits.tagSets, row, TIME_SERIES) === cell.timeSeriesWebinar)
  );
}

function isWithin(bounds: readonly [number, number] | undefined, value: number): boolean {
  return bounds === undefined || (value >= bounds[0] && value <= bounds[1]);
}

function isOfCountryClass(wanted: JointCell['country'], code: number): boolean {
  switch (wanted) {
    case undefined:
      return true;
    case 'us':
      return code === US;
    case 'au':
      return code === AU;
    case 'missing':
      return code === MISSING_CODE;
    case 'known not us':
      return code !== US && code !== MISSING_CODE;
    case 'not us':
      return code !== US;
  }
}

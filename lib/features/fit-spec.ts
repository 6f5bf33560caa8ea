import { formatDay, MISSING_DAY } from '@/lib/core/day';
import { fail, type Result, succeed } from '@/lib/core/result';
import { FREE_EMAIL_DOMAINS } from '@/lib/crm/free-email-domains';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countryPareto, levelsKept } from '@/lib/explore/country-pareto';
import { SplitPart } from './matrix';
import { FEATURE_SPEC_VERSION, type Feature, type FeatureSpec, featureSpecSchema } from './spec';
import { rowsOfPart, type SplitShares } from './split';

/** The level of `country_code` that takes every country not kept. */
export const OTHER_COUNTRY = 'other';

/**
 * What may become a level. Levels reach the server and the model, and in a list that passed the gate by override only,
 * the column may hold anything, such as addresses of people.
 */
const COUNTRY_CODE = /^[a-z]{2}$/;

/** Written for a missing value, as in the design. */
const MISSING_VALUE = -999;

/** What every matrix has before its tag indicators, in order. */
/** Fewest training rows that must hold a tag before it becomes a feature; with fewer there is nothing to learn either. */
export const MIN_TAG_HOLDERS = 5;

const BASE_FEATURES: readonly Feature[] = [
  { name: 'optin_days', kind: 'numeric', source: { type: 'optin', part: 'days' } },
  { name: 'optin_month', kind: 'ordinal', source: { type: 'optin', part: 'month' } },
  { name: 'optin_day_of_week', kind: 'ordinal', source: { type: 'optin', part: 'day_of_week' } },
  { name: 'optin_day_of_year', kind: 'numeric', source: { type: 'optin', part: 'day_of_year' } },
  { name: 'optin_quarter', kind: 'ordinal', source: { type: 'optin', part: 'quarter' } },
  { name: 'optin_is_weekend', kind: 'categorical', source: { type: 'optin', part: 'is_weekend' } },
  { name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } },
  { name: 'tag_count_by_optin_day', kind: 'numeric', source: { type: 'tag_count_by_optin_day' } },
  { name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } },
  { name: 'country_code', kind: 'categorical', source: { type: 'country_code' } },
  { name: 'is_free_email', kind: 'categorical', source: { type: 'is_free_email' } },
];

/**
 * Fit the feature specification on the training rows: the reference day is their newest opt-in, the countries kept
 * are the fewest that hold the Pareto share of their sales, what is no two-letter code going to `other`, the tags are
 * those that at least `MIN_TAG_HOLDERS` of them hold: a tag becomes a feature's name, and one that only a few hold could
 * name them.
 * Nothing of any other row is read.
 *
 * A tag whose column has the name of another feature keeps its column, and its feature gets `_2` appended.
 *
 * @param options.split a `SplitPart` a row
 * @param options.paretoShare above 0, up to 1
 * @param options.seed the seed the user sees, recorded with the shares
 * @returns the specification; or `optin_all_missing` when no training row has an opt-in date, or
 * `feature_spec_invalid` when a tag's name or the number of tags exceeds what the format holds
 */
export function fitSpec(options: {
  readonly table: JoinedTable;
  readonly split: Uint8Array;
  readonly paretoShare: number;
  readonly seed: number;
  readonly shares: SplitShares;
  /** `MIN_TAG_HOLDERS` when left out. */
  readonly minTagHolders?: number;
}): Result<FeatureSpec> {
  const { table, split, paretoShare, seed, shares, minTagHolders = MIN_TAG_HOLDERS } = options;
  if (split.length !== table.nRows)
    throw new Error(`Expected a split of ${table.nRows} rows, got ${split.length}`);
  const rows = rowsOfPart(split, SplitPart.train);
  const referenceDay = newestOptin(table, rows);
  if (referenceDay === MISSING_DAY) {
    return fail(
      'optin_all_missing',
      'No training row has an opt-in date in optin_time, so there is no day to count from.',
      'Check that optin_time holds dates written as YYYY-MM-DD.',
    );
  }
  const kept = levelsKept(countryPareto(table, { rows }), paretoShare);
  const spec: FeatureSpec = {
    version: FEATURE_SPEC_VERSION,
    target: 'made_purchase',
    missingValue: MISSING_VALUE,
    referenceDay: formatDay(referenceDay),
    countryLevels: [...kept.filter((code) => COUNTRY_CODE.test(code)).sort(), OTHER_COUNTRY],
    paretoShare,
    freeEmailDomains: [...FREE_EMAIL_DOMAINS],
    features: [...BASE_FEATURES, ...tagFeatures(heldTags(table, rows, minTagHolders))],
    split: { seed, train: shares.train, validation: shares.validation, test: shares.test },
  };
  return withinFormat(spec);
}

function newestOptin(table: JoinedTable, rows: Uint32Array): number {
  // MISSING_DAY is the smallest of all, so any date is newer.
  return rows.reduce((newest, row) => Math.max(newest, table.optinDay[row]!), MISSING_DAY);
}

function heldTags(table: JoinedTable, rows: Uint32Array, minHolders: number): string[] {
  return table.tagColumns.filter((_, column) => {
    const holds = table.tagIndicators[column]!;
    let nHolders = 0;
    for (const row of rows) nHolders += holds[row]!;
    return nHolders >= minHolders;
  });
}

function tagFeatures(tags: readonly string[]): Feature[] {
  const taken = new Set([...BASE_FEATURES.map((feature) => feature.name)]);
  return tags.toSorted().map((tag) => {
    let name = tag;
    while (taken.has(name)) name += '_2';
    taken.add(name);
    return { name, kind: 'categorical', source: { type: 'tag', tag } };
  });
}

function withinFormat(spec: FeatureSpec): Result<FeatureSpec> {
  const parsed = featureSpecSchema.safeParse(spec);
  if (parsed.success) return succeed(parsed.data);
  const [issue] = parsed.error.issues;
  return fail(
    'feature_spec_invalid',
    `The features do not fit the specification's format at ${issue?.path.join('.')}: ${issue?.message}.`,
    'Give tags shorter names, or fewer of them: a name holds 200 characters, a specification 2,000 features.',
  );
}

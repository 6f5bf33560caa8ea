import { formatDay, MISSING_DAY } from '@/lib/core/day';
import { fail, type Result, succeed } from '@/lib/core/result';
import { emailDomain } from '@/lib/crm/email-domain';
import { FREE_EMAIL_DOMAINS } from '@/lib/crm/free-email-domains';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countryPareto, levelsKept } from '@/lib/explore/segments/country-pareto';
import { candidateFeatures } from './candidate-features';
import { DESIGN_FEATURE_CHOICES, type FeatureChoices } from './choices';
import { countryLevelOfRows, OTHER_COUNTRY } from './country-levels';
import { SplitPart } from './matrix';
import {
  FEATURE_SPEC_VERSION,
  type Feature,
  type FeatureSpec,
  featureSpecSchema,
  type TrainingCounts,
} from './spec';
import { rowsOfPart, type SplitShares } from './split';

/**
 * What may become a level. Levels reach the server and the model, and in a list that passed the gate by override only,
 * the column may hold anything, such as addresses of people.
 */
const COUNTRY_CODE = /^[a-z]{2}$/;

/** Fewest training rows that must hold a tag before it becomes a feature; with fewer there is nothing to learn either. */
export const MIN_TAG_HOLDERS = 5;

/** What a specification is fitted on, and how. */
export interface FitOptions {
  readonly table: JoinedTable;
  /** A `SplitPart` a row. */
  readonly split: Uint8Array;
  /** Above 0, up to 1. */
  readonly paretoShare: number;
  /** The seed the user sees, recorded with the shares. */
  readonly seed: number;
  readonly shares: SplitShares;
  /** The design's when left out. */
  readonly choices?: FeatureChoices;
  /** `MIN_TAG_HOLDERS` when left out. */
  readonly minTagHolders?: number;
}

/** A specification, and all features that it would have, had nobody switched any off. */
export interface FittedFeatures {
  readonly spec: FeatureSpec;
  readonly candidates: readonly Feature[];
}

/**
 * Fit the feature specification on the training rows: the reference day is their newest opt-in, the countries kept
 * are the fewest that hold the Pareto share of their sales, what is no two-letter code going to `other`, the tags are
 * those that at least `MIN_TAG_HOLDERS` of them hold: a tag becomes a feature's name, and one that only a few hold could
 * name them.
 * Nothing of any other row is read.
 *
 * A tag whose column has the name of another feature keeps its column, and its feature gets `_2` appended.
 *
 * @returns the specification and all features there were to choose from; or `optin_all_missing` when no training row has an
 * opt-in date, `no_features` when all are switched off, `target_encoding_too_few` with too few rows of a class for its
 * folds, `own_feature_invalid`, or `feature_spec_invalid` when a tag's name or the number of tags exceeds what the format holds
 */
export function fitFeatures(options: FitOptions): Result<FittedFeatures> {
  const { table, split, paretoShare, seed, shares, minTagHolders = MIN_TAG_HOLDERS } = options;
  const { choices = DESIGN_FEATURE_CHOICES } = options;
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
  const countryLevels = [...kept.filter((code) => COUNTRY_CODE.test(code)).sort(), OTHER_COUNTRY];
  const tags = heldTags(table, rows, minTagHolders);
  const levels = countryLevelOfRows(countryLevels, table);
  const candidates = candidateFeatures(choices, { table, rows, countryLevels, levels, tags });
  if (!candidates.ok) return candidates;
  const off = new Set(choices.switchedOff);
  const features = candidates.value.filter(({ name }) => !off.has(name));
  const switchedOff = candidates.value.filter(({ name }) => off.has(name)).map(({ name }) => name);
  if (features.length === 0) {
    return fail('no_features', 'Every feature is switched off.', 'Switch at least one on.');
  }
  const spec: FeatureSpec = {
    version: FEATURE_SPEC_VERSION,
    target: 'made_purchase',
    missingValue: choices.missingValue,
    referenceDay: formatDay(referenceDay),
    countryLevels,
    paretoShare,
    freeEmailDomains: [...FREE_EMAIL_DOMAINS],
    features,
    switchedOff,
    training: trainingCounts({ table, rows, levels, nLevels: countryLevels.length, features }),
    split: { seed, train: shares.train, validation: shares.validation, test: shares.test },
  };
  const checked = withinFormat(spec);
  return checked.ok ? succeed({ spec: checked.value, candidates: candidates.value }) : checked;
}

/** Fit the specification alone; see `fitFeatures`. */
export function fitSpec(options: FitOptions): Result<FeatureSpec> {
  const fitted = fitFeatures(options);
  return fitted.ok ? succeed(fitted.value.spec) : fitted;
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

function trainingCounts(fit: {
  readonly table: JoinedTable;
  readonly rows: Uint32Array;
  readonly levels: Int16Array;
  readonly nLevels: number;
  readonly features: readonly Feature[];
}): TrainingCounts {
  const { table, rows, levels, nLevels, features } = fit;
  const counted = (holds: (row: number) => boolean) => rows.reduce((n, row) => n + Number(holds(row)), 0);
  const tags = new Set(features.flatMap(({ source }) => (source.type === 'tag' ? [source.tag] : [])));
  const indicators = table.tagIndicators.filter((_, column) => tags.has(table.tagColumns[column]!));
  return {
    nRows: rows.length,
    missing: {
      optin_time: counted((row) => table.optinDay[row] === MISSING_DAY),
      member_rating: counted((row) => Number.isNaN(table.memberRating[row]!)),
      country_code: counted((row) => table.countryIndex[row]! < 0),
      user_email: counted((row) => emailDomain(table.userEmail[row]!) === ''),
    },
    nOtherCountry: counted((row) => levels[row] === nLevels - 1),
    nWithTag: counted((row) => indicators.some((holds) => holds[row] === 1)),
  };
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

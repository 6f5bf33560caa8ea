import { MISSING_DAY } from '@/lib/core/day';
import { fail, type Result, succeed } from '@/lib/core/result';
import { emailDomain } from '@/lib/crm/email-domain';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countText, nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import { countryLevelOfRows } from './country-levels';
import { isNumberColumn } from './expression/columns';
import { columnsOfExpression } from './expression-column';
import type { Feature, FeatureSpec, TrainingCounts } from './spec';

/** A file like the one trained on shows what this asks of it by chance in one of a million at most. */
const BEYOND_CHANCE = 1e-6;
/** Fewest values of a column whose shares are judged. */
const MIN_VALUES_JUDGED = 20;
/** How much larger than in training the share of other countries may be. */
const MOST_MORE_OTHERS = 0.5;
/** The largest share of ratings that are none. */
const MOST_STRANGE_RATINGS = 0.5;

/** A column of `subscribers_joined` that a specification reads. */
export type SourceColumn = keyof TrainingCounts['missing'];

/**
 * Judge whether a file fits a specification. It does not where a column that the features read has no value at all, though
 * training rows had so many that this is beyond chance; where none of the tags that are features is held by anybody, by the
 * same rule; where the share of countries that are none of the kept ones is more than 50 percentage points above
 * training's; or where most ratings are none of 1 to 5. Shares are judged from 20 values on. What differs less is noted by
 * `encodeFeatures`. A specification of version 1 does not tell what training rows had: of it, only ratings are judged.
 *
 * @returns or `file_does_not_fit`, which names the column
 */
export function fileFit(spec: FeatureSpec, table: JoinedTable): Result<void> {
  const read = new Set(spec.features.flatMap((feature) => columnsOf(feature)));
  const reason =
    (spec.training === undefined
      ? null
      : (emptyColumn(spec.training, read, table) ??
        absentTags(spec, spec.training, table) ??
        strangeCountries(spec, spec.training, read, table))) ??
    (read.has('member_rating') ? strangeRatings(table) : null);
  if (reason === null) return succeed(undefined);
  return fail(
    'file_does_not_fit',
    `The file does not fit the features of the model: ${reason}.`,
    'Check that the column holds what it held in the file that the model was trained on, or train on this file.',
  );
}

/** Columns of `subscribers_joined` that a feature reads and that can be missing. */
export function columnsOf({ source }: Feature): readonly SourceColumn[] {
  switch (source.type) {
    case 'optin':
    case 'tag_count_by_optin_day':
      return ['optin_time'];
    case 'member_rating':
    case 'member_rating_is':
      return ['member_rating'];
    case 'country_code':
    case 'country_is':
    case 'country_frequency':
    case 'country_target':
      return ['country_code'];
    case 'is_free_email':
      return ['user_email'];
    case 'tag':
    case 'tag_count':
      return [];
    case 'expression':
      return columnsOfExpression(source.text).flatMap((name) => {
        if (name === 'member_rating' || name === 'country_code') return [name];
        if (name === 'is_free_email') return ['user_email' as const];
        const isOfOptin = isNumberColumn(name) && name !== 'tag_count';
        return isOfOptin ? ['optin_time' as const] : [];
      });
    default:
      return source satisfies never;
  }
}

const HAS_VALUE: Readonly<Record<SourceColumn, (table: JoinedTable, row: number) => boolean>> = {
  optin_time: (table, row) => table.optinDay[row] !== MISSING_DAY,
  member_rating: (table, row) => !Number.isNaN(table.memberRating[row]!),
  country_code: (table, row) => table.countryIndex[row]! >= 0,
  user_email: (table, row) => emailDomain(table.userEmail[row]!) !== '',
};

/** Chance that none of n rows has what all but `nWithout` of the training rows had, by the rule of succession. */
function chanceOfNone(nWithout: number, { nRows }: TrainingCounts, n: number): number {
  return ((nWithout + 1) / (nRows + 2)) ** n;
}

function emptyColumn(
  training: TrainingCounts,
  read: ReadonlySet<SourceColumn>,
  table: JoinedTable,
): string | null {
  for (const column of read) {
    const nWithout = training.missing[column];
    if (chanceOfNone(nWithout, training, table.nRows) >= BEYOND_CHANCE) continue;
    const holds = HAS_VALUE[column];
    let row = 0;
    while (row < table.nRows && !holds(table, row)) row++;
    if (row < table.nRows) continue;
    const had = percentText(1 - nWithout / training.nRows);
    return `${column} has no value in any of its ${countText(table.nRows)} rows, and had one in ${had} of those trained on`;
  }
  return null;
}

function absentTags(spec: FeatureSpec, training: TrainingCounts, table: JoinedTable): string | null {
  const tags = spec.features.flatMap(({ source }) => (source.type === 'tag' ? [source.tag] : []));
  const [first] = tags;
  const isPresent = tags.some((tag) => table.tagIndicators[table.tagColumns.indexOf(tag)]?.includes(1));
  const nWithout = training.nRows - training.nWithTag;
  if (first === undefined || isPresent) return null;
  if (chanceOfNone(nWithout, training, table.nRows) >= BEYOND_CHANCE) return null;
  const held = percentText(training.nWithTag / training.nRows);
  const others = tags.length === 1 ? '' : ` and ${nounText(tags.length - 1, 'other tag', 'other tags')}`;
  return `${first}${others} are held by none of its ${countText(table.nRows)} rows, and ${held} of those trained on held at least one`;
}

function strangeCountries(
  spec: FeatureSpec,
  training: TrainingCounts,
  read: ReadonlySet<SourceColumn>,
  table: JoinedTable,
): string | null {
  if (!read.has('country_code')) return null;
  const levels = countryLevelOfRows(spec.countryLevels, table);
  const other = spec.countryLevels.length - 1;
  let nKnown = 0;
  let nOther = 0;
  for (const level of levels) {
    nKnown += Number(level >= 0);
    nOther += Number(level === other);
  }
  if (nKnown < MIN_VALUES_JUDGED) return null;
  const nTrained = training.nRows - training.missing.country_code;
  const trained = nTrained === 0 ? 0 : training.nOtherCountry / nTrained;
  if (nOther / nKnown - trained <= MOST_MORE_OTHERS) return null;
  return `country_code holds none of the ${countText(other)} countries kept in ${percentText(nOther / nKnown)} of its values, against ${percentText(trained)} in training`;
}

function strangeRatings({ memberRating }: JoinedTable): string | null {
  let nValues = 0;
  let nStrange = 0;
  for (const rating of memberRating) {
    if (Number.isNaN(rating)) continue;
    nValues += 1;
    nStrange += Number(![1, 2, 3, 4, 5].includes(rating));
  }
  if (nValues < MIN_VALUES_JUDGED || nStrange / nValues <= MOST_STRANGE_RATINGS) return null;
  return `member_rating is none of 1 to 5 in ${percentText(nStrange / nValues)} of its values`;
}

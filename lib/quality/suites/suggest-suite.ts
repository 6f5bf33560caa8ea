import { calendarParts, formatDay } from '@/lib/core/day';
import type { Batch } from '../expectations/batch';
import { columnNumbers } from '../expectations/column-numbers';
import {
  type ColumnProfile,
  daysOf,
  lengthsOf,
  notIntegers,
  profileOf,
  rankingOf,
  textsOf,
} from '../expectations/column-profile';
import type { ExpectationType } from '../expectations/expectation';
import { parseSuiteText, type Suite } from './suite-file';

/** Values of these are someone's: nothing of them goes into a suite. */
const PERSONAL_COLUMNS: ReadonlySet<string> = new Set(['mailchimp_id', 'user_full_name', 'user_email']);

/** Values held by fewer rows are not named: what one person alone has is personal. */
const MIN_NAMED_COUNT = 10;
const MAX_NAMED_VALUES = 60;
/** Values that repeat less than this on average are names of things, and have no bounds. */
const MIN_REPEATS = 2;
/** Bounds leave so much of the spread free on both sides. */
const SLACK = 0.1;
/** A share that is met is asked for less this. */
const SHARE_SLACK = 0.02;

const EMAIL = '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$';
const CODE = '^[A-Za-z]{2}$';

interface Proposal {
  readonly type: ExpectationType;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/**
 * Propose a suite for a table from the data at hand: what holds of them now, with some slack. The suite passes on these data. It holds
 * no name, address or id, and no value that fewer than ten rows have.
 */
export function suggestSuite(batch: Batch, name: string): Suite {
  const columns = batch.columnNames.filter((column) => !column.startsWith('tag_') || column === 'tag_count');
  const hasIndicators = columns.length < batch.columnNames.length;
  const proposals: Proposal[] = [
    {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: hasIndicators ? { $PARAMETER: 'joined_columns' } : batch.columnNames },
    },
    {
      type: 'expect_table_row_count_to_be_between',
      kwargs: { min_value: Math.floor(batch.nRows / 2), max_value: 2 * batch.nRows + 1 },
    },
    ...columns.flatMap((column) => columnProposals(batch, column)),
    ...(hasIndicators
      ? [
          {
            type: 'expect_multicolumn_values_to_be_in_set' as const,
            kwargs: { column_list: { $PARAMETER: 'tag_columns' }, value_set: [0, 1] },
          },
        ]
      : []),
  ];
  const { table } = batch;
  const expectations = proposals.map((proposal) => ({ ...proposal, severity: 'warning' }));
  // Written and read, so that arguments left out are absent.
  const suite = parseSuiteText(JSON.stringify({ name, meta: { table }, expectations }), name);
  if (!suite.ok) throw new Error(suite.error.message);
  return suite.value;
}

function columnProposals(batch: Batch, column: string): Proposal[] {
  const source = batch.columns.get(column);
  if (source === undefined) return [];
  const profile = profileOf(source);
  const present = presence(profile, column);
  if (profile.nPresent === 0) return [];
  return [...present, ...typed(profile, column), ...unique(profile, column), ...shaped(profile, column)];
}

function presence({ nRows, nPresent }: ColumnProfile, column: string): Proposal[] {
  if (nRows === 0) return [];
  const mostly = nPresent === nRows ? undefined : roundedDown(nPresent / nRows - SHARE_SLACK);
  if (mostly !== undefined && mostly <= 0) return [];
  return [{ type: 'expect_column_values_to_not_be_null', kwargs: { column, mostly } }];
}

function typed(profile: ColumnProfile, column: string): Proposal[] {
  const type = (type_: string): Proposal[] => [
    { type: 'expect_column_values_to_be_of_type', kwargs: { column, type_ } },
  ];
  if (areIntegers(profile)) return type('int64');
  if (!Number.isNaN(columnNumbers(profile).min)) return type('float64');
  const areTexts = profile.levels.every((level) => level === null || typeof level === 'string');
  return areTexts ? type('string') : [];
}

function unique(profile: ColumnProfile, column: string): Proposal[] {
  const isUnique = profile.nPresent > 1 && rankingOf(profile).levels.length === profile.nPresent;
  return isUnique ? [{ type: 'expect_column_values_to_be_unique', kwargs: { column } }] : [];
}

/** What the values look like: a set, bounds, days, or the form of a text. */
function shaped(profile: ColumnProfile, column: string): Proposal[] {
  const days = dayBounds(profile, column);
  if (days.length > 0) return days;
  const isPersonal = PERSONAL_COLUMNS.has(column);
  const isRepeating = profile.nPresent >= MIN_REPEATS * rankingOf(profile).levels.length;
  if (!isPersonal && isRepeating) {
    const named = namedValues(profile, column);
    if (named.length > 0) return named;
    const bounds = numberBounds(profile, column);
    if (bounds.length > 0) return bounds;
  }
  return areNumbers(profile) ? [] : textForm(profile, column);
}

function namedValues(profile: ColumnProfile, column: string): Proposal[] {
  const { levels, counts } = rankingOf(profile);
  if (levels.length > MAX_NAMED_VALUES) return [];
  const values = Array.from(levels, (level) => profile.levels[level] ?? null);
  const isNamed = values.map((value, i) => counts[i]! >= MIN_NAMED_COUNT && !String(value).includes('@'));
  const nNamed = counts.reduce((sum, count, i) => sum + (isNamed[i] ? count : 0), 0);
  const share = nNamed / profile.nPresent;
  if (share < 0.9) return [];
  const mostly = share === 1 ? undefined : roundedDown(share - SHARE_SLACK);
  const value_set = values.filter((_, i) => isNamed[i]);
  return [{ type: 'expect_column_values_to_be_in_set', kwargs: { column, value_set, mostly } }];
}

function numberBounds(profile: ColumnProfile, column: string): Proposal[] {
  const { min, max } = columnNumbers(profile);
  if (Number.isNaN(min)) return [];
  const slack = Math.max((max - min) * SLACK, 1);
  // What is never negative in the data is a count or a share, and will not be later.
  const min_value = min >= 0 && min - slack < 0 ? 0 : Math.floor(min - slack);
  return [
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column, min_value, max_value: Math.ceil(max + slack) },
    },
  ];
}

function dayBounds(profile: ColumnProfile, column: string): Proposal[] {
  const days = daysOf(profile);
  let first = Number.POSITIVE_INFINITY;
  for (let level = 0; level < days.length; level++) {
    if (profile.isPresent[level] === 0) continue;
    if (Number.isNaN(days[level])) return [];
    first = Math.min(first, days[level]!);
  }
  const newYear = `${formatDay(first).slice(0, 4)}-01-01`;
  if (calendarParts(first).year < 1000) return [];
  return [
    { type: 'expect_column_values_to_be_iso_dates', kwargs: { column } },
    { type: 'expect_column_values_to_be_between', kwargs: { column, min_value: newYear } },
  ];
}

function textForm(profile: ColumnProfile, column: string): Proposal[] {
  const texts = textsOf(profile);
  for (const regex of [EMAIL, CODE]) {
    const pattern = new RegExp(regex, 'u');
    const nMatching = texts.reduce(
      (sum, text, level) =>
        sum + (profile.isPresent[level] === 1 && pattern.test(text) ? nRowsOf(profile, level) : 0),
      0,
    );
    const share = nMatching / profile.nPresent;
    if (share < 0.9) continue;
    const mostly = share === 1 ? undefined : roundedDown(share - SHARE_SLACK);
    return [{ type: 'expect_column_values_to_match_regex', kwargs: { column, regex, mostly } }];
  }
  const longest = lengthsOf(profile).reduce((most, length) => Math.max(most, length), 0);
  const max_value = 10 * Math.ceil((longest * (1 + SLACK)) / 10);
  return [{ type: 'expect_column_value_lengths_to_be_between', kwargs: { column, min_value: 1, max_value } }];
}

function areIntegers(profile: ColumnProfile): boolean {
  return notIntegers(profile).every((mark) => mark === 0);
}

function areNumbers(profile: ColumnProfile): boolean {
  return !Number.isNaN(columnNumbers(profile).min);
}

function nRowsOf({ counts }: ColumnProfile, level: number): number {
  return counts === null ? 1 : counts[level]!;
}

function roundedDown(share: number): number {
  return Math.floor(share * 100) / 100;
}

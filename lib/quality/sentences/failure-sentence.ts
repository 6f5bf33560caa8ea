import type { ExpectationResult, SuiteResult } from '../suite-result';
import { FURTHER_SENTENCES } from './further-sentences';
import { bounds, count, type Failed, field, item, type Json, list, percent, text } from './sentence-words';

/** Their values are personal data: a sentence names the row instead, because sentences reach logs and terminals. */
const PERSONAL_COLUMNS: ReadonlySet<string> = new Set(['mailchimp_id', 'user_full_name', 'user_email']);

const MAX_EXAMPLE_LENGTH = 40;

const SENTENCES: Readonly<Record<string, (failed: Failed) => string>> = {
  expect_table_columns_to_match_ordered_list: ({ table, kwargs, result }) =>
    `${table}: the columns are ${list(result.observed_value)}, not ${list(kwargs.column_list)} in this order.`,
  expect_table_columns_to_match_set: ({ table, result }) => {
    const mismatched = field(field(result.details, 'mismatched'), 'unexpected');
    return `${table}: the columns ${list(mismatched)} are not part of the design and are left out.`;
  },
  expect_table_row_count_to_be_between: ({ table, result, kwargs }) =>
    `${table}: ${count(result.observed_value)} rows, expected ${bounds(kwargs)}.`,
  expect_table_row_count_to_equal: ({ table, result, kwargs }) =>
    `${table}: ${count(result.observed_value)} rows, expected ${count(kwargs.value)}.`,
  expect_table_row_count_to_equal_other_table: ({ table, result, kwargs }) =>
    `${table}: ${count(field(result.observed_value, 'self'))} rows, but ${kwargs.other_table_name} has ${count(field(result.observed_value, 'other'))}.`,
  expect_column_values_to_not_be_null: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} are missing${example}.`,
  expect_column_values_to_be_of_type: ({ where, kwargs, nOfValues, example }) =>
    `${where}: ${nOfValues} are not ${kwargs.type_ === 'int64' ? 'whole numbers' : 'texts'}${example}.`,
  expect_column_values_to_be_unique: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} occur more than once${example}.`,
  expect_column_values_to_match_regex: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} are not ${where.endsWith('user_email') ? 'well-formed e-mail addresses' : where.endsWith('country_code') ? 'two letters' : where.endsWith('.tag') ? 'free of e-mail addresses; a tag becomes the name of a feature' : 'of the expected form'}${example}.`,
  expect_column_values_to_be_between: ({ where, kwargs, nOfValues, example }) =>
    `${where}: ${nOfValues} are not ${bounds(kwargs)}${example}.`,
  expect_column_values_to_be_in_set: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} are not ${where.endsWith('country_code') ? 'known country codes' : 'among the allowed values'}${example}.`,
  expect_column_values_to_be_iso_dates: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} are not dates as YYYY-MM-DD${example}.`,
  expect_column_values_to_be_representable: ({ where, nOfValues }) =>
    `${where}: ${nOfValues} are blobs and read as missing.`,
  expect_column_values_to_be_spelled_in_one_case: ({ where, result }) =>
    `${where}: ${count(result.unexpected_count)} of ${count(result.element_count)} codes are written in more than one case; they are folded to lower case.`,
  expect_column_values_to_exist_in_other_table: ({ where, table, kwargs, result }) =>
    `${where}: ${count(result.unexpected_count)} of ${count(result.element_count)} rows of ${table} belong to no row of ${kwargs.other_table_name} and are left out.`,
  expect_compound_columns_to_be_unique: ({ table, kwargs, result }) =>
    `${table}: ${count(result.unexpected_count)} of ${count(result.element_count)} rows share their ${list(kwargs.column_list)} with another row.`,
  expect_column_days_to_not_precede_other_table: ({ where, kwargs, result }) =>
    `${where}: ${count(result.unexpected_count)} of ${count(result.element_count)} days come before ${kwargs.other_table_name}.${kwargs.other_column}.`,
  expect_multicolumn_values_to_be_in_set: ({ table, result }) =>
    `${table}: ${count(result.unexpected_count)} of ${count(result.element_count)} rows hold a tag indicator other than 0 or 1.`,
  expect_column_values_to_equal_sum_of_columns: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} differ from the number of tag indicators set${example}.`,
  expect_column_mean_to_be_between: ({ where, kwargs, result }) =>
    where.endsWith('made_purchase')
      ? `${where}: the conversion is ${percent(result.observed_value)}, expected between ${percent(kwargs.min_value)} and ${percent(kwargs.max_value)}.`
      : `${where}: the mean is ${text(result.observed_value)}, expected ${bounds(kwargs)}.`,
  ...FURTHER_SENTENCES,
  expect_column_most_common_value_share_to_be_between: ({ where, kwargs, result }) =>
    `${where}: the most common value holds ${percent(result.observed_value)} of the rows, expected at most ${percent(kwargs.max_value)}.`,
};

/**
 * Say in one plain sentence what a failed expectation found: table, column, how many, and an example that is no personal data.
 *
 * @example // 'Subscribers.member_rating: 61 of 5,000 values are not between 1 and 5, for example 6 in row 13.'
 */
export function failureSentence(
  suite: SuiteResult,
  { expectation_config, result, exception_info }: ExpectationResult,
): string {
  const { type, kwargs, description } = expectation_config;
  const table = text(field(suite.meta.active_batch_definition, 'data_asset_name')) || suite.suite_name;
  const where = typeof kwargs.column === 'string' ? `${table}.${kwargs.column}` : table;
  if (exception_info.raised_exception) {
    return `${where}: ${type} could not be judged, because ${exception_info.exception_message ?? 'of an unknown reason'}.`;
  }
  const sentence = SENTENCES[type];
  if (!sentence) return `${where}: ${type} failed.`;
  const nOfValues = `${count(result.unexpected_count)} of ${count(result.element_count)} values`;
  return sentence({
    where,
    table,
    kwargs,
    result,
    nOfValues,
    example: example(kwargs.column, result),
    description: description ?? '',
  });
}

function example(column: Json | undefined, result: Readonly<Record<string, Json>>): string {
  const row = item(result.partial_unexpected_index_list, 0);
  if (typeof row !== 'number') return '';
  const place = `row ${(row + 1).toLocaleString('en')}`;
  const value = item(result.partial_unexpected_list, 0);
  const isPersonal = typeof column === 'string' && PERSONAL_COLUMNS.has(column);
  const holdsAddress = typeof value === 'string' && value.includes('@');
  if (value === undefined || value === null || isPersonal || holdsAddress) {
    return `, the first in ${place}`;
  }
  const shown = text(value);
  const short = shown.length > MAX_EXAMPLE_LENGTH ? `${shown.slice(0, MAX_EXAMPLE_LENGTH)}…` : shown;
  return `, for example ${typeof value === 'number' ? short : JSON.stringify(short)} in ${place}`;
}

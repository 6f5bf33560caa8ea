import { plainColumn } from '@/lib/quality/expectations/batch';
import { batchOf } from './batch-of';
import { bytes, counted, critical, type ExpectationCase, withSql } from './expectation-case';

/** Expectations of the other half, met and not met. */
export const FURTHER_EXPECTATION_CASES: readonly ExpectationCase[] = [
  [
    {
      type: 'expect_column_distinct_values_to_contain_set',
      kwargs: { column: 'a', value_set: ['x', 1] },
      severity: critical,
    },
    batchOf({ a: ['x', 1, 'y'] }),
    batchOf({ a: ['x'] }),
  ],
  [
    {
      type: 'expect_column_distinct_values_to_equal_set',
      kwargs: { column: 'a', value_set: ['x', 1] },
      severity: critical,
    },
    batchOf({ a: ['x', 1, 1] }),
    batchOf({ a: ['x', 1, 'y'] }),
  ],
  [
    {
      type: 'unexpected_rows_expectation',
      kwargs: { unexpected_rows_query: 'SELECT * FROM {batch} WHERE a > 1' },
      severity: critical,
    },
    withSql(batchOf({ a: [1, null] })),
    withSql(batchOf({ a: [1, 2] })),
  ],
  [
    { type: 'expect_column_values_to_be_iso_dates', kwargs: { column: 'a' }, severity: critical },
    batchOf({ a: ['2020-02-29', '2020-02-29T10:00:00Z', '2020-02-29 10:00', null] }),
    batchOf({ a: ['2023-02-29'] }),
  ],
  [
    { type: 'expect_column_values_to_be_iso_dates', kwargs: { column: 'a' }, severity: critical },
    batchOf({ a: [null] }),
    batchOf({ a: [1580428800] }),
  ],
  [
    { type: 'expect_column_values_to_be_representable', kwargs: { column: 'a' }, severity: critical },
    counted('expect_column_values_to_be_representable a', 0),
    counted('expect_column_values_to_be_representable a', 2),
  ],
  [
    { type: 'expect_column_values_to_be_spelled_in_one_case', kwargs: { column: 'a' }, severity: critical },
    counted('expect_column_values_to_be_spelled_in_one_case a', 0),
    counted('expect_column_values_to_be_spelled_in_one_case a', 1),
  ],
  [
    {
      type: 'expect_column_values_to_exist_in_other_table',
      kwargs: { column: 'a', other_table_name: 'U' },
      severity: critical,
    },
    counted('expect_column_values_to_exist_in_other_table a', 0),
    counted('expect_column_values_to_exist_in_other_table a', 3),
  ],
  [
    {
      type: 'expect_column_days_to_not_precede_other_table',
      kwargs: { column: 'a', other_table_name: 'U', other_column: 'b' },
      severity: critical,
    },
    counted('expect_column_days_to_not_precede_other_table a U.b', 0),
    counted('expect_column_days_to_not_precede_other_table a U.b', 1),
  ],
  [
    {
      type: 'expect_multicolumn_values_to_be_in_set',
      kwargs: { column_list: ['a', 'b'], value_set: [0, 1] },
      severity: critical,
    },
    batchOf({ a: [0, 1], b: [1, 1] }),
    batchOf({ a: [0, 1], b: [1, null] }),
  ],
  [
    {
      type: 'expect_multicolumn_values_to_be_in_set',
      kwargs: { column_list: ['a'], value_set: [0, 1] },
      severity: critical,
    },
    bytes(0, 1),
    bytes(0, 2),
  ],
  [
    {
      type: 'expect_column_values_to_equal_sum_of_columns',
      kwargs: { column: 'a', column_list: ['b', 'c'] },
      severity: critical,
    },
    batchOf({ a: [2, 0], b: [1, 0], c: [1, 0] }),
    batchOf({ a: [2, 1], b: [1, 0], c: [1, 0] }),
  ],
  [
    {
      type: 'expect_column_values_to_equal_sum_of_columns',
      kwargs: { column: 'a', column_list: ['a'] },
      severity: critical,
    },
    bytes(0, 1, 7),
    batchOf(
      { a: [2, null] },
      { columns: new Map([['a', plainColumn(2, (row) => ['2', '1'][row] ?? null)]]) },
    ),
  ],
  [
    {
      type: 'expect_column_most_common_value_share_to_be_between',
      kwargs: { column: 'a', max_value: 0.6 },
      severity: critical,
    },
    batchOf({ a: ['x', 'x', 'y', 'z'] }),
    batchOf({ a: ['x', 'x', 'y', null] }),
  ],
  [
    { type: 'expect_table_row_count_to_equal', kwargs: { value: 2 }, severity: critical },
    batchOf({ a: [1, null] }),
    batchOf({ a: [1] }),
  ],
  [
    { type: 'expect_table_column_count_to_equal', kwargs: { value: 1 }, severity: critical },
    batchOf({ a: [1] }),
    batchOf({ a: [1], b: [1] }),
  ],
  [
    { type: 'expect_column_to_exist', kwargs: { column: 'b' }, severity: critical },
    batchOf({ b: [] }),
    batchOf({ c: [] }),
  ],
  [
    { type: 'expect_column_values_to_be_null', kwargs: { column: 'a' }, severity: critical },
    batchOf({ a: [null, ' '] }),
    batchOf({ a: [null, 0] }),
  ],
  [
    {
      type: 'expect_column_values_to_not_match_regex',
      kwargs: { column: 'a', regex: '@' },
      severity: critical,
    },
    batchOf({ a: ['x', null] }),
    batchOf({ a: ['x@y'] }),
  ],
  [
    {
      type: 'expect_column_value_lengths_to_be_between',
      kwargs: { column: 'a', max_value: 2 },
      severity: critical,
    },
    batchOf({ a: ['日本', 12, null] }),
    batchOf({ a: ['abc'] }),
  ],
  [
    {
      type: 'expect_column_values_to_not_be_in_set',
      kwargs: { column: 'a', value_set: ['x', 1] },
      severity: critical,
    },
    batchOf({ a: ['1', null] }),
    batchOf({ a: [1] }),
  ],
  [
    {
      type: 'expect_column_min_to_be_between',
      kwargs: { column: 'a', min_value: 2, strict_min: true },
      severity: critical,
    },
    batchOf({ a: ['3', 4] }),
    batchOf({ a: [2, 4] }),
  ],
  [
    { type: 'expect_column_max_to_be_between', kwargs: { column: 'a', max_value: 4 }, severity: critical },
    batchOf({ a: [3, 4] }),
    batchOf({ a: [3, 'four'] }),
  ],
  [
    {
      type: 'expect_column_sum_to_be_between',
      kwargs: { column: 'a', min_value: 0, max_value: 0 },
      severity: critical,
    },
    batchOf({ a: [] }),
    batchOf({ a: [1, 1] }),
  ],
  [
    {
      type: 'expect_column_median_to_be_between',
      kwargs: { column: 'a', min_value: 2, max_value: 2 },
      severity: critical,
    },
    batchOf({ a: [3, 1, null] }),
    batchOf({ a: [] }),
  ],
  [
    {
      type: 'expect_column_stdev_to_be_between',
      kwargs: { column: 'a', max_value: 1.5 },
      severity: critical,
    },
    batchOf({ a: [1, 3] }),
    batchOf({ a: [1] }),
  ],
  [
    {
      type: 'expect_column_unique_value_count_to_be_between',
      kwargs: { column: 'a', max_value: 2 },
      severity: critical,
    },
    batchOf({ a: [1, '1', 1, null] }),
    batchOf({ a: [1, 2, 3] }),
  ],
  [
    {
      type: 'expect_column_proportion_of_unique_values_to_be_between',
      kwargs: { column: 'a', min_value: 0.5 },
      severity: critical,
    },
    batchOf({ a: [1, 2, 2, null] }),
    batchOf({ a: [2, 2, 2] }),
  ],
];

import { batchOf } from './batch-of';
import { critical, type ExpectationCase } from './expectation-case';

/** Expectations of the first half of the engine, met and not met. */
export const EXPECTATION_CASES: readonly ExpectationCase[] = [
  [
    {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: ['a', 'b'] },
      severity: critical,
    },
    batchOf({ a: [], b: [] }),
    batchOf({ b: [], a: [] }),
  ],
  [
    {
      type: 'expect_table_columns_to_match_set',
      kwargs: { column_set: ['a', 'b'], exact_match: true },
      severity: critical,
    },
    batchOf({ b: [], a: [] }),
    batchOf({ a: [], b: [], c: [] }),
  ],
  [
    {
      type: 'expect_table_columns_to_match_set',
      kwargs: { column_set: ['a'], exact_match: false },
      severity: critical,
    },
    batchOf({ b: [], a: [] }),
    batchOf({ b: [] }),
  ],
  [
    { type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 1 }, severity: critical },
    batchOf({ a: [null] }),
    batchOf({ a: [] }),
  ],
  [
    {
      type: 'expect_table_row_count_to_equal_other_table',
      kwargs: { other_table_name: 'U' },
      severity: critical,
    },
    batchOf({ a: [1] }, { rowCounts: new Map([['U', 1]]) }),
    batchOf({ a: [1] }, { rowCounts: new Map([['U', 2]]) }),
  ],
  [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'a', mostly: 0.5 }, severity: critical },
    batchOf({ a: [1, null] }),
    batchOf({ a: [1, null, null] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_of_type',
      kwargs: { column: 'a', type_: 'int64' },
      severity: critical,
    },
    batchOf({ a: [1, '2', ' 3.0', '9007199254740993', null] }),
    batchOf({ a: [1, 2.5] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_of_type',
      kwargs: { column: 'a', type_: 'string' },
      severity: critical,
    },
    batchOf({ a: ['x', null] }),
    batchOf({ a: ['x', 5] }),
  ],
  [
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'a' }, severity: critical },
    batchOf({ a: [1, '1', null, null] }),
    batchOf({ a: [1, 1] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'a', normal_form: 'integer' },
      severity: critical,
    },
    batchOf({ a: [1, 'x', '9007199254740993', '9007199254740992'] }),
    batchOf({ a: [1, '01'] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'a', normal_form: 'email' },
      severity: critical,
    },
    batchOf({ a: ['a@x.io', 'b@x.io'] }),
    batchOf({ a: ['a@x.io', ' A@X.io'] }),
  ],
  [
    {
      type: 'expect_column_values_to_match_regex',
      kwargs: { column: 'a', regex: '^[a-z]{2}$' },
      severity: critical,
    },
    batchOf({ a: ['us', ' uk '] }),
    batchOf({ a: ['usa'] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'a', min_value: 1, max_value: 5 },
      severity: critical,
    },
    batchOf({ a: [1, 5, '3'] }),
    batchOf({ a: ['three'] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_in_set',
      kwargs: { column: 'a', value_set: ['us', 1] },
      severity: critical,
    },
    batchOf({ a: ['us', 1, null] }),
    batchOf({ a: ['1'] }),
  ],
  [
    {
      type: 'expect_column_mean_to_be_between',
      kwargs: { column: 'a', min_value: 0.5, max_value: 0.5 },
      severity: critical,
    },
    batchOf({ a: [0, 1, null] }),
    batchOf({ a: [] }),
  ],
  [
    { type: 'expect_compound_columns_to_be_unique', kwargs: { column_list: ['a', 'b'] }, severity: critical },
    batchOf({ a: [1, 1, null, null], b: ['x', 'y', 'x', null] }),
    batchOf({ a: [1, 1], b: ['x', 'x'] }),
  ],
  [
    {
      type: 'expect_compound_columns_to_be_unique',
      kwargs: { column_list: ['a', 'b'], ignore_row_if: 'any_value_is_missing' },
      severity: critical,
    },
    batchOf({ a: [1, null, null], b: ['x', 'y', 'y'] }),
    batchOf({ a: [1, 1, null], b: ['x', 'x', 'y'] }),
  ],
  [
    {
      type: 'expect_compound_columns_to_be_unique',
      kwargs: { column_list: ['a', 'b'], ignore_row_if: 'never' },
      severity: critical,
    },
    batchOf({ a: [1, null], b: [null, null] }),
    batchOf({ a: [null, null], b: [null, null] }),
  ],
  [
    {
      type: 'expect_select_column_values_to_be_unique_within_record',
      kwargs: { column_list: ['a', 'b', 'c'] },
      severity: critical,
    },
    batchOf({ a: [1, null], b: [2, null], c: ['1', null] }),
    batchOf({ a: [1], b: [2], c: [1] }),
  ],
  [
    {
      type: 'expect_column_pair_values_a_to_be_greater_than_b',
      kwargs: { column_A: 'a', column_B: 'b' },
      severity: critical,
    },
    batchOf({ a: [2, '2020-02-01', null], b: [1, '2020-01-31', null] }),
    batchOf({ a: [2, 3], b: [2, 1] }),
  ],
  [
    {
      type: 'expect_column_pair_values_a_to_be_greater_than_b',
      kwargs: { column_A: 'a', column_B: 'b', or_equal: true, ignore_row_if: 'either_value_is_missing' },
      severity: critical,
    },
    batchOf({ a: [2, null], b: [2, 1] }),
    batchOf({ a: [2], b: ['1'] }),
  ],
  [
    {
      type: 'expect_column_pair_values_to_be_equal',
      kwargs: { column_A: 'a', column_B: 'b' },
      severity: critical,
    },
    batchOf({ a: [2, 'x'], b: [2, 'x'] }),
    batchOf({ a: [2], b: [null] }),
  ],
  [
    {
      type: 'expect_column_values_to_match_strftime_format',
      kwargs: { column: 'a', strftime_format: '%d.%m.%Y' },
      severity: critical,
    },
    batchOf({ a: ['29.02.2020', '1.3.1999', null] }),
    batchOf({ a: [20200229] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'a', max_value: '2020-02-29' },
      severity: critical,
    },
    batchOf({ a: ['2020-02-29', '2020-02-29T23:59:59Z', null] }),
    batchOf({ a: ['2020-03-01'] }),
  ],
  [
    {
      type: 'expect_column_values_to_be_in_type_list',
      kwargs: { column: 'a', type_list: ['int', 'float64'] },
      severity: critical,
    },
    batchOf({ a: [1, '2.5', null] }),
    batchOf({ a: ['x'] }),
  ],
  [
    {
      type: 'expect_column_quantile_values_to_be_between',
      kwargs: {
        column: 'a',
        quantile_ranges: {
          quantiles: [0, 0.5],
          value_ranges: [
            [1, 1],
            [null, 2],
          ],
        },
      },
      severity: critical,
    },
    batchOf({ a: [3, 2, 1, null] }),
    batchOf({ a: [3, 2.5, 1] }),
  ],
  [
    {
      type: 'expect_column_kl_divergence_to_be_less_than',
      kwargs: {
        column: 'a',
        partition_object: { values: ['x', 'y'], weights: [0.5, 0.5] },
        threshold: 0.1,
        tail_weight_holdout: 0.1,
      },
      severity: critical,
    },
    batchOf({ a: ['x', 'y', null] }),
    batchOf({ a: ['x', 'y', 'z'] }),
  ],
  [
    {
      type: 'expect_column_most_common_value_to_be_in_set',
      kwargs: { column: 'a', value_set: ['x'] },
      severity: critical,
    },
    batchOf({ a: ['x', 'x', 'y'] }),
    batchOf({ a: ['x', 'y'] }),
  ],
  [
    {
      type: 'expect_column_most_common_value_to_be_in_set',
      kwargs: { column: 'a', value_set: ['x'], ties_okay: true },
      severity: critical,
    },
    batchOf({ a: ['x', 'y'] }),
    batchOf({ a: [] }),
  ],
  [
    {
      type: 'expect_column_distinct_values_to_be_in_set',
      kwargs: { column: 'a', value_set: ['x', 1] },
      severity: critical,
    },
    batchOf({ a: ['x', null] }),
    batchOf({ a: ['x', '1'] }),
  ],
];

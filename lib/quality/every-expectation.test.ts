import { describe, expect, it } from 'vitest';
import { batchOf } from '@/lib/testing/batch-of';
import { loadSqlJs } from '@/lib/testing/sqlite';
import { type Batch, countKey, numericColumn, plainColumn } from './batch';
import { expectationResult } from './evaluate';
import type { Expectation } from './expectation';
import { createSqlTables } from './sql-tables';

const engine = await loadSqlJs();
const critical = 'critical' as const;

/** An expectation, a batch that meets it, and one that does not. */
const CASES: readonly (readonly [Expectation, Batch, Batch])[] = [
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
];

function counted(key: string, unexpectedCount: number): Batch {
  const [type = '', ...columns] = key.split(' ');
  return batchOf(
    { a: [1] },
    { counted: new Map([[countKey(type, ...columns), { elementCount: 9, unexpectedCount }]]) },
  );
}

function withSql(batch: Batch): Batch {
  return { ...batch, sql: createSqlTables(engine, [batch]) };
}

function bytes(...values: readonly number[]): Batch {
  return batchOf({ a: values }, { columns: new Map([['a', numericColumn(Uint8Array.from(values))]]) });
}

describe('every expectation', () => {
  it.each(CASES.map(([expectation, met, unmet]) => [expectation.type, expectation, met, unmet] as const))(
    '%s passes and fails',
    (_, expectation, met, unmet) => {
      expect(expectationResult(expectation, met)).toMatchObject({
        success: true,
        exception_info: { raised_exception: false },
      });
      expect(expectationResult(expectation, unmet)).toMatchObject({
        success: false,
        exception_info: { raised_exception: false },
      });
    },
  );
});

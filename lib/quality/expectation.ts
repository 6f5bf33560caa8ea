import type { Severity } from './suite-result';

/** Judges each non-missing cell of a column; passes when the share of expected cells is at least `mostly` (default 1). */
interface ColumnMapKwargs {
  readonly column: string;
  /** Least share, 0–1, of the non-missing cells that must be as expected. A column without any passes vacuously. */
  readonly mostly?: number;
}

/** Bounds, inclusive unless they are strict. */
interface BetweenKwargs {
  readonly min_value?: number;
  readonly max_value?: number;
  readonly strict_min?: boolean;
  readonly strict_max?: boolean;
}

/** Bounds of one number of a column. */
interface StatisticKwargs extends BetweenKwargs {
  readonly column: string;
}

/**
 * An expectation as data. Types and keyword arguments are those of Great Expectations 1.x where it has them; the last seven
 * are ours, named in its manner.
 */
export type ExpectationTypes = {
  expect_table_columns_to_match_ordered_list: { readonly column_list: readonly string[] };
  expect_table_columns_to_match_set: {
    readonly column_set: readonly string[];
    readonly exact_match: boolean;
  };
  expect_table_row_count_to_be_between: Pick<BetweenKwargs, 'min_value' | 'max_value'>;
  expect_table_row_count_to_equal: { readonly value: number };
  expect_table_column_count_to_equal: { readonly value: number };
  expect_column_to_exist: { readonly column: string };
  expect_column_values_to_be_null: ColumnMapKwargs;
  expect_column_values_to_not_be_in_set: ColumnMapKwargs & {
    readonly value_set: readonly (string | number)[];
  };
  expect_column_values_to_not_match_regex: ColumnMapKwargs & { readonly regex: string };
  expect_column_value_lengths_to_be_between: ColumnMapKwargs & BetweenKwargs;
  expect_column_min_to_be_between: StatisticKwargs;
  expect_column_max_to_be_between: StatisticKwargs;
  expect_column_sum_to_be_between: StatisticKwargs;
  expect_column_median_to_be_between: StatisticKwargs;
  expect_column_stdev_to_be_between: StatisticKwargs;
  expect_column_unique_value_count_to_be_between: StatisticKwargs;
  expect_column_proportion_of_unique_values_to_be_between: StatisticKwargs;
  expect_table_row_count_to_equal_other_table: { readonly other_table_name: string };
  expect_column_values_to_not_be_null: ColumnMapKwargs;
  expect_column_values_to_be_of_type: ColumnMapKwargs & { readonly type_: 'int64' | 'string' };
  expect_column_values_to_be_unique: ColumnMapKwargs & { readonly normal_form?: 'integer' | 'email' };
  expect_column_values_to_match_regex: ColumnMapKwargs & { readonly regex: string };
  expect_column_values_to_be_between: ColumnMapKwargs & BetweenKwargs;
  expect_column_values_to_be_in_set: ColumnMapKwargs & { readonly value_set: readonly (string | number)[] };
  expect_column_mean_to_be_between: StatisticKwargs;
  expect_compound_columns_to_be_unique: { readonly column_list: readonly string[] };
  /** Each non-missing cell is a date, with or without a time of day, as ISO 8601 writes it. */
  expect_column_values_to_be_iso_dates: ColumnMapKwargs;
  /** No cell holds a blob, which no column of the pipeline can represent. */
  expect_column_values_to_be_representable: { readonly column: string };
  /** Cells that differ in case alone do not occur; the values are what is counted. */
  expect_column_values_to_be_spelled_in_one_case: { readonly column: string };
  /** Each row's value belongs to a row of the other table, as the join matches them. */
  expect_column_values_to_exist_in_other_table: {
    readonly column: string;
    readonly other_table_name: string;
  };
  /** Each cell of every listed column is in the set. */
  expect_multicolumn_values_to_be_in_set: {
    readonly column_list: readonly string[];
    readonly value_set: readonly number[];
  };
  /** The column equals the sum of the listed columns, row by row. */
  expect_column_values_to_equal_sum_of_columns: {
    readonly column: string;
    readonly column_list: readonly string[];
  };
  /** The share of the most frequent value among the non-missing cells. */
  expect_column_most_common_value_share_to_be_between: BetweenKwargs & { readonly column: string };
};

/** Name of an expectation. */
export type ExpectationType = keyof ExpectationTypes;

/** One expectation of a suite: what is expected, with which arguments, and how much a failure matters. */
export type Expectation<T extends ExpectationType = ExpectationType> = {
  readonly [P in T]: {
    readonly type: P;
    readonly kwargs: ExpectationTypes[P];
    readonly severity: Severity;
  };
}[T];

/** A named list of expectations on one table. */
export interface Suite {
  readonly name: string;
  /** Table the suite is about, as sentences name it. */
  readonly table: string;
  readonly expectations: readonly Expectation[];
}

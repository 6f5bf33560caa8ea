import { z } from 'zod';
import { STRFTIME_DIRECTIVES, strftimeTest } from './strftime-format';

const column = z.string().min(1).max(200);
const columnList = z.array(z.string().min(1)).readonly();
const severalColumns = z
  .array(z.string().min(1))
  .min(2, 'must name two columns or more')
  .refine((names) => new Set(names).size === names.length, 'must name each column once')
  .readonly();
const valueSet = z.array(z.union([z.string(), z.number()])).readonly();
const regex = z.string().refine(isPattern, 'is no regular expression');

/** Least share, 0–1, of the non-missing cells that must be as expected. A column without any passes vacuously. */
const mostly = z.number().min(0).max(1).optional();

/** Bounds, inclusive unless they are strict. */
const limits = {
  min_value: z.number().optional(),
  max_value: z.number().optional(),
  strict_min: z.boolean().optional(),
  strict_max: z.boolean().optional(),
};
/** A day as YYYY-MM-DD bounds dates, a number bounds numbers. */
const numberOrDay = z.union([z.number(), z.iso.date()]).optional();

const NO_LIMIT = 'needs min_value, max_value or both';
const LIMITS_CROSS = 'has a min_value above its max_value';

/** Bounds of one number of a column. */
const statistic = z
  .strictObject({ column, ...limits })
  .refine(hasLimit, NO_LIMIT)
  .refine(isOrdered, LIMITS_CROSS);

const pair = {
  column_A: column,
  column_B: column,
  mostly,
  /** Rows that are not judged: where both cells are missing (the default), where either is, or none. */
  ignore_row_if: z.enum(['both_values_are_missing', 'either_value_is_missing', 'neither']).optional(),
};

/** Rows that are not judged: where all cells are missing (the default), where any is, or none. */
const ignoredRows = z.enum(['all_values_are_missing', 'any_value_is_missing', 'never']).optional();

const quantileRanges = z
  .strictObject({
    /** 0–1. */
    quantiles: z.array(z.number().min(0).max(1)).min(1).readonly(),
    /** Lowest and highest value of each; null is no bound. */
    value_ranges: z.array(z.tuple([z.number().nullable(), z.number().nullable()]).readonly()).readonly(),
  })
  .refine(
    ({ quantiles, value_ranges }) => quantiles.length === value_ranges.length,
    'must hold one range a quantile',
  )
  .refine(
    ({ value_ranges }) => value_ranges.every(([low, high]) => low === null || high === null || low <= high),
    'holds a range whose low end is above its high end',
  );

const partition = z
  .strictObject({
    values: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .readonly(),
    /** Shares of the values; they sum to 1. */
    weights: z.array(z.number().min(0)).readonly(),
  })
  .refine(({ values, weights }) => values.length === weights.length, 'must hold one weight a value')
  .refine(({ values }) => new Set(values).size === values.length, 'must hold each value once')
  .refine(
    ({ weights }) => Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) <= 1e-6,
    'must hold weights that sum to 1',
  );

const filledValueSet = z
  .array(z.union([z.string(), z.number()]))
  .min(1, 'must hold one value or more')
  .readonly();

/**
 * `int64`, `float64` and `string` are what a cell can be read as without loss, whatever it is stored as; `int` and `str` are what
 * it is stored as.
 */
const typeName = z.enum(['int64', 'float64', 'string', 'int', 'str']);

/**
 * Arguments of every expectation by its type. Types and arguments are those of Great Expectations 1.x where it has them;
 * those under “ours” are named in its manner.
 */
export const KWARGS_SCHEMAS = {
  expect_table_columns_to_match_ordered_list: z.strictObject({ column_list: columnList }),
  expect_table_columns_to_match_set: z.strictObject({
    column_set: columnList,
    exact_match: z.boolean().default(true),
  }),
  expect_table_row_count_to_be_between: z
    .strictObject({ min_value: limits.min_value, max_value: limits.max_value })
    .refine(hasLimit, NO_LIMIT)
    .refine(isOrdered, LIMITS_CROSS),
  expect_table_row_count_to_equal: z.strictObject({ value: z.int().min(0) }),
  expect_table_column_count_to_equal: z.strictObject({ value: z.int().min(0) }),
  expect_table_row_count_to_equal_other_table: z.strictObject({ other_table_name: z.string().min(1) }),
  expect_column_to_exist: z.strictObject({ column }),
  expect_column_values_to_be_null: z.strictObject({ column, mostly }),
  expect_column_values_to_not_be_null: z.strictObject({ column, mostly }),
  expect_column_values_to_be_of_type: z.strictObject({ column, type_: typeName, mostly }),
  expect_column_values_to_be_in_type_list: z.strictObject({
    column,
    type_list: z.array(typeName).min(1).readonly(),
    mostly,
  }),
  expect_column_values_to_be_unique: z.strictObject({
    column,
    mostly,
    /** Ours: how cells are brought together before they are compared. */
    normal_form: z.enum(['integer', 'email']).optional(),
  }),
  expect_column_values_to_match_regex: z.strictObject({ column, regex, mostly }),
  expect_column_values_to_not_match_regex: z.strictObject({ column, regex, mostly }),
  expect_column_value_lengths_to_be_between: z
    .strictObject({ column, mostly, ...limits })
    .refine(hasLimit, NO_LIMIT)
    .refine(isOrdered, LIMITS_CROSS),
  expect_column_values_to_be_between: z
    .strictObject({ column, mostly, ...limits, min_value: numberOrDay, max_value: numberOrDay })
    .refine(hasLimit, NO_LIMIT)
    .refine(isOrdered, LIMITS_CROSS)
    .refine(
      ({ min_value: min, max_value: max }) =>
        min === undefined || max === undefined || typeof min === typeof max,
      'mixes a number and a day',
    ),
  expect_column_values_to_be_in_set: z.strictObject({ column, value_set: valueSet, mostly }),
  expect_column_values_to_not_be_in_set: z.strictObject({ column, value_set: valueSet, mostly }),
  expect_column_min_to_be_between: statistic,
  expect_column_max_to_be_between: statistic,
  expect_column_sum_to_be_between: statistic,
  expect_column_mean_to_be_between: statistic,
  expect_column_median_to_be_between: statistic,
  expect_column_stdev_to_be_between: statistic,
  expect_column_unique_value_count_to_be_between: statistic,
  expect_column_proportion_of_unique_values_to_be_between: statistic,
  expect_column_values_to_match_strftime_format: z.strictObject({
    column,
    strftime_format: z
      .string()
      .min(1)
      .refine(
        (format) => strftimeTest(format) !== null,
        `may hold each of these once: ${STRFTIME_DIRECTIVES.join(' ')}`,
      ),
    mostly,
  }),
  expect_column_quantile_values_to_be_between: z.strictObject({
    column,
    quantile_ranges: quantileRanges,
    /** How a quantile between two values is chosen; `nearest` where it is left out. */
    allow_relative_error: z.enum(['linear', 'lower', 'higher', 'midpoint', 'nearest']).optional(),
  }),
  /** Over a partition into values; in nats. */
  expect_column_kl_divergence_to_be_less_than: z.strictObject({
    column,
    partition_object: partition,
    threshold: z.number().min(0),
    /** Share that values outside the partition may hold together; without it one such value is infinitely unlikely. */
    tail_weight_holdout: z.number().min(0).max(1).optional(),
  }),
  expect_column_most_common_value_to_be_in_set: z.strictObject({
    column,
    value_set: filledValueSet,
    ties_okay: z.boolean().optional(),
  }),
  expect_column_distinct_values_to_be_in_set: z.strictObject({ column, value_set: filledValueSet }),
  expect_column_distinct_values_to_contain_set: z.strictObject({ column, value_set: filledValueSet }),
  expect_column_distinct_values_to_equal_set: z.strictObject({ column, value_set: filledValueSet }),
  expect_compound_columns_to_be_unique: z.strictObject({
    column_list: severalColumns,
    ignore_row_if: ignoredRows,
    mostly,
  }),
  expect_select_column_values_to_be_unique_within_record: z.strictObject({
    column_list: severalColumns,
    ignore_row_if: ignoredRows,
    mostly,
  }),
  expect_column_pair_values_a_to_be_greater_than_b: z.strictObject({
    ...pair,
    or_equal: z.boolean().optional(),
  }),
  expect_column_pair_values_to_be_equal: z.strictObject(pair),
  /** A query that gives the rows that are not as expected, and none where all is well; `{batch}` stands for the table. */
  unexpected_rows_expectation: z.strictObject({
    unexpected_rows_query: z
      .string()
      .min(1)
      .max(20_000)
      .refine((query) => query.includes('{batch}'), 'must read from {batch}, the table of the suite')
      .transform((query) => query.replace(/[;\s]+$/, '')),
  }),

  // Ours:
  /** Each non-missing cell is a date, with or without a time of day, as ISO 8601 writes it. */
  expect_column_values_to_be_iso_dates: z.strictObject({ column, mostly }),
  /** No cell holds a blob, which no column of the pipeline can represent. */
  expect_column_values_to_be_representable: z.strictObject({ column }),
  /** Cells that differ in case alone do not occur; the values are what is counted. */
  expect_column_values_to_be_spelled_in_one_case: z.strictObject({ column }),
  /** Each row's value belongs to a row of the other table, as the join matches them. */
  expect_column_values_to_exist_in_other_table: z.strictObject({
    column,
    other_table_name: z.string().min(1),
  }),
  /** No day comes before the day of the row of the other table that the join matches; rows without either day are missing. */
  expect_column_days_to_not_precede_other_table: z.strictObject({
    column,
    other_table_name: z.string().min(1),
    other_column: column,
  }),
  /** Each cell of every listed column is in the set. */
  expect_multicolumn_values_to_be_in_set: z.strictObject({
    column_list: columnList,
    value_set: z.array(z.number()).readonly(),
  }),
  /** The column equals the sum of the listed columns, row by row. */
  expect_column_values_to_equal_sum_of_columns: z.strictObject({ column, column_list: columnList }),
  /** The share of the most frequent value among the non-missing cells. */
  expect_column_most_common_value_share_to_be_between: statistic,
} as const;

interface SomeLimits {
  readonly min_value?: number | string | undefined;
  readonly max_value?: number | string | undefined;
}

function hasLimit({ min_value, max_value }: SomeLimits): boolean {
  return min_value !== undefined || max_value !== undefined;
}

function isOrdered({ min_value, max_value }: SomeLimits): boolean {
  if (min_value === undefined || max_value === undefined) return true;
  return typeof min_value !== typeof max_value || min_value <= max_value;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

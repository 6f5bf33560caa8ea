import { z } from 'zod';

const column = z.string().min(1);
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

const typeName = z.enum(['int64', 'string']);

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
  expect_compound_columns_to_be_unique: z.strictObject({
    column_list: severalColumns,
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

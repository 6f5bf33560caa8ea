import { type Batch, CannotRun } from './batch';
import { isBetween } from './bounds';
import type { Finding } from './column-map';
import type { ExpectationTypes } from './expectation';

/** Expectations about a table's columns and its number of rows. */
export const tableFindings = {
  expect_table_columns_to_match_ordered_list: (
    { column_list }: ExpectationTypes['expect_table_columns_to_match_ordered_list'],
    batch: Batch,
  ): Finding => {
    const found = batch.columnNames;
    const length = Math.max(found.length, column_list.length);
    const mismatched = Array.from({ length }, (_, i) => ({
      'Expected Column Position': i,
      Expected: column_list[i] ?? null,
      Found: found[i] ?? null,
    })).filter(({ Expected, Found }) => Expected !== Found);
    const result = { observed_value: [...found] };
    if (mismatched.length === 0) return { success: true, result };
    return { success: false, result: { ...result, details: { mismatched } } };
  },

  expect_table_columns_to_match_set: (
    { column_set, exact_match }: ExpectationTypes['expect_table_columns_to_match_set'],
    batch: Batch,
  ): Finding => {
    const found = new Set(batch.allColumnNames);
    const expected = new Set(column_set);
    const missing = column_set.filter((name) => !found.has(name));
    const unexpected = batch.allColumnNames.filter((name) => !expected.has(name));
    return {
      success: missing.length === 0 && (!exact_match || unexpected.length === 0),
      result: {
        observed_value: batch.allColumnNames.toSorted(),
        details: { mismatched: { missing, unexpected } },
      },
    };
  },

  expect_table_row_count_to_be_between: (
    { min_value, max_value }: ExpectationTypes['expect_table_row_count_to_be_between'],
    batch: Batch,
  ): Finding => ({
    success: isBetween(batch.nRows, min_value, max_value),
    result: { observed_value: batch.nRows },
  }),

  expect_table_row_count_to_equal: (
    { value }: ExpectationTypes['expect_table_row_count_to_equal'],
    batch: Batch,
  ): Finding => ({ success: batch.nRows === value, result: { observed_value: batch.nRows } }),

  expect_table_column_count_to_equal: (
    { value }: ExpectationTypes['expect_table_column_count_to_equal'],
    batch: Batch,
  ): Finding => {
    const nColumns = batch.allColumnNames.length;
    return { success: nColumns === value, result: { observed_value: nColumns } };
  },

  expect_column_to_exist: (
    { column }: ExpectationTypes['expect_column_to_exist'],
    batch: Batch,
  ): Finding => ({ success: batch.allColumnNames.includes(column), result: {} }),

  expect_table_row_count_to_equal_other_table: (
    { other_table_name }: ExpectationTypes['expect_table_row_count_to_equal_other_table'],
    batch: Batch,
  ): Finding => {
    const other = batch.rowCounts.get(other_table_name);
    if (other === undefined) throw new CannotRun(`table ${other_table_name} was not read`);
    return {
      success: batch.nRows === other,
      result: { observed_value: { self: batch.nRows, other } },
    };
  },
};

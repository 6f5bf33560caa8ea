import { castNumber } from '@/lib/crm/casts';
import { type Batch, type BatchColumn, batchColumn } from './batch';
import { isWithin, type Limits } from './bounds';
import type { Finding } from './column-map';

/** Arguments of an expectation on one number of a column. */
type StatisticKwargs = Limits & { readonly column: string };

/** Judge one number of a column; one that does not exist is never within bounds. */
function judgedStatistic(statistic: (column: BatchColumn) => number) {
  return (kwargs: StatisticKwargs, batch: Batch): Finding => {
    const observed = statistic(batchColumn(batch, kwargs.column));
    return {
      success: isWithin(observed, kwargs),
      result: { observed_value: Number.isNaN(observed) ? null : observed },
    };
  };
}

/** Expectations on a number of a column, over its non-missing cells, as pandas reckons it. */
export const statisticFindings = {
  expect_column_min_to_be_between: judgedStatistic((column) => {
    const values = presentNumbers(column);
    return values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b));
  }),
  expect_column_max_to_be_between: judgedStatistic((column) => {
    const values = presentNumbers(column);
    return values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b));
  }),
  expect_column_sum_to_be_between: judgedStatistic((column) =>
    presentNumbers(column).reduce((sum, value) => sum + value, 0),
  ),
  expect_column_median_to_be_between: judgedStatistic((column) => medianOf(presentNumbers(column))),
  /** With n − 1 in the denominator. */
  expect_column_stdev_to_be_between: judgedStatistic((column) => deviationOf(presentNumbers(column))),
  expect_column_unique_value_count_to_be_between: judgedStatistic((column) => distinctOf(column).nDistinct),
  /** Distinct values over non-missing cells; 0 where there is none. */
  expect_column_proportion_of_unique_values_to_be_between: judgedStatistic((column) => {
    const { nDistinct, nPresent } = distinctOf(column);
    return nPresent === 0 ? 0 : nDistinct / nPresent;
  }),
};

function presentNumbers(column: BatchColumn): Float64Array {
  const values = new Float64Array(column.nRows);
  let n = 0;
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell !== null) values[n++] = castNumber(cell);
  }
  return values.slice(0, n);
}

function medianOf(values: Float64Array): number {
  if (values.length === 0 || values.some(Number.isNaN)) return Number.NaN;
  const sorted = values.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function deviationOf(values: Float64Array): number {
  if (values.length < 2) return Number.NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function distinctOf(column: BatchColumn): { readonly nDistinct: number; readonly nPresent: number } {
  const distinct = new Set<string | number>();
  let nPresent = 0;
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell === null) continue;
    distinct.add(cell);
    nPresent += 1;
  }
  return { nDistinct: distinct.size, nPresent };
}

import { castNumber } from '@/lib/crm/casts';
import { type Batch, type BatchColumn, batchColumn, type Cell } from './batch';
import { isBetween, isWithin } from './bounds';
import { type Finding, judgedCells } from './column-map';
import type { ExpectationTypes } from './expectation';

/** Values held by fewer rows are not shown: the domain of one person's address is personal data. */
const MIN_SHOWN_COUNT = 10;
const MAX_SHOWN_VALUES = 10;

/** Expectations about a whole column or several. Results hold `observed_value`, as aggregate expectations do. */
export const aggregateFindings = {
  expect_column_mean_to_be_between: (
    { column, ...limits }: ExpectationTypes['expect_column_mean_to_be_between'],
    batch: Batch,
  ): Finding => {
    const mean = columnMean(batchColumn(batch, column));
    return {
      success: isWithin(mean, limits),
      result: { observed_value: Number.isNaN(mean) ? null : mean },
    };
  },

  expect_column_most_common_value_share_to_be_between: (
    { column, min_value, max_value }: ExpectationTypes['expect_column_most_common_value_share_to_be_between'],
    batch: Batch,
  ): Finding => {
    const { nPresent, counts } = valueCounts(batchColumn(batch, column));
    const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1));
    const share = (ranked[0]?.[1] ?? 0) / nPresent;
    const shown = ranked.filter(([, count]) => count >= MIN_SHOWN_COUNT).slice(0, MAX_SHOWN_VALUES);
    return {
      success: isBetween(share, min_value, max_value),
      result: {
        observed_value: nPresent === 0 ? null : share,
        details: { value_counts: shown.map(([value, count]) => ({ value, count })), n_distinct: counts.size },
      },
    };
  },

  expect_multicolumn_values_to_be_in_set: (
    { column_list, value_set }: ExpectationTypes['expect_multicolumn_values_to_be_in_set'],
    batch: Batch,
  ): Finding => {
    const isWrong = new Uint8Array(batch.nRows);
    for (const name of column_list) markOutsiders(batchColumn(batch, name), value_set, isWrong);
    return judgedCells(rowNumbers(batch.nRows), (_, row) => isWrong[row] === 0);
  },

  expect_column_values_to_equal_sum_of_columns: (
    { column, column_list }: ExpectationTypes['expect_column_values_to_equal_sum_of_columns'],
    batch: Batch,
  ): Finding => {
    const sums = new Float64Array(batch.nRows);
    for (const name of column_list) addColumn(batchColumn(batch, name), sums);
    return judgedCells(batchColumn(batch, column), (cell, row) => cell === sums[row]);
  },
};

/** Indicators are bytes, and there are dozens of columns of them: a table of the 256 bytes is looked up, not a set. */
function markOutsiders(column: BatchColumn, allowed: readonly number[], isWrong: Uint8Array): void {
  if (column.kind === 'numeric' && column.values instanceof Uint8Array) {
    const isOutside = Uint8Array.from({ length: 256 }, (_, byte) => (allowed.includes(byte) ? 0 : 1));
    const { values } = column;
    for (let row = 0; row < values.length; row++) isWrong[row]! |= isOutside[values[row]!]!;
    return;
  }
  const allowedCells = new Set<Cell>(allowed);
  for (let row = 0; row < column.nRows; row++) {
    if (!allowedCells.has(column.cellAt(row))) isWrong[row] = 1;
  }
}

/** Missing cells add nothing. */
function addColumn(column: BatchColumn, sums: Float64Array): void {
  if (column.kind === 'numeric' && column.values instanceof Uint8Array) {
    const { values } = column;
    for (let row = 0; row < values.length; row++) sums[row]! += values[row]!;
    return;
  }
  for (let row = 0; row < column.nRows; row++) sums[row]! += Number(column.cellAt(row));
}

/** Mean of the non-missing cells; NaN when there are none or one is no number. */
function columnMean(column: BatchColumn): number {
  let sum = 0;
  let nPresent = 0;
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell === null) continue;
    sum += castNumber(cell);
    nPresent++;
  }
  return sum / nPresent;
}

function valueCounts(column: BatchColumn) {
  const counts = new Map<string | number, number>();
  let nPresent = 0;
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell === null) continue;
    nPresent++;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return { nPresent, counts };
}

/** Stands for whole rows where several columns are judged together. */
function rowNumbers(nRows: number): BatchColumn {
  return { kind: 'plain', nRows, cellAt: (row) => row };
}

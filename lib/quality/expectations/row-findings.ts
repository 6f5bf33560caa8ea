import { type Batch, type BatchColumn, batchColumn, type Cell } from './batch';
import { type Finding, type JsonValue, jsonCell, judgedRows } from './column-map';
import { type ColumnProfile, cellOf, levelAt, profileOf } from './column-profile';
import type { ExpectationTypes } from './expectation';

/** Expectations about the rows of several columns together. */
export const rowFindings = {
  expect_compound_columns_to_be_unique: (
    { column_list, ignore_row_if, mostly }: ExpectationTypes['expect_compound_columns_to_be_unique'],
    batch: Batch,
  ): Finding => {
    const columns = column_list.map((name) => profileOf(batchColumn(batch, name)));
    const isIgnored = ignoredRow(columns, ignore_row_if);
    const isRepeated = repeatedRows(columns, { nRows: batch.nRows, isIgnored });
    return judgedRows({
      nRows: batch.nRows,
      isIgnored,
      isExpected: (row) => isRepeated[row] === 0,
      shown: shownRow(column_list, columns),
      mostly,
    });
  },

  expect_select_column_values_to_be_unique_within_record: (
    {
      column_list,
      ignore_row_if,
      mostly,
    }: ExpectationTypes['expect_select_column_values_to_be_unique_within_record'],
    batch: Batch,
  ): Finding => {
    const columns = column_list.map((name) => profileOf(batchColumn(batch, name)));
    return judgedRows({
      nRows: batch.nRows,
      isIgnored: ignoredRow(columns, ignore_row_if),
      isExpected: (row) => new Set(columns.map((column) => cellOf(column, row))).size === columns.length,
      shown: shownRow(column_list, columns),
      mostly,
    });
  },

  expect_column_pair_values_a_to_be_greater_than_b: (
    { or_equal, ...kwargs }: ExpectationTypes['expect_column_pair_values_a_to_be_greater_than_b'],
    batch: Batch,
  ): Finding => judgedPairs(kwargs, batch, (a, b) => isGreater(a, b) || (or_equal === true && a === b)),

  expect_column_pair_values_to_be_equal: (
    kwargs: ExpectationTypes['expect_column_pair_values_to_be_equal'],
    batch: Batch,
  ): Finding => judgedPairs(kwargs, batch, (a, b) => a === b),

  expect_multicolumn_values_to_be_in_set: (
    { column_list, value_set }: ExpectationTypes['expect_multicolumn_values_to_be_in_set'],
    batch: Batch,
  ): Finding => {
    const isWrong = new Uint8Array(batch.nRows);
    for (const name of column_list) markOutsiders(batchColumn(batch, name), value_set, isWrong);
    return judgedRows({
      nRows: batch.nRows,
      isExpected: (row) => isWrong[row] === 0,
      shown: (row) => row,
    });
  },

  expect_column_values_to_equal_sum_of_columns: (
    { column, column_list }: ExpectationTypes['expect_column_values_to_equal_sum_of_columns'],
    batch: Batch,
  ): Finding => {
    const sums = new Float64Array(batch.nRows);
    for (const name of column_list) addColumn(batchColumn(batch, name), sums);
    const judged = batchColumn(batch, column);
    return judgedRows({
      nRows: batch.nRows,
      isIgnored: (row) => judged.cellAt(row) === null,
      isExpected: (row) => judged.cellAt(row) === sums[row],
      shown: (row) => jsonCell(judged.cellAt(row)),
    });
  },
};

/** Judge pairs of cells; one with a missing cell is never as expected, unless it is ignored. */
function judgedPairs(
  {
    column_A,
    column_B,
    ignore_row_if = 'both_values_are_missing',
    mostly,
  }: ExpectationTypes['expect_column_pair_values_to_be_equal'],
  batch: Batch,
  isExpected: (a: string | number, b: string | number) => boolean,
): Finding {
  const [a, b] = [profileOf(batchColumn(batch, column_A)), profileOf(batchColumn(batch, column_B))];
  const isMissing = (profile: ColumnProfile, row: number) => cellOf(profile, row) === null;
  const ignored = {
    both_values_are_missing: (row: number) => isMissing(a, row) && isMissing(b, row),
    either_value_is_missing: (row: number) => isMissing(a, row) || isMissing(b, row),
    neither: () => false,
  };
  return judgedRows({
    nRows: batch.nRows,
    isIgnored: ignored[ignore_row_if],
    isExpected: (row) => {
      const [left, right] = [cellOf(a, row), cellOf(b, row)];
      return left !== null && right !== null && isExpected(left, right);
    },
    shown: (row) => [jsonCell(cellOf(a, row)), jsonCell(cellOf(b, row))],
    mostly,
  });
}

/** Numbers by size, texts by their code units, so that ISO dates compare; a number and a text never do. */
function isGreater(a: string | number, b: string | number): boolean {
  return typeof a === typeof b && a > b;
}

type IgnoredRows = ExpectationTypes['expect_compound_columns_to_be_unique']['ignore_row_if'];

function ignoredRow(
  columns: readonly ColumnProfile[],
  ignored: IgnoredRows = 'all_values_are_missing',
): (row: number) => boolean {
  if (ignored === 'never') return () => false;
  if (ignored === 'any_value_is_missing')
    return (row) => columns.some((column) => cellOf(column, row) === null);
  return (row) => columns.every((column) => cellOf(column, row) === null);
}

/** Mark the rows whose cells all equal those of another row; missing equals missing, as pandas `duplicated` has it. */
function repeatedRows(
  columns: readonly ColumnProfile[],
  { nRows, isIgnored }: { readonly nRows: number; readonly isIgnored: (row: number) => boolean },
): Uint8Array {
  let keys: Float64Array = new Float64Array(nRows);
  let nKeys = 1;
  for (const profile of columns) {
    const { nCodes, codeAt } = distinctCodes(profile);
    if (nKeys * nCodes > Number.MAX_SAFE_INTEGER) {
      keys = ranksOf(keys);
      nKeys = nRows;
    }
    for (let row = 0; row < nRows; row++) keys[row] = keys[row]! * nCodes + codeAt(row);
    nKeys *= nCodes;
  }
  // What is not a number equals nothing.
  for (let row = 0; row < nRows; row++) if (isIgnored(row)) keys[row] = Number.NaN;
  // Sorting numbers is several times as fast as a map of as many, and few of them repeat.
  const sorted = keys.slice().sort();
  const repeated = new Set<number>();
  for (let i = 1; i < nRows; i++) if (sorted[i] === sorted[i - 1]) repeated.add(sorted[i]!);
  return new Uint8Array(nRows).map((_, row) => (repeated.has(keys[row]!) ? 1 : 0));
}

/** Number the distinct keys from 0, so that they are small again. */
function ranksOf(keys: Float64Array): Float64Array {
  const ranks = new Map<number, number>();
  return keys.map((key) => {
    const known = ranks.get(key);
    if (known !== undefined) return known;
    ranks.set(key, ranks.size);
    return ranks.size - 1;
  });
}

/** Number the distinct values of a column; missing is a value here. */
function distinctCodes(profile: ColumnProfile) {
  const { levels } = profile;
  const codeOf = new Map<Cell, number>();
  const codes = new Uint32Array(levels.length).map((_, i) => {
    const level = levels[i] ?? null;
    const known = codeOf.get(level);
    if (known !== undefined) return known;
    codeOf.set(level, codeOf.size);
    return codeOf.size - 1;
  });
  const missing = codeOf.get(null) ?? codeOf.size;
  return {
    nCodes: codeOf.size + 1,
    codeAt: (row: number) => codes[levelAt(profile, row)] ?? missing,
  };
}

function shownRow(names: readonly string[], columns: readonly ColumnProfile[]): (row: number) => JsonValue {
  return (row) =>
    Object.fromEntries(columns.map((column, i) => [names[i] ?? '', jsonCell(cellOf(column, row))]));
}

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

import { type RawColumn, type RawTable, type RawValue, rawValue } from './raw-crm';
import type { CrmColumnName, CrmTableName } from './schema';

/** Row of the file, from 0, that a row of a table was read from. */
export function fileRow({ fileRows }: Pick<RawTable, 'fileRows'>, row: number): number {
  return fileRows?.[row] ?? row;
}

/**
 * Take some rows of a table, as if the file held no others. Columns remember how many blobs and long integers the whole file had
 * in them, since which rows they stood in is not known.
 *
 * @param rows ascending, each once
 */
export function pickedRows<T extends CrmTableName>(table: RawTable<T>, rows: Uint32Array): RawTable<T> {
  if (rows.length === table.nRows) return table;
  const columns = Object.entries<RawColumn>(table.columns).map(([name, column]) => [
    name,
    pickedCells(column, rows),
  ]);
  return {
    ...table,
    nRows: rows.length,
    columns: Object.fromEntries(columns) as RawTable<T>['columns'],
    fileRows: rows.map((row) => fileRow(table, row)),
  };
}

/** Take all rows of a table but some. @param isLeftOut 1 where the row goes, one a row */
export function rowsWithout<T extends CrmTableName>(table: RawTable<T>, isLeftOut: Uint8Array): RawTable<T> {
  const rows = new Uint32Array(table.nRows);
  let n = 0;
  for (let row = 0; row < table.nRows; row++) if (isLeftOut[row] !== 1) rows[n++] = row;
  return pickedRows(table, rows.slice(0, n));
}

/** Put another column in the place of one. */
export function withColumn<T extends CrmTableName>(
  table: RawTable<T>,
  name: CrmColumnName<T>,
  column: RawColumn,
): RawTable<T> {
  return { ...table, columns: { ...table.columns, [name]: column } };
}

/**
 * Change the cells of a column, each distinct value once where it is coded.
 *
 * @returns the column, the same one where no cell changed, and the number of cells that did
 */
export function changedCells(
  column: RawColumn,
  change: (value: RawValue) => RawValue,
): { readonly column: RawColumn; readonly nChanged: number } {
  const { nBlobs, nBigIntegers } = column;
  let nChanged = 0;
  if (column.kind === 'plain') {
    const values = column.values.map((value) => {
      const changed = change(value);
      if (changed !== value) nChanged += 1;
      return changed;
    });
    return { column: nChanged === 0 ? column : { kind: 'plain', values, nBlobs, nBigIntegers }, nChanged };
  }
  const changedLevels = column.levels.map(change);
  const isChanged = changedLevels.map((level, code) => level !== column.levels[code]);
  for (const code of column.codes) if (isChanged[code]) nChanged += 1;
  if (nChanged === 0) return { column, nChanged };
  return { column: { ...coded(column.codes, changedLevels), nBlobs, nBigIntegers }, nChanged };
}

function pickedCells(column: RawColumn, rows: Uint32Array): RawColumn {
  const { nBlobs, nBigIntegers } = column;
  if (column.kind === 'plain') {
    const values = Array.from(rows, (row) => rawValue(column, row));
    return { kind: 'plain', values, nBlobs, nBigIntegers };
  }
  const { codes } = column;
  return {
    ...coded(
      rows.map((row) => codes[row]!),
      column.levels,
    ),
    nBlobs,
    nBigIntegers,
  };
}

/** Code anew: equal levels become one, levels of no row go, and the order is that of the first row. */
function coded(codes: Uint32Array, levels: readonly RawValue[]) {
  const newCodes = new Uint32Array(codes.length);
  const codeOf = new Map<RawValue, number>();
  const newLevels: RawValue[] = [];
  const known = new Int32Array(levels.length).fill(-1);
  for (let row = 0; row < codes.length; row++) {
    const old = codes[row]!;
    let code = known[old]!;
    if (code < 0) {
      const level = levels[old] ?? null;
      code = codeOf.get(level) ?? newLevels.length;
      if (code === newLevels.length) newLevels.push(level);
      codeOf.set(level, code);
      known[old] = code;
    }
    newCodes[row] = code;
  }
  return { kind: 'coded' as const, codes: newCodes, levels: newLevels };
}

import type { SqlTables } from './sql-tables';

/** A cell as an expectation sees it: null is missing. */
export type Cell = string | number | null;

/** Numbers of a column of `subscribers_joined`. */
export type NumericValues = Float64Array | Uint16Array | Uint8Array;

/** A column to be judged. Where its distinct values are known, judging looks at each of them once. */
export type BatchColumn = {
  readonly nRows: number;
  cellAt(row: number): Cell;
} & (
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'numeric';
      /** NaN is missing. */
      readonly values: NumericValues;
    }
  | {
      readonly kind: 'coded';
      readonly levels: readonly Cell[];
      /** Index into `levels`; anything outside is missing. */
      readonly codes: ArrayLike<number>;
    }
);

/** What was counted while reading and joining, and cannot be seen in the cells any more. */
export interface CountedRows {
  readonly elementCount: number;
  readonly unexpectedCount: number;
  /** The rows of the table behind the count, ascending; looked for when asked. */
  readonly failingRows?: () => Uint32Array;
}

/** A table as a suite judges it. */
export interface Batch {
  readonly table: string;
  readonly nRows: number;
  /** Names of the columns the pipeline reads, in the table's order. */
  readonly columnNames: readonly string[];
  /** Every column name of the table. */
  readonly allColumnNames: readonly string[];
  readonly columns: ReadonlyMap<string, BatchColumn>;
  /** Rows of the tables that this one is compared with. */
  readonly rowCounts: ReadonlyMap<string, number>;
  /** Keyed by expectation type and column names, see `countKey`. */
  readonly counted: ReadonlyMap<string, CountedRows>;
  /** Row of the file, from 0, of each row where some were left out before; results name these. */
  readonly fileRows?: Uint32Array;
  /** Where checks written in SQL can be run. */
  readonly sql?: SqlTables;
}

/** Key of a count that a reader or the join has made. */
export function countKey(type: string, ...columns: readonly string[]): string {
  return [type, ...columns].join(' ');
}

/** A column that is not there: the expectation cannot run. */
export function batchColumn(batch: Batch, name: string): BatchColumn {
  const column = batch.columns.get(name);
  if (!column) throw new CannotRun(`table ${batch.table} has no column ${name}`);
  return column;
}

/** Raised by an expectation that cannot be judged; it then counts as a critical failure. */
export class CannotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRun';
  }
}

/** A cell counts as missing when it is null or a blank text. */
export function presentCell(cell: Cell): Cell {
  return typeof cell === 'string' && cell.trim() === '' ? null : cell;
}

/** Build a column from its cells; blank texts count as missing. */
export function plainColumn(nRows: number, cellAt: (row: number) => Cell): BatchColumn {
  return { kind: 'plain', nRows, cellAt: (row) => presentCell(cellAt(row)) };
}

/** Build a column from numbers; NaN counts as missing. */
export function numericColumn(values: NumericValues): BatchColumn {
  return {
    kind: 'numeric',
    nRows: values.length,
    values,
    cellAt: (row) => {
      const value = values[row];
      return value === undefined || Number.isNaN(value) ? null : value;
    },
  };
}

/** Build a column from distinct values and codes into them; blank texts count as missing. */
export function codedColumn(levels: readonly Cell[], codes: ArrayLike<number>): BatchColumn {
  const present = levels.map(presentCell);
  return {
    kind: 'coded',
    nRows: codes.length,
    levels: present,
    codes,
    cellAt: (row) => present[codes[row] ?? -1] ?? null,
  };
}

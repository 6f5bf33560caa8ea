import type { CrmColumnName, CrmTableName } from './schema';

/** A cell as the file holds it. Blobs read as null; an integer beyond ±(2^53 − 1) reads as its digits, a text. */
export type RawValue = number | string | null;

/** A column cell by cell, for columns whose values rarely repeat. */
export interface PlainColumn {
  readonly kind: 'plain';
  readonly values: readonly RawValue[];
}

/** A column as codes into its distinct values, for columns whose values repeat. */
export interface CodedColumn {
  readonly kind: 'coded';
  /** Index into `levels`, one a row. */
  readonly codes: Uint32Array;
  /** Distinct values in the order of their first row; null is one of them where it occurs. */
  readonly levels: readonly RawValue[];
}

/** One column of a table as read, uncast. */
export type RawColumn = (PlainColumn | CodedColumn) & {
  /** Cells that held a blob, read as null. */
  readonly nBlobs: number;
  /** Cells that held an integer beyond ±(2^53 − 1), read as a text. */
  readonly nBigIntegers: number;
};

/** One table as read: the needed columns, rows in the file's order. */
export interface RawTable<T extends CrmTableName = CrmTableName> {
  readonly name: T;
  readonly nRows: number;
  readonly columns: Readonly<Record<CrmColumnName<T>, RawColumn>>;
  /** Every column name of the table as stored, in the file's order. */
  readonly fileColumns: readonly string[];
  /** Row in the file of each row, ascending, from 0; left out where they are the same. */
  readonly fileRows?: Uint32Array;
}

/** The three needed tables as read. Holds personal data. */
export interface RawCrm {
  readonly subscribers: RawTable<'Subscribers'>;
  readonly tags: RawTable<'Tags'>;
  readonly transactions: RawTable<'Transactions'>;
}

/** The cell of a row. */
export function rawValue(column: RawColumn, row: number): RawValue {
  return (column.kind === 'plain' ? column.values[row] : column.levels[column.codes[row] ?? -1]) ?? null;
}

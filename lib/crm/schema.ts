import { quotedName } from './sql-database';

/** The tables a CRM must hold, and the columns read from each, in the order of the design. */
export const CRM_SCHEMA = {
  Subscribers: [
    'mailchimp_id',
    'user_full_name',
    'user_email',
    'member_rating',
    'optin_time',
    'country_code',
  ],
  Tags: ['mailchimp_id', 'tag'],
  Transactions: [
    'transaction_id',
    'purchased_at',
    'user_full_name',
    'user_email',
    'charge_country',
    'product_id',
  ],
} as const;

/** Name of a table a CRM must hold. */
export type CrmTableName = keyof typeof CRM_SCHEMA;

/** Name of a column of one of those tables. */
export type CrmColumnName<T extends CrmTableName = CrmTableName> = (typeof CRM_SCHEMA)[T][number];

/** The needed tables in the order in which they are looked for. */
export const CRM_TABLE_NAMES: readonly CrmTableName[] = ['Subscribers', 'Tags', 'Transactions'];

/** Most columns a needed table may have; wider ones are made to exhaust memory, not to hold a list. */
export const MAX_TABLE_COLUMNS = 500;

/** Most tables, indexes, views and triggers that a file may define. */
export const MAX_SCHEMA_OBJECTS = 5_000;

/** A needed table as it is spelled in an open file. */
export interface StoredTable {
  /** The table's name as stored. */
  readonly storedName: string;
  /** Stored spelling of each needed column, in the order of `CRM_SCHEMA`. */
  readonly storedColumns: readonly string[];
  /** Every column of the table as stored, in the file's order. */
  readonly fileColumns: readonly string[];
  /** A name that means the row's number in this table; null for a WITHOUT ROWID table. */
  readonly rowidName: 'rowid' | '_rowid_' | 'oid' | null;
}

/**
 * Fold a name as SQLite compares names: A–Z only, so that no other letter can stand in for a Latin one.
 *
 * @example foldedName('Mailchimp_ID') // 'mailchimp_id'
 */
export function foldedName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** SQL that lists what a file defines: type, name, rootpage (0 for a virtual table or a view). */
export const SCHEMA_OBJECTS_SQL = 'SELECT type, name, rootpage FROM sqlite_schema';

/** SQL that lists a table's columns: name and hidden (0 for an ordinary column). Takes the table's name. */
export const TABLE_COLUMNS_SQL = 'SELECT name, hidden FROM pragma_table_xinfo(?) ORDER BY cid';

/** SQL that counts a table's rows. */
export function rowCountSql(storedName: string): string {
  return `SELECT count(*) FROM ${quotedName(storedName)} NOT INDEXED`;
}

/**
 * SQL that gives the needed columns of a table, one row a stored row, in row order (primary key order
 * in a WITHOUT ROWID table). This is what "show SQL" shows.
 */
export function readTableSql(table: StoredTable): string {
  const order = table.rowidName === null ? '' : `\nORDER BY t.${table.rowidName}`;
  return `SELECT ${table.storedColumns.map(columnReference).join(', ')}\nFROM ${quotedName(table.storedName)} AS t${order}`;
}

/**
 * SQL that gives one piece of a table as JSON arrays, one a needed column. Parameters: the first row number wanted, as text,
 * and the most rows to read. Result: the number of rows, the last row number as text, the number of rows with a
 * blob, then the arrays.
 *
 * `exact` writes an integer that a double cannot hold as `{"int":"…"}` and a blob as `{"blob":1}`. Without it a blob is an
 * SQL error or is taken for SQLite's binary JSON, and such integers lose digits when the JSON is parsed, but reading is faster.
 */
export function readPieceSql(table: StoredTable, rowidName: string, exact: boolean): string {
  const columns = table.storedColumns.map((name, i) => `${columnReference(name)} AS c${i}`);
  const arrays = table.storedColumns.map(
    (_, i) => `json_group_array(${exact ? exactCell(`c${i}`) : `c${i}`})`,
  );
  // Blobs sort after everything else, the empty one first.
  const blobs = table.storedColumns.map((_, i) => `c${i} >= x''`);
  return [
    `SELECT count(*), CAST(max(k) AS TEXT), count(*) FILTER (WHERE ${blobs.join(' OR ')}), ${arrays.join(', ')}`,
    `FROM (SELECT t.${rowidName} AS k, ${columns.join(', ')}`,
    `FROM ${quotedName(table.storedName)} AS t NOT INDEXED`,
    `WHERE t.${rowidName} >= CAST(? AS INTEGER) ORDER BY t.${rowidName} LIMIT ?)`,
  ].join('\n');
}

/** SQL that gives the needed columns as one JSON array a row, with `readPieceSql`'s exact cells. For WITHOUT ROWID tables. */
export function readRowsSql(table: StoredTable): string {
  const cells = table.storedColumns.map((name) => exactCell(columnReference(name)));
  return `SELECT json_array(${cells.join(', ')}) FROM ${quotedName(table.storedName)} AS t`;
}

/** Qualified, because SQLite reads an unknown double-quoted name as a text. */
function columnReference(storedName: string): string {
  return `t.${quotedName(storedName)}`;
}

function exactCell(reference: string): string {
  return (
    `CASE typeof(${reference}) WHEN 'blob' THEN json('{"blob":1}') WHEN 'integer' THEN ` +
    `CASE WHEN ${reference} BETWEEN -9007199254740991 AND 9007199254740991 THEN ${reference} ` +
    `ELSE json_object('int', CAST(${reference} AS TEXT)) END ELSE ${reference} END`
  );
}

/** A value that SQLite hands over. Integers beyond ±(2^53 − 1) arrive rounded. */
export type SqlValue = number | string | Uint8Array | null;

/** A value that may be bound to a parameter. */
export type SqlParameter = number | string | null;

/** What one statement gave: column names and rows. */
export interface SqlRows {
  readonly columns: readonly string[];
  readonly values: readonly (readonly SqlValue[])[];
}

/** A prepared statement. The part of sql.js's `Statement` that reading a CRM needs. */
export interface SqlStatement {
  bind(values: SqlParameter[]): boolean;
  /** Move to the next row; false after the last. */
  step(): boolean;
  /** The current row. */
  get(): SqlValue[];
  reset(): void;
  free(): boolean;
}

/** An open database. The part of sql.js's `Database` that reading a CRM needs. */
export interface SqlDatabase {
  exec(sql: string, parameters?: SqlParameter[]): readonly SqlRows[];
  prepare(sql: string): SqlStatement;
  /** Free the database and every statement made from it. */
  close(): void;
}

/** The loaded sql.js module. Whoever calls decides where its wasm file comes from. */
export interface SqlModule {
  readonly Database: new (bytes: Uint8Array) => SqlDatabase;
}

/**
 * Run a statement that gives one result set, and return its rows.
 *
 * @param sql one statement; values go in as `?` parameters, never into the text
 * @returns the rows, empty when there are none
 */
export function sqlRows(
  database: SqlDatabase,
  sql: string,
  parameters: readonly SqlParameter[] = [],
): readonly (readonly SqlValue[])[] {
  const [rows] = database.exec(sql, [...parameters]);
  return rows?.values ?? [];
}

/**
 * Quote a name of a table or column for SQL, whatever it holds. NUL cannot be part of an SQL text.
 *
 * @throws Error when the name holds a NUL character
 * @example quotedName('say "hi"') // '"say ""hi"""'
 */
export function quotedName(name: string): string {
  if (name.includes('\0')) throw new Error('A name with a NUL character cannot be written in SQL');
  return `"${name.replaceAll('"', '""')}"`;
}

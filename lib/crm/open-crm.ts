import { fail, type Result, succeed } from '@/lib/core/result';
import { damageFailure } from './file-damage';
import { headerFailure, isWriteAheadDatabase } from './file-kind';
import { inspectSchema } from './inspect-schema';
import { type CrmTableName, rowCountSql, type StoredTable } from './schema';
import { type SqlDatabase, type SqlModule, sqlRows } from './sql-database';
import { sqliteFailure } from './sqlite-failure';

/** An open CRM, checked whole and found to hold what is needed. Close it with `closeCrm`. */
export interface OpenCrm {
  readonly database: SqlDatabase;
  readonly sizeBytes: number;
  /** How the needed tables are spelled in this file. */
  readonly tables: Readonly<Record<CrmTableName, StoredTable>>;
  /** The other ordinary tables, in the file's order, at most a hundred. They are never read, only counted. */
  readonly otherTables: readonly { readonly name: string; readonly nRows: number }[];
  /** Other tables beyond that hundred. */
  readonly nTablesUncounted: number;
  /** Sentences about the file that the user should see, though it could be opened. */
  readonly notices: readonly string[];
}

/** How to open a CRM. */
export interface OpenCrmOptions {
  /** Names the file in messages. */
  readonly fileName?: string;
  /** Files above this are refused unread. Default 2 GiB, what one typed array and a 32-bit wasm heap can bear. */
  readonly maxBytes?: number;
}

const MAX_COUNTED_TABLES = 100;

const DEFAULT_MAX_BYTES = 2 ** 31;

/** Bounds SQLite's own memory: page cache, sorting and one piece of JSON, but not the file. */
const HEAP_LIMIT_BYTES = 512 * 2 ** 20;

/**
 * After SQLite's "Defense Against The Dark Arts" (sqlite.org/security.html), as far as sql.js offers it.
 * CHECK constraints are ignored because checking the file would otherwise run expressions out of it.
 */
const HARDENING_SQL = [
  'PRAGMA trusted_schema = OFF',
  'PRAGMA cell_size_check = ON',
  'PRAGMA mmap_size = 0',
  'PRAGMA query_only = ON',
  'PRAGMA ignore_check_constraints = ON',
  'PRAGMA temp_store = MEMORY',
  `PRAGMA hard_heap_limit = ${HEAP_LIMIT_BYTES}`,
];

/**
 * Open a CRM database that nobody vouches for: its header is read before SQLite sees it, its schema may hold only ordinary
 * tables under the needed names, and every page is checked before a row is read.
 *
 * A hostile file can still make SQLite compute for long; sql.js cannot be interrupted, so run this in a worker with a time
 * limit and replace the worker when it passes.
 *
 * @returns a failure with one of the codes `empty_file`, `not_a_database`, `encrypted_database`, `damaged_database`,
 * `too_large`, `missing_table`, `missing_column`, `table_is_view`, `table_is_virtual`, `generated_column`
 */
export function openCrm(sql: SqlModule, bytes: Uint8Array, options: OpenCrmOptions = {}): Result<OpenCrm> {
  const subject = options.fileName === undefined ? 'The file' : `“${options.fileName}”`;
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (bytes.length > maxBytes) return sizeFailure(subject, bytes.length, maxBytes);
  const refused = headerFailure(bytes, subject);
  if (refused) return { ok: false, error: refused };
  const database = new sql.Database(bytes);
  const result = openedCrm(database, bytes, subject);
  if (!result.ok) database.close();
  return result;
}

/** Free the memory of an open CRM. It cannot be read afterwards. */
export function closeCrm(crm: OpenCrm): void {
  crm.database.close();
}

function openedCrm(database: SqlDatabase, bytes: Uint8Array, subject: string): Result<OpenCrm> {
  try {
    for (const statement of HARDENING_SQL) database.exec(statement);
    const schema = inspectSchema(database, subject);
    if (!schema.ok) return schema;
    const damage = damageFailure(database, subject);
    if (damage) return { ok: false, error: damage };
    const notices = isWriteAheadDatabase(bytes)
      ? [`${subject} was written in write-ahead mode: rows still in a -wal file beside it are not seen.`]
      : [];
    const { tables, otherTables: names } = schema.value;
    const otherTables = names.slice(0, MAX_COUNTED_TABLES).map((name) => ({
      name,
      nRows: Number(sqlRows(database, rowCountSql(name))[0]?.[0]),
    }));
    const nTablesUncounted = names.length - otherTables.length;
    return succeed({ database, sizeBytes: bytes.length, tables, otherTables, nTablesUncounted, notices });
  } catch (error) {
    return { ok: false, error: sqliteFailure(error, subject) };
  }
}

function sizeFailure(subject: string, nBytes: number, maxBytes: number): Result<never> {
  const megabytes = (n: number) => Math.ceil(n / 2 ** 20).toLocaleString('en');
  return fail(
    'too_large',
    `${subject} is ${megabytes(nBytes)} MiB, more than the limit of ${megabytes(maxBytes)} MiB.`,
    'Leave out tables and rows that are not needed, or split the list.',
  );
}

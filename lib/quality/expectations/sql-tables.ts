import {
  quotedName,
  type SqlModule,
  type SqlParameter,
  type SqlRows,
  type SqlStatement,
} from '@/lib/crm/sql-database';
import { type Batch, CannotRun } from './batch';

/** The part of sql.js that checks written in SQL need besides reading a file. */
export interface SqlEngine extends SqlModule {
  readonly Database: new (bytes?: Uint8Array) => SqlTablesDatabase;
}

interface SqlTablesDatabase {
  exec(sql: string, parameters?: SqlParameter[]): readonly SqlRows[];
  prepare(sql: string): SqlStatement & { getColumnNames(): string[] };
  /** Make a function for SQL. What it throws ends the statement. */
  create_function(name: string, run: (row: number) => number): unknown;
  close(): void;
}

/** What a query found. */
export interface QueriedRows {
  readonly nRows: number;
  /** Rows of the table, ascending, each once; null where the query does not give `row`. */
  readonly rows: Uint32Array | null;
}

/** Answers checks that are written in SQL. */
export interface SqlTables {
  /** @throws CannotRun where the query is none, changes something, never ends, or reads too much */
  rowsOf(table: string, query: string): QueriedRows;
  /** Free the memory. */
  close(): void;
}

/** A query may look at every row so often, all its joins counted, and at some rows besides; then it is stopped. */
const MAX_SCANS = 20;
const FREE_ROWS = 1_000_000;
const MAX_FOUND_ROWS = 5_000_000;

/**
 * Offer tables to SQL queries. They are copied into a database of their own in memory, which the queries can only read; a table is
 * copied when the first query names it. Each has a column `row`, its row number from 1, before its own.
 *
 * @param maxScanned rows that a query may look at, all its joins counted; then it is stopped
 */
export function createSqlTables(
  sql: SqlEngine,
  batches: readonly Batch[],
  maxScanned = FREE_ROWS + MAX_SCANS * batches.reduce((sum, { nRows }) => sum + nRows, 0),
): SqlTables {
  const made = new Set<string>();
  let opened: { readonly database: SqlTablesDatabase; readonly meter: Meter } | null = null;
  const open = () => {
    opened ??= openDatabase(sql, maxScanned);
    return opened;
  };
  return {
    rowsOf(table, query) {
      const { database, meter } = open();
      const text = query.replaceAll('{batch}', quotedName(table));
      database.exec('PRAGMA query_only = OFF');
      for (const batch of batches) {
        if (made.has(batch.table) || !isNamed(batch.table, text)) continue;
        copyTable(database, batch);
        made.add(batch.table);
      }
      database.exec('PRAGMA query_only = ON');
      meter.nScanned = 0;
      return queriedRows(database, text);
    },
    close: () => opened?.database.close(),
  };
}

interface Meter {
  nScanned: number;
}

function openDatabase(sql: SqlEngine, maxScanned: number) {
  const database = new sql.Database();
  const meter: Meter = { nScanned: 0 };
  database.exec('PRAGMA temp_store = MEMORY');
  // sql.js counts the parameters to tell how many the function takes.
  database.create_function('scanned', (_row: number) => {
    meter.nScanned += 1;
    if (meter.nScanned > maxScanned) {
      throw new Error(`it looks at more than ${maxScanned.toLocaleString('en')} rows`);
    }
    return 1;
  });
  return { database, meter };
}

/** The table under another name, and a view that counts each row that is looked at. */
function copyTable(database: SqlTablesDatabase, { table, nRows, columns }: Batch): void {
  const names = [...columns.keys()];
  const stored = quotedName(`rows of ${table}`);
  // Without a type, a column keeps what it is given.
  database.exec(`CREATE TABLE ${stored} ("row" INTEGER PRIMARY KEY, ${names.map(quotedName).join(', ')})`);
  const cells = [...columns.values()];
  const insert = database.prepare(`INSERT INTO ${stored} VALUES (?, ${names.map(() => '?').join(', ')})`);
  try {
    database.exec('BEGIN');
    for (let row = 0; row < nRows; row++) {
      insert.bind([row + 1, ...cells.map((column) => column.cellAt(row))]);
      insert.step();
      insert.reset();
    }
    database.exec('COMMIT');
  } finally {
    insert.free();
  }
  database.exec(`CREATE VIEW ${quotedName(table)} AS SELECT * FROM ${stored} WHERE scanned("row")`);
}

function isNamed(table: string, query: string): boolean {
  return new RegExp(`\\b${table}\\b`, 'i').test(query);
}

function queriedRows(database: SqlTablesDatabase, query: string): QueriedRows {
  // Nothing but a SELECT can stand here, and only one.
  const wrapped = `SELECT * FROM (${query}\n)`;
  try {
    const [plan] = database.exec(`EXPLAIN QUERY PLAN ${wrapped}`);
    if (plan?.values.some((line) => line.includes('RECURSIVE STEP'))) {
      throw new CannotRun('the query is recursive, and might never end');
    }
    return collected(database.prepare(wrapped));
  } catch (error) {
    if (error instanceof CannotRun || !(error instanceof Error)) throw error;
    throw new CannotRun(`SQLite says of the query: ${error.message}`);
  }
}

function collected(statement: ReturnType<SqlTablesDatabase['prepare']>): QueriedRows {
  try {
    const place = statement.getColumnNames().indexOf('row');
    const rows = new Set<number>();
    let nRows = 0;
    while (statement.step()) {
      nRows += 1;
      if (nRows > MAX_FOUND_ROWS) throw new CannotRun(`the query gives more than ${MAX_FOUND_ROWS} rows`);
      const row = place < 0 ? null : statement.get()[place];
      if (typeof row === 'number') rows.add(row - 1);
    }
    return { nRows, rows: place < 0 ? null : Uint32Array.from(rows).sort() };
  } finally {
    statement.free();
  }
}

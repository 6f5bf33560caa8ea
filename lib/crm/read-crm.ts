import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { createColumnBuilder } from './column-builder';
import { DAMAGE_HINT } from './file-damage';
import type { OpenCrm } from './open-crm';
import type { RawColumn, RawCrm, RawTable } from './raw-crm';
import { CRM_SCHEMA, type CrmColumnName, type CrmTableName, rowCountSql, type StoredTable } from './schema';
import { type SqlDatabase, sqlRows } from './sql-database';
import { sqliteFailure } from './sqlite-failure';
import { tablePieces } from './table-pieces';

/** Most rows a table may have: more subscribers or purchases cannot be indexed by a `Map` (2^24 entries in V8). */
const MAX_TABLE_ROWS: Readonly<Record<CrmTableName, number>> = {
  Subscribers: 10_000_000,
  Tags: 100_000_000,
  Transactions: 10_000_000,
};

/** Columns whose values repeat in any sensible list; they are held as codes. */
const CODED_COLUMNS: ReadonlySet<CrmColumnName> = new Set<CrmColumnName>([
  'member_rating',
  'optin_time',
  'country_code',
  'tag',
  'purchased_at',
  'charge_country',
  'product_id',
]);

/**
 * Read the three needed tables whole, one scan a table, in the order of their rows. Types are taken as found: whatever is
 * stored comes back, and what a cell cannot represent is counted in its column.
 *
 * @returns `too_large` when a table has too many rows or a cell too much text, `damaged_database` when SQLite cannot read on
 */
export function readCrm(crm: OpenCrm): Result<RawCrm> {
  try {
    return succeed({
      subscribers: readTable(crm.database, 'Subscribers', crm.tables.Subscribers),
      tags: readTable(crm.database, 'Tags', crm.tables.Tags),
      transactions: readTable(crm.database, 'Transactions', crm.tables.Transactions),
    });
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    return { ok: false, error: sqliteFailure(error, 'The file') };
  }
}

function readTable<T extends CrmTableName>(database: SqlDatabase, name: T, table: StoredTable): RawTable<T> {
  const nRows = Number(sqlRows(database, rowCountSql(table.storedName))[0]?.[0]);
  if (nRows > MAX_TABLE_ROWS[name]) throw tooManyRows(table.storedName, nRows, MAX_TABLE_ROWS[name]);
  const names: readonly CrmColumnName<T>[] = CRM_SCHEMA[name];
  const builders = names.map((column) => createColumnBuilder(CODED_COLUMNS.has(column), nRows));
  let nRead = 0;
  for (const piece of tablePieces(database, table)) {
    nRead += piece[0]?.length ?? 0;
    if (nRead > nRows) break;
    builders.forEach((builder, i) => {
      builder.append(piece[i] ?? []);
    });
  }
  if (nRead !== nRows) throw rowsDiffer(table.storedName, nRows, nRead);
  const columns = builders.map((builder) => builder.finish());
  return { name, nRows, columns: columnsByName(names, columns), fileColumns: table.fileColumns };
}

function columnsByName<N extends string>(
  names: readonly N[],
  columns: readonly RawColumn[],
): Readonly<Record<N, RawColumn>> {
  const entries = names.map((name, i) => [name, columns[i]]);
  // Object.fromEntries forgets which keys it was given.
  return Object.fromEntries(entries) as Record<N, RawColumn>;
}

function tooManyRows(storedName: string, nRows: number, limit: number): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'too_large',
      `Table ${storedName} has ${nRows.toLocaleString('en')} rows, more than the ${limit.toLocaleString('en')} allowed.`,
      'Split the list and work on each part.',
    ).error,
  );
}

function rowsDiffer(storedName: string, nCounted: number, nRead: number): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'damaged_database',
      `Table ${storedName} is damaged: it counts ${nCounted} rows but gives ${nRead}.`,
      DAMAGE_HINT,
    ).error,
  );
}

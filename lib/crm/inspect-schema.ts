import { type Failure, fail, type Result, succeed } from '@/lib/core/result';
import {
  CRM_SCHEMA,
  CRM_TABLE_NAMES,
  type CrmTableName,
  foldedName,
  MAX_SCHEMA_OBJECTS,
  MAX_TABLE_COLUMNS,
  SCHEMA_OBJECTS_SQL,
  type StoredTable,
  TABLE_COLUMNS_SQL,
} from './schema';
import { quotedName, type SqlDatabase, sqlRows } from './sql-database';

/** Where a file keeps what is needed. */
export interface CrmTables {
  readonly tables: Readonly<Record<CrmTableName, StoredTable>>;
  readonly otherTables: readonly string[];
}

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly isStored: boolean;
}

/**
 * Find the needed tables and columns in a file's schema, without reading a row. Names are matched as SQLite matches them,
 * case aside, and reported as stored.
 *
 * @param subject how sentences name the file
 */
export function inspectSchema(database: SqlDatabase, subject: string): Result<CrmTables> {
  const [count] = sqlRows(database, 'SELECT count(*) FROM sqlite_schema');
  const nObjects = Number(count?.[0]);
  if (nObjects > MAX_SCHEMA_OBJECTS) {
    return fail(
      'too_large',
      `${subject} defines ${nObjects} tables, indexes and views, more than the ${MAX_SCHEMA_OBJECTS} allowed.`,
      'Copy Subscribers, Tags and Transactions into a database of their own.',
    );
  }
  const objects = sqlRows(database, SCHEMA_OBJECTS_SQL).map(([type, name, rootpage]) => ({
    type: String(type),
    name: String(name),
    isStored: Number(rootpage) > 0,
  }));
  const tables: Partial<Record<CrmTableName, StoredTable>> = {};
  for (const tableName of CRM_TABLE_NAMES) {
    const table = storedTable(database, objects, tableName, subject);
    if (!table.ok) return table;
    tables[tableName] = table.value;
  }
  const { Subscribers, Tags, Transactions } = tables;
  if (!Subscribers || !Tags || !Transactions) throw new Error('A needed table was not looked for');
  return succeed({ tables: { Subscribers, Tags, Transactions }, otherTables: otherTableNames(objects) });
}

function storedTable(
  database: SqlDatabase,
  objects: readonly SchemaObject[],
  tableName: CrmTableName,
  subject: string,
): Result<StoredTable> {
  const named = objects.filter(
    ({ type, name }) => (type === 'table' || type === 'view') && foldedName(name) === foldedName(tableName),
  );
  const [found] = named;
  const refused = found ? objectFailure(found, subject) : missingTableFailure(objects, tableName, subject);
  if (refused || !found)
    return { ok: false, error: refused ?? missingTableFailure(objects, tableName, subject) };
  const columns = sqlRows(database, TABLE_COLUMNS_SQL, [found.name]).map(([name, hidden]) => ({
    name: String(name),
    isHidden: Number(hidden) !== 0,
  }));
  const wrong = columnsFailure(columns, tableName, found.name, subject);
  if (wrong) return { ok: false, error: wrong };
  return succeed(
    tableAsStored(
      database,
      tableName,
      found.name,
      columns.map(({ name }) => name),
    ),
  );
}

function objectFailure({ type, name, isStored }: SchemaObject, subject: string): Failure | null {
  const hint = `Copy its rows into an ordinary table: CREATE TABLE … AS SELECT * FROM ${name}.`;
  if (type === 'view') {
    return fail(
      'table_is_view',
      `In ${lower(subject)}, ${name} is a view; only ordinary tables are read.`,
      hint,
    ).error;
  }
  if (!isStored) {
    return fail(
      'table_is_virtual',
      `In ${lower(subject)}, ${name} is a virtual table; only ordinary tables are read.`,
      hint,
    ).error;
  }
  return null;
}

function missingTableFailure(
  objects: readonly SchemaObject[],
  tableName: CrmTableName,
  subject: string,
): Failure {
  const names = otherTableNames(objects);
  const shown = names.slice(0, 8).join(', ') + (names.length > 8 ? `, … (${names.length} in all)` : '');
  return fail(
    'missing_table',
    `${subject} has no table ${tableName}${names.length === 0 ? '; it holds no table at all' : `; it holds ${shown}`}.`,
    `A CRM needs the tables ${CRM_TABLE_NAMES.join(', ')}.`,
  ).error;
}

function columnsFailure(
  columns: readonly { readonly name: string; readonly isHidden: boolean }[],
  tableName: CrmTableName,
  storedName: string,
  subject: string,
): Failure | null {
  const where = `In ${lower(subject)}, table ${storedName}`;
  const needs = `Table ${tableName} needs the columns ${CRM_SCHEMA[tableName].join(', ')}.`;
  if (columns.length > MAX_TABLE_COLUMNS) {
    const limit = `${where} has ${columns.length} columns, more than the ${MAX_TABLE_COLUMNS} allowed.`;
    return fail('too_large', limit, needs).error;
  }
  const generated = columns.find(({ isHidden }) => isHidden);
  if (generated) {
    return fail(
      'generated_column',
      `${where} has the generated column ${generated.name}; only stored columns are read.`,
      `Copy the table: CREATE TABLE … AS SELECT * FROM ${storedName}.`,
    ).error;
  }
  const present = new Set(columns.map(({ name }) => foldedName(name)));
  const missing = CRM_SCHEMA[tableName].filter((name) => !present.has(name));
  if (missing.length === 0) return null;
  const names = missing.length === 1 ? `the column ${missing[0]}` : `the columns ${missing.join(', ')}`;
  return fail('missing_column', `${where} lacks ${names}.`, needs).error;
}

function tableAsStored(
  database: SqlDatabase,
  tableName: CrmTableName,
  storedName: string,
  fileColumns: readonly string[],
): StoredTable {
  const byFoldedName = new Map(fileColumns.map((name) => [foldedName(name), name]));
  const storedColumns = CRM_SCHEMA[tableName].map((name) => byFoldedName.get(name) ?? name);
  return { storedName, storedColumns, fileColumns, rowidName: rowidName(database, storedName, byFoldedName) };
}

/** Asked by preparing a statement: `pragma table_list` would compile every view of the file, which a hostile one makes endless. */
function rowidName(
  database: SqlDatabase,
  storedName: string,
  columns: ReadonlyMap<string, string>,
): StoredTable['rowidName'] {
  const free = (['rowid', '_rowid_', 'oid'] as const).find((name) => !columns.has(name));
  if (free === undefined) return null;
  try {
    sqlRows(database, `SELECT t.${free} FROM ${quotedName(storedName)} AS t LIMIT 0`);
    return free;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no such column')) return null;
    throw error;
  }
}

function otherTableNames(objects: readonly SchemaObject[]): string[] {
  const needed = new Set(CRM_TABLE_NAMES.map(foldedName));
  return objects
    .filter(
      ({ type, name, isStored }) =>
        type === 'table' &&
        isStored &&
        !needed.has(foldedName(name)) &&
        !name.startsWith('sqlite_') &&
        !name.includes('\0'),
    )
    .map(({ name }) => name);
}

function lower(subject: string): string {
  return subject === 'The file' ? 'the file' : subject;
}

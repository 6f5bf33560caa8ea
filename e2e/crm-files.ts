import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import initSqlJs, { type SqlValue } from 'sql.js';
import { crmBytes } from '@/lib/demo/generate-crm';
import { databaseBytes } from '@/lib/testing/sqlite';
import type { HandedFile } from './workbench-page';

/** The demo CRM that the server hands out. */
export function demoFile(): HandedFile {
  const path = fileURLToPath(new URL('../data/crm_database.sqlite', import.meta.url));
  return { name: 'crm_database.sqlite', bytes: readFileSync(path) };
}

/** An invented CRM of another seed; every test takes a seed of its own, so that no other test's study fits it. */
export function inventedFile(seed: number, nSubscribers = 1_500): HandedFile {
  return { name: `list-of-seed-${seed}.sqlite`, bytes: crmBytes({ seed, nSubscribers }) };
}

/** A copy of a file with SQL statements run over it. */
export async function changedFile(file: HandedFile, name: string, statements: string): Promise<HandedFile> {
  return { name, bytes: await databaseBytes(statements, file.bytes) };
}

/** SQLite's own mathematical functions, not those of older sql.js; its types know no such option yet. */
const SQLITE_FUNCTIONS = { useOldExtensionFunctions: false } as object;

/** Rows of a query over a file. */
export async function queried(file: HandedFile, sql: string): Promise<readonly SqlValue[][]> {
  const { Database } = await initSqlJs(SQLITE_FUNCTIONS);
  const database = new Database(file.bytes);
  try {
    return database.exec(sql)[0]?.values ?? [];
  } finally {
    database.close();
  }
}

/** The one value of a query that gives one. */
export async function counted(file: HandedFile, sql: string): Promise<number> {
  return Number((await queried(file, sql))[0]?.[0]);
}

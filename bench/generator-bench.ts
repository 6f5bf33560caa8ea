import { execFile } from 'node:child_process';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import initSqlJs, { type Database, type SqlValue } from 'sql.js';
import { writeDemoCrm } from '@/lib/server/demo-file';
import { BENCH_SEED, type BenchContext, repeated, timedMs } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { type Spread, spreadOf } from './spread';

const PEER_SIZE = 100_000;
const run = promisify(execFile);

/** Measure the demo generator to a file on disk, beside SQLite inserting rows that are there already. */
export async function generatorBench(context: BenchContext): Promise<BenchTable[]> {
  const { options } = context;
  const sizes = [...new Set([PEER_SIZE, options.sizes.large])];
  const rows: BenchRow[] = [];
  let ours: Spread | null = null;
  for (const size of sizes) {
    const speed = await generatorSpeed(context, size);
    ours ??= speed;
    rows.push({ label: `generator, ${size.toLocaleString('en')}`, figures: { speed } });
  }
  const source = await context.crmPath(PEER_SIZE);
  for (const peer of [await sqlJsSpeed(context, source), await sqliteSpeed(context, source)]) {
    const ratio = peer.speed === null || ours === null ? null : ours.median / peer.speed.median;
    rows.push({ label: peer.label, figures: { speed: peer.speed, ratio } });
  }
  return [
    {
      title: 'Generator: demo CRM files on disk, flushed',
      columns: [
        { key: 'speed', label: 'subscribers', unit: 'a second' },
        { key: 'ratio', label: 'generator / peer', unit: '×' },
      ],
      rows,
      notes: [
        'Aim: 100,000 subscribers a second. The peers invent nothing: they insert the very rows of a generated list of',
        `${PEER_SIZE.toLocaleString('en')}, all tables, in one transaction; the ratio is to the generator at that size.`,
      ],
    },
  ];
}

async function generatorSpeed(context: BenchContext, size: number): Promise<Spread> {
  const path = join(context.scratch, 'generated.sqlite');
  const what = `generator with ${size.toLocaleString('en')}`;
  const speeds = await repeated(context, { what, nRuns: context.options.nRuns }, async () => {
    const { elapsedMs } = await writeDemoCrm({ path, seed: BENCH_SEED, nSubscribers: size });
    return perSecond(size, elapsedMs);
  });
  await rm(path);
  return spreadOf(speeds);
}

interface TableRows {
  readonly name: string;
  readonly sql: string;
  readonly rows: readonly SqlValue[][];
}

/** sql.js with prepared statements; its bytes are written and flushed as the generator's are. */
async function sqlJsSpeed(context: BenchContext, source: string) {
  const sql = await initSqlJs();
  const held = new sql.Database(await readFile(source));
  const tables = tablesOf(held);
  held.close();
  const path = join(context.scratch, 'inserted.sqlite');
  const speeds = await repeated(context, { what: 'peer sql.js', nRuns: context.options.nRuns }, async () => {
    const elapsedMs = await timedMs(async () => {
      const database = new sql.Database();
      for (const table of tables) insert(database, table);
      const bytes = database.export();
      database.close();
      await writeFlushed(path, bytes);
    });
    return perSecond(PEER_SIZE, elapsedMs);
  });
  await rm(path);
  return { label: 'peer: sql.js, prepared inserts', speed: spreadOf(speeds) };
}

function tablesOf(database: Database): TableRows[] {
  const [schema] = database.exec("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
  return (schema?.values ?? []).map(([name, sql]) => ({
    name: String(name),
    sql: String(sql),
    rows: database.exec(`SELECT * FROM "${name}"`)[0]?.values ?? [],
  }));
}

function insert(database: Database, { name, sql, rows }: TableRows): void {
  database.exec(`${sql}; BEGIN`);
  const statement = database.prepare(
    `INSERT INTO "${name}" VALUES (${(rows[0] ?? []).map(() => '?').join(', ')})`,
  );
  for (const row of rows) statement.run(row);
  statement.free();
  database.exec('COMMIT');
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes);
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

/** SQLite's own program copying the tables from file to file; null where it is not installed. */
async function sqliteSpeed(context: BenchContext, source: string) {
  const label = 'peer: sqlite3 program, INSERT … SELECT';
  const isThere = await run('sqlite3', ['--version']).then(
    () => true,
    () => false,
  );
  if (!isThere) return { label: `${label} (not installed)`, speed: null };
  const path = join(context.scratch, 'copied.sqlite');
  const held = new (await initSqlJs()).Database(await readFile(source));
  const tables = tablesOf(held).map(
    ({ name, sql }) => `${sql}; INSERT INTO "${name}" SELECT * FROM source."${name}";`,
  );
  held.close();
  const script = `ATTACH '${source}' AS source; BEGIN; ${tables.join(' ')} COMMIT;`;
  const speeds = await repeated(context, { what: 'peer sqlite3', nRuns: context.options.nRuns }, async () => {
    await rm(path, { force: true });
    return perSecond(PEER_SIZE, await timedMs(() => run('sqlite3', [path, script])));
  });
  await rm(path, { force: true });
  return { label, speed: spreadOf(speeds) };
}

function perSecond(nRows: number, elapsedMs: number): number {
  return nRows / (elapsedMs / 1000);
}

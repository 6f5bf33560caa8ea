import { beforeAll, describe, expect, it } from 'vitest';
import { databaseBytes, loadSqlJs, TINY_CRM_SQL } from '@/lib/testing/sqlite';
import { crmSummary } from './crm-summary';
import { closeCrm, type OpenCrm, openCrm } from './open-crm';
import { readCrm } from './read-crm';
import type { SqlModule } from './sql-database';

let sql: SqlModule;
let tiny: Uint8Array;

beforeAll(async () => {
  sql = await loadSqlJs();
  tiny = await databaseBytes(TINY_CRM_SQL);
});

/** Open bytes, close what opened, and give the failure as code and sentence. */
function refusal(bytes: Uint8Array, fileName?: string) {
  const result = openCrm(sql, bytes, fileName === undefined ? {} : { fileName });
  if (result.ok) {
    closeCrm(result.value);
    return 'opened';
  }
  expect(result.error.hint).not.toBe('');
  return `${result.error.code}: ${result.error.message}`;
}

function opened(bytes: Uint8Array): OpenCrm {
  const result = openCrm(sql, bytes);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('openCrm', () => {
  it('opens a CRM and sums it up', () => {
    const crm = opened(tiny);
    const raw = readCrm(crm);
    if (!raw.ok) throw new Error(raw.error.message);
    expect(crmSummary(crm, raw.value)).toEqual({
      sizeBytes: tiny.length,
      tables: [
        { name: 'Subscribers', nRows: 3 },
        { name: 'Tags', nRows: 4 },
        { name: 'Transactions', nRows: 2 },
        { name: 'Products', nRows: 1 },
      ],
      nTablesUncounted: 0,
      optinRange: { first: '2018-07-15', last: '2020-01-31' },
      purchaseRange: { first: '2020-02-01', last: '2020-03-01' },
      notices: [],
    });
    closeCrm(crm);
  });

  it('hardens the connection', () => {
    const crm = opened(tiny);
    const settings = [
      'trusted_schema',
      'cell_size_check',
      'query_only',
      'ignore_check_constraints',
      'hard_heap_limit',
    ];
    expect(settings.map((name) => crm.database.exec(`PRAGMA ${name}`)[0]?.values[0]?.[0])).toEqual([
      0,
      1,
      1,
      1,
      512 * 2 ** 20,
    ]);
    expect(() => crm.database.exec('DELETE FROM Tags')).toThrow('attempt to write a readonly database');
    closeCrm(crm);
  });

  it('leaves out the products table without complaint', async () => {
    expect(refusal(await databaseBytes('DROP TABLE Products', tiny))).toBe('opened');
  });

  it('matches names whatever their case and reports them as stored', async () => {
    const renamed = await databaseBytes(
      'ALTER TABLE Tags RENAME TO tmp; ALTER TABLE tmp RENAME TO "tAGS"; ALTER TABLE tAGS RENAME COLUMN tag TO "TAG"',
      tiny,
    );
    const crm = opened(renamed);
    expect(crm.tables.Tags).toEqual({
      storedName: 'tAGS',
      storedColumns: ['mailchimp_id', 'TAG'],
      fileColumns: ['mailchimp_id', 'TAG'],
      rowidName: 'rowid',
    });
    closeCrm(crm);
  });

  it('says that a write-ahead database may have newer rows beside it', () => {
    const walMode = tiny.slice();
    walMode.set([2, 2], 18);
    const crm = opened(walMode);
    expect(crm.notices).toEqual([
      'The file was written in write-ahead mode: rows still in a -wal file beside it are not seen.',
    ]);
    expect(readCrm(crm).ok).toBe(true);
    closeCrm(crm);
  });

  it('refuses a file above the limit before reading it', () => {
    const result = openCrm(sql, tiny, { maxBytes: 2 ** 14, fileName: 'big.sqlite' });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'too_large', message: '“big.sqlite” is 1 MiB, more than the limit of 1 MiB.' },
    });
  });
});

describe('openCrm on a damaged file', () => {
  it('refuses a page that was overwritten', () => {
    const bytes = tiny.slice();
    bytes.fill(0xaa, 4096 + 8, 4096 + 40);
    expect(refusal(bytes)).toBe(
      "damaged_database: The file is damaged: SQLite's quick check finds in table Subscribers: Tree 2 page 2 cell 2: Offset 43690 out of range 3957..4092.",
    );
  });

  it('refuses a schema that was overwritten', () => {
    const bytes = tiny.slice();
    bytes.fill(0xaa, 110, 300);
    expect(refusal(bytes)).toMatch(/^damaged_database: The file /);
  });
});

describe('openCrm on a schema that lacks something', () => {
  it('names a missing table and what is there', async () => {
    expect(refusal(await databaseBytes('DROP TABLE Tags', tiny))).toBe(
      'missing_table: The file has no table Tags; it holds Products.',
    );
  });

  it('says when there is no table at all', async () => {
    expect(refusal(await databaseBytes('CREATE TABLE a (b); DROP TABLE a'))).toBe(
      'missing_table: The file has no table Subscribers; it holds no table at all.',
    );
  });

  it('names missing columns and their table', async () => {
    const one = await databaseBytes('ALTER TABLE Subscribers DROP COLUMN user_email', tiny);
    expect(refusal(one, 'a.db')).toBe(
      'missing_column: In “a.db”, table Subscribers lacks the column user_email.',
    );
    const two = await databaseBytes('ALTER TABLE Transactions DROP COLUMN user_full_name', one);
    expect(refusal(await databaseBytes('ALTER TABLE Subscribers ADD COLUMN user_email', two))).toBe(
      'missing_column: In the file, table Transactions lacks the column user_full_name.',
    );
  });

  it('does not take a look-alike letter for a Latin one', async () => {
    const lookAlike = await databaseBytes('ALTER TABLE Tags RENAME COLUMN tag TO "tаg"', tiny);
    expect(refusal(lookAlike)).toBe('missing_column: In the file, table Tags lacks the column tag.');
  });
});

describe('openCrm on a hostile schema', () => {
  const without = (table: string) => `ALTER TABLE ${table} RENAME TO kept;`;

  it.each([
    [
      'a view that never ends',
      'CREATE VIEW Subscribers AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i FROM r) SELECT i AS mailchimp_id FROM r',
      'table_is_view: In the file, Subscribers is a view; only ordinary tables are read.',
    ],
    [
      'a view of crossed joins',
      'CREATE VIEW subscribers AS SELECT a.* FROM kept a, kept b, kept c, kept d, kept e, kept f',
      'table_is_view: In the file, subscribers is a view; only ordinary tables are read.',
    ],
    [
      'a virtual table',
      'CREATE VIRTUAL TABLE Subscribers USING fts3(mailchimp_id, user_full_name, user_email, member_rating, optin_time, country_code)',
      'table_is_virtual: In the file, Subscribers is a virtual table; only ordinary tables are read.',
    ],
    [
      'a generated column',
      'CREATE TABLE Subscribers (mailchimp_id, user_full_name AS (zeroblob(100000000)), user_email, member_rating, optin_time, country_code)',
      'generated_column: In the file, table Subscribers has the generated column user_full_name; only stored columns are read.',
    ],
    [
      'a stored generated column',
      'CREATE TABLE Subscribers (mailchimp_id, user_full_name, user_email, member_rating, optin_time, country_code AS (upper(user_email)) STORED)',
      'generated_column: In the file, table Subscribers has the generated column country_code; only stored columns are read.',
    ],
    [
      'a table of 1,999 columns',
      `CREATE TABLE Subscribers (${Array.from({ length: 1999 }, (_, i) => `c${i}`).join(', ')})`,
      'too_large: In the file, table Subscribers has 1999 columns, more than the 500 allowed.',
    ],
  ])('refuses %s', async (_, statement, expected) => {
    expect(refusal(await databaseBytes(without('Subscribers') + statement, tiny))).toBe(expected);
  });

  it('refuses a schema of thousands of tables', async () => {
    const tables = Array.from({ length: 5_001 }, (_, i) => `CREATE TABLE t${i} (a);`).join('');
    expect(refusal(await databaseBytes(`BEGIN; ${tables} COMMIT;`, tiny))).toBe(
      'too_large: The file defines 5005 tables, indexes and views, more than the 5000 allowed.',
    );
  });

  it('never compiles or runs other views, triggers, defaults and checks', async () => {
    const doubled = Array.from(
      { length: 40 },
      (_, i) => `CREATE VIEW v${i + 1} AS SELECT x.a FROM v${i} x, v${i} y;`,
    ).join('');
    const hostile = await databaseBytes(
      `CREATE VIEW v0 AS SELECT 1 AS a; ${doubled}
       CREATE VIEW endless AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT i FROM r;
       CREATE TRIGGER late AFTER INSERT ON Tags BEGIN DELETE FROM Subscribers; END;
       CREATE TABLE heavy (a DEFAULT (randomblob(100000000)), b CHECK (length(zeroblob(900000000)) > 0));
       PRAGMA ignore_check_constraints = ON; INSERT INTO heavy VALUES (1, 2);`,
      tiny,
    );
    expect(refusal(hostile)).toBe('opened');
  });

  it('stops a generated column elsewhere that fills the memory', async () => {
    const hostile = await databaseBytes(
      `CREATE TABLE bomb (a, b TEXT AS (hex(zeroblob(1))) NOT NULL); INSERT INTO bomb (a) VALUES (1);
       PRAGMA writable_schema = ON;
       UPDATE sqlite_schema SET sql = replace(sql, 'zeroblob(1)', 'zeroblob(400000000)') WHERE name = 'bomb'`,
      tiny,
    );
    expect(refusal(hostile)).toBe(
      'too_large: The file needs more memory than allowed (SQLite: out of memory).',
    );
  });

  it('reads names that hold quotes, line ends and SQL', async () => {
    const names = [
      'a"b',
      "it's",
      '--',
      ';DROP TABLE Tags',
      'line\nend',
      '\u202egnp',
      '[x]',
      '`',
      '🧨',
      ' ',
      'sel"";ect',
    ];
    const tables = names.map((name) => `CREATE TABLE "${name.replaceAll('"', '""')}" (a); `).join('');
    const columns = names
      .map((name) => `ALTER TABLE Tags ADD COLUMN "${name.replaceAll('"', '""')}"; `)
      .join('');
    const crm = opened(await databaseBytes(tables + columns, tiny));
    expect(crm.otherTables.map(({ name }) => name)).toEqual(['Products', ...names]);
    expect(crm.tables.Tags.fileColumns).toEqual(['mailchimp_id', 'tag', ...names]);
    expect(readCrm(crm).ok).toBe(true);
    closeCrm(crm);
  });
});

import { describe, expect, it } from 'vitest';
import { databaseBytes, loadSqlJs, TINY_CRM_SQL } from '@/lib/testing/sqlite';
import { closeCrm, openCrm } from './open-crm';
import { type RawColumn, type RawCrm, rawValue } from './raw-crm';
import { readCrm } from './read-crm';

async function rawOf(...statements: string[]): Promise<RawCrm> {
  const opened = openCrm(await loadSqlJs(), await databaseBytes(TINY_CRM_SQL + statements.join(';')));
  if (!opened.ok) throw new Error(opened.error.message);
  const read = readCrm(opened.value);
  closeCrm(opened.value);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

function valuesOf(column: RawColumn, nRows: number) {
  return Array.from({ length: nRows }, (_, row) => rawValue(column, row));
}

describe('readCrm', () => {
  it('reads every cell of the needed columns in row order', async () => {
    const { subscribers, tags, transactions } = await rawOf();
    expect(Object.entries(subscribers.columns).map(([name, column]) => [name, valuesOf(column, 3)])).toEqual([
      ['mailchimp_id', [3, 4, 9]],
      ['user_full_name', ['Ann Ash', 'Bob Birch', 'Cem Cedar']],
      ['user_email', ['ann@example.com', ' Bob@Example.com ', 'cem@example.org']],
      ['member_rating', [5, 2, 2]],
      ['optin_time', ['2020-01-31', '2019-06-01', '2018-07-15']],
      ['country_code', ['us', 'US', null]],
    ]);
    expect(tags.columns.tag).toEqual({
      kind: 'coded',
      codes: Uint32Array.of(0, 1, 1, 1),
      levels: ['Learning Lab', 'Webinar'],
      nBlobs: 0,
      nBigIntegers: 0,
    });
    expect([subscribers.nRows, tags.nRows, transactions.nRows]).toEqual([3, 4, 2]);
  });

  it('takes types as found, and counts what no cell can hold', async () => {
    const { tags } = await rawOf(
      `CREATE TABLE loose (mailchimp_id, tag); DROP TABLE Tags; ALTER TABLE loose RENAME TO Tags;
       INSERT INTO Tags VALUES (9007199254740991, 1), (9007199254740993, '1'), (-9223372036854775808, 1.5),
       (x'00ff', NULL), (1e300, 9e999), ('a' || char(0) || 'b', '')`,
    );
    const { mailchimp_id, tag } = tags.columns;
    expect(valuesOf(mailchimp_id, 6)).toEqual([
      9007199254740991,
      '9007199254740993',
      '-9223372036854775808',
      null,
      1e300,
      'a\0b',
    ]);
    expect([mailchimp_id.nBlobs, mailchimp_id.nBigIntegers]).toEqual([1, 2]);
    expect(valuesOf(tag, 6)).toEqual([1, '1', 1.5, null, Number.POSITIVE_INFINITY, '']);
  });

  it('does not take a blob for the binary JSON of SQLite', async () => {
    const { tags } = await rawOf(
      "DELETE FROM Tags; INSERT INTO Tags VALUES (x'01', x''), (x'1333', x'17616263'), (x'00', x'0b'), (5, 'text'), (NULL, NULL)",
    );
    expect(valuesOf(tags.columns.mailchimp_id, 5)).toEqual([null, null, null, 5, null]);
    expect(valuesOf(tags.columns.tag, 5)).toEqual([null, null, null, 'text', null]);
    expect([tags.columns.mailchimp_id.nBlobs, tags.columns.tag.nBlobs]).toEqual([3, 3]);
  });

  it('reads empty tables', async () => {
    const raw = await rawOf('DELETE FROM Subscribers', 'DELETE FROM Tags', 'DELETE FROM Transactions');
    expect(raw.subscribers.nRows).toBe(0);
    expect(raw.tags.columns.mailchimp_id).toEqual({ kind: 'plain', values: [], nBlobs: 0, nBigIntegers: 0 });
  });

  it('reads WITHOUT ROWID tables in the order of their key', async () => {
    const { tags } = await rawOf(
      `CREATE TABLE k (mailchimp_id, tag, PRIMARY KEY (tag, mailchimp_id)) WITHOUT ROWID; INSERT INTO k SELECT * FROM Tags;
       INSERT INTO k VALUES (x'01', 9007199254740993); DROP TABLE Tags; ALTER TABLE k RENAME TO Tags`,
    );
    expect(valuesOf(tags.columns.tag, 5)).toEqual([
      '9007199254740993',
      'Learning Lab',
      'Webinar',
      'Webinar',
      'Webinar',
    ]);
    expect(valuesOf(tags.columns.mailchimp_id, 5)).toEqual([null, 3, 3, 9, 77]);
  });

  it('reads rows at both ends of the row numbers', async () => {
    const { tags } = await rawOf(
      "INSERT INTO Tags (rowid, mailchimp_id, tag) VALUES (-9223372036854775808, 1, 'first'), (9223372036854775807, 2, 'last')",
    );
    expect(valuesOf(tags.columns.tag, 6)).toEqual([
      'first',
      'Learning Lab',
      'Webinar',
      'Webinar',
      'Webinar',
      'last',
    ]);
  });

  it.each(['rowid', 'rowid, "_ROWID_"', 'rowid, _rowid_, oid'])(
    'reads a table with columns called %s',
    async (columns) => {
      const { tags } = await rawOf(
        `CREATE TABLE k (mailchimp_id, tag, ${columns}); INSERT INTO k (mailchimp_id, tag) SELECT * FROM Tags; UPDATE k SET rowid = -mailchimp_id;
       DROP TABLE Tags; ALTER TABLE k RENAME TO Tags`,
      );
      expect(valuesOf(tags.columns.mailchimp_id, 4)).toEqual([3, 3, 9, 77]);
    },
  );

  it('joins the pieces of a long table, blobs in one of them', async () => {
    const { tags } = await rawOf(
      `DELETE FROM Tags; WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r LIMIT 100000)
       INSERT INTO Tags SELECT i, CASE i WHEN 50000 THEN x'ff' ELSE 'tag ' || (i % 3) END FROM r; DELETE FROM Tags WHERE mailchimp_id % 7 = 0`,
    );
    const ids = Array.from({ length: 100_000 }, (_, i) => i).filter((i) => i % 7 !== 0);
    expect(tags.nRows).toBe(ids.length);
    expect(valuesOf(tags.columns.mailchimp_id, tags.nRows)).toEqual(ids);
    expect(valuesOf(tags.columns.tag, tags.nRows)).toEqual(
      ids.map((i) => (i === 50_000 ? null : `tag ${i % 3}`)),
    );
    expect(tags.columns.tag).toMatchObject({ kind: 'coded', nBlobs: 1 });
  });

  it('turns from codes to plain values where values hardly repeat', async () => {
    const { tags } = await rawOf(
      `WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r LIMIT 70000) INSERT INTO Tags SELECT i, 'tag ' || i FROM r`,
    );
    expect(tags.columns.tag.kind).toBe('plain');
    expect(valuesOf(tags.columns.tag, tags.nRows).slice(3, 6)).toEqual(['Webinar', 'tag 0', 'tag 1']);
    expect(rawValue(tags.columns.tag, tags.nRows - 1)).toBe('tag 69999');
  });

  it('reads a UTF-16 database and every script', async () => {
    const names = [
      'Zoë',
      'Zoe\u0308',
      'İpek ıŞıK',
      'Straße',
      '\u202eabc',
      'a\u200bb',
      '👩‍👩‍👧',
      '𝒳',
      'عمر',
      '名',
    ];
    const raw = await rawOf();
    expect(raw.subscribers.nRows).toBe(3);
    const utf16 = await databaseBytes(
      `PRAGMA encoding = 'UTF-16le'; ${TINY_CRM_SQL} ${names.map((name) => `INSERT INTO Tags VALUES (3, '${name}');`).join('')}`,
    );
    const opened = openCrm(await loadSqlJs(), utf16);
    if (!opened.ok) throw new Error(opened.error.message);
    const read = readCrm(opened.value);
    if (!read.ok) throw new Error(read.error.message);
    expect(valuesOf(read.value.tags.columns.tag, 14).slice(4)).toEqual(names);
    closeCrm(opened.value);
  });

  it('refuses a text that would not fit', async () => {
    const opened = openCrm(
      await loadSqlJs(),
      await databaseBytes(`${TINY_CRM_SQL} INSERT INTO Tags VALUES (3, CAST(zeroblob(90000000) AS TEXT))`),
    );
    if (!opened.ok) throw new Error(opened.error.message);
    const read = readCrm(opened.value);
    closeCrm(opened.value);
    expect(read).toMatchObject({ ok: false, error: { code: 'too_large' } });
  });
});

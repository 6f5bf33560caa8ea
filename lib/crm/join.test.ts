import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { databaseBytes, loadSqlJs, TINY_CRM_SQL } from '@/lib/testing/sqlite';
import { joinSubscribers, MAX_TAGS } from './join';
import { closeCrm, openCrm } from './open-crm';
import { readCrm } from './read-crm';

async function joinOf(statements = '') {
  const opened = openCrm(await loadSqlJs(), await databaseBytes(TINY_CRM_SQL + statements));
  if (!opened.ok) throw new Error(opened.error.message);
  const raw = readCrm(opened.value);
  closeCrm(opened.value);
  if (!raw.ok) throw new Error(raw.error.message);
  return joinSubscribers(raw.value);
}

async function joined(statements = '') {
  const result = await joinOf(statements);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('joinSubscribers', () => {
  it('joins, casts and cleans', async () => {
    const { table, report } = await joined();
    expect(table).toEqual({
      nRows: 3,
      mailchimpId: Float64Array.of(3, 4, 9),
      userFullName: ['Ann Ash', 'Bob Birch', 'Cem Cedar'],
      userEmail: ['ann@example.com', 'Bob@Example.com', 'cem@example.org'],
      memberRating: Float64Array.of(5, 2, 2),
      optinDay: Int32Array.of(parseDay('2020-01-31'), parseDay('2019-06-01'), parseDay('2018-07-15')),
      countryCodes: ['us'],
      countryIndex: Int16Array.of(0, 0, -1),
      tagCount: Uint16Array.of(2, 0, 1),
      madePurchase: Uint8Array.of(0, 1, 0),
      tagColumns: ['tag_learning_lab', 'tag_webinar'],
      tagIndicators: [Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 1)],
    });
    expect(report).toEqual({
      nSubscribers: 3,
      nTransactions: 2,
      nTransactionsUnmatched: 1,
      nTagRows: 4,
      nTagRowsUnmatched: 1,
      nTagRowsBlank: 0,
      nTagRowsRepeated: 0,
      nBuyers: 1,
      nRepeatedEmails: 0,
      nRepeatedIds: 0,
      nCountryCodesFolded: 1,
      tags: ['Learning Lab', 'Webinar'],
    });
  });

  it('never merges rows with the same id or address, and counts them', async () => {
    const { table, report } = await joined(
      `INSERT INTO Subscribers VALUES (3, 'Ann Again', 'ANN@example.com ', 1, '2020-01-01', 'uk'),
       ('3', 'Ann Third', 'ann@example.com', 1, '2020-01-01', 'UK'), (NULL, 'No Id', 'bob@EXAMPLE.com', 1, '2020-01-01', 'Uk');
       INSERT INTO Tags VALUES (3, 'Webinar'), (NULL, 'Webinar'), (9, NULL), (9, '  ')`,
    );
    expect(Array.from(table.mailchimpId)).toEqual([3, 4, 9, 3, 3, Number.NaN]);
    expect(Array.from(table.tagCount)).toEqual([2, 0, 1, 2, 2, 0]);
    expect(Array.from(table.madePurchase)).toEqual([0, 1, 0, 0, 0, 1]);
    expect(report).toMatchObject({
      nSubscribers: 6,
      nRepeatedIds: 2,
      nRepeatedEmails: 3,
      nBuyers: 2,
      nTransactionsUnmatched: 1,
      nTagRowsRepeated: 1,
      nTagRowsUnmatched: 2,
      nTagRowsBlank: 2,
      nCountryCodesFolded: 2,
    });
  });

  it('tells ids apart beyond 2^53', async () => {
    const { table, report } = await joined(
      `INSERT INTO Subscribers VALUES (9007199254740992, 'A', 'a@x.io', 1, '2020-01-01', NULL), (9007199254740993, 'B', 'b@x.io', 1, '2020-01-01', NULL),
       (-5, 'C', 'c@x.io', 1, '2020-01-01', NULL);
       INSERT INTO Tags VALUES (9007199254740993, 'Webinar'), (-5, 'Webinar'), (-6, 'Webinar')`,
    );
    expect(report.nRepeatedIds).toBe(0);
    expect(Array.from(table.mailchimpId).slice(3)).toEqual([Number.NaN, Number.NaN, -5]);
    expect(Array.from(table.tagCount).slice(3)).toEqual([0, 1, 1]);
    expect(report.nTagRowsUnmatched).toBe(2);
  });

  it('keeps what cannot be cast as missing, without a guess', async () => {
    const { table } = await joined(
      `INSERT INTO Subscribers VALUES ('x', NULL, NULL, 'five', '31/01/2020', ''), (1.5, 5, x'00', '4', '2023-02-29', ' De '), (7, 'x', 'y', '1,234', 1580428800, 'usa')`,
    );
    expect(Array.from(table.mailchimpId).slice(3)).toEqual([Number.NaN, Number.NaN, 7]);
    expect(table.userFullName.slice(3)).toEqual(['', '5', 'x']);
    expect(table.userEmail.slice(3)).toEqual(['', '', 'y']);
    expect(Array.from(table.memberRating).slice(3)).toEqual([Number.NaN, 4, Number.NaN]);
    expect(Array.from(table.optinDay).slice(3)).toEqual([MISSING_DAY, MISSING_DAY, MISSING_DAY]);
    expect(table.countryCodes).toEqual(['de', 'us', 'usa']);
    expect(Array.from(table.countryIndex)).toEqual([1, 1, -1, -1, 0, 2]);
  });

  it('never matches missing addresses with each other', async () => {
    const { table, report } = await joined(
      `INSERT INTO Subscribers VALUES (20, 'a', NULL, 1, '2020-01-01', NULL), (21, 'b', '', 1, '2020-01-01', NULL);
       INSERT INTO Transactions VALUES (3, '2020-01-01', 'a', NULL, 'US', 1), (4, '2020-01-01', 'b', ' ', 'US', 1)`,
    );
    expect(Array.from(table.madePurchase)).toEqual([0, 1, 0, 0, 0]);
    expect(report).toMatchObject({ nTransactionsUnmatched: 3, nRepeatedEmails: 0 });
  });

  it('matches addresses in one normal form', async () => {
    const pairs = [
      ['zoë@example.com', 'ZOE\u0308@example.com', true],
      ['\u00a0ann@ex.com\ufeff', 'Ann@ex.com', true],
      ['strasse@ex.com', 'straße@ex.com', false],
      ['ıpek@ex.com', 'ipek@ex.com', false],
      ['i̇pek@ex.com', 'İPEK@ex.com', true],
      ['a\u200bnn@ex.com', 'ann@ex.com', false],
      ['раypal@ex.com', 'paypal@ex.com', false],
    ] as const;
    for (const [subscriber, purchase, isMatch] of pairs) {
      const { table } = await joined(
        `INSERT INTO Subscribers VALUES (20, 'a', '${subscriber}', 1, '2020-01-01', NULL);
         INSERT INTO Transactions VALUES (3, '2020-01-01', 'a', '${purchase}', 'US', 1)`,
      );
      expect([subscriber, table.madePurchase[3] === 1]).toEqual([subscriber, isMatch]);
    }
  });

  it('joins an empty list', async () => {
    const { table, report } = await joined(
      'DELETE FROM Subscribers; DELETE FROM Tags; DELETE FROM Transactions',
    );
    expect(table).toMatchObject({
      nRows: 0,
      userEmail: [],
      countryCodes: [],
      tagColumns: [],
      tagIndicators: [],
    });
    expect(report).toMatchObject({ nSubscribers: 0, nBuyers: 0, nTransactionsUnmatched: 0 });
  });

  it('gives a tag that no subscriber holds a column of its own', async () => {
    const { table } = await joined("INSERT INTO Tags VALUES (77, 'Only Strangers')");
    expect(table.tagColumns).toEqual(['tag_learning_lab', 'tag_only_strangers', 'tag_webinar']);
    expect(table.tagIndicators[1]).toEqual(Uint8Array.of(0, 0, 0));
  });

  it('refuses more tags than columns can be made of', async () => {
    const many = (n: number) =>
      `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r LIMIT ${n}) INSERT INTO Tags SELECT 3, 'tag ' || i FROM r`;
    expect((await joined(many(MAX_TAGS - 2))).table.tagColumns).toHaveLength(MAX_TAGS);
    expect(await joinOf(many(MAX_TAGS - 1))).toMatchObject({
      ok: false,
      error: {
        code: 'too_many_tags',
        message: expect.stringContaining('Table Tags holds 1001 different tags'),
      },
    });
  });

  it('refuses more countries than an index can hold', async () => {
    const result = await joinOf(
      `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r LIMIT 40000)
       INSERT INTO Subscribers SELECT i + 100, 'a', 'p' || i || '@x.io', 1, '2020-01-01', 'c' || i FROM r`,
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'too_many_countries' } });
  });
});

import { describe, expect, it } from 'vitest';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { databaseBytes, loadSqlJs, TINY_CRM_SQL } from '@/lib/testing/sqlite';
import { validate } from './run-suites';
import { validationResultsSchema } from './suite-result';

/** The tiny CRM, its rows that warn taken away. */
const CLEAN_SQL = `${TINY_CRM_SQL}
  DELETE FROM Tags WHERE mailchimp_id = 77; DELETE FROM Transactions WHERE transaction_id = 2;
  UPDATE Subscribers SET country_code = lower(country_code); UPDATE Subscribers SET country_code = 'uk' WHERE country_code IS NULL;
  UPDATE Subscribers SET user_email = 'cem@other.example' WHERE mailchimp_id = 9;`;

async function inputOf(statements: string) {
  const opened = openCrm(await loadSqlJs(), await databaseBytes(statements));
  if (!opened.ok) throw new Error(opened.error.message);
  const raw = readCrm(opened.value);
  closeCrm(opened.value);
  if (!raw.ok) throw new Error(raw.error.message);
  const joined = joinSubscribers(raw.value);
  if (!joined.ok) throw new Error(joined.error.message);
  return { raw: raw.value, ...joined.value, newestDay: 20_000 };
}

/** The clean CRM with columns of no declared type, so that anything can be stored, then changed. */
async function gateAfter(change: string) {
  const untyped = ['Subscribers', 'Tags', 'Transactions']
    .map(
      (name) =>
        `CREATE TABLE t AS SELECT * FROM ${name}; DROP TABLE ${name}; ALTER TABLE t RENAME TO ${name};`,
    )
    .join('')
    .replaceAll(
      'CREATE TABLE t AS SELECT * FROM Subscribers',
      'CREATE TABLE t (mailchimp_id, user_full_name, user_email, member_rating, optin_time, country_code); INSERT INTO t SELECT * FROM Subscribers',
    )
    .replaceAll(
      'CREATE TABLE t AS SELECT * FROM Tags',
      'CREATE TABLE t (mailchimp_id, tag); INSERT INTO t SELECT * FROM Tags',
    )
    .replaceAll(
      'CREATE TABLE t AS SELECT * FROM Transactions',
      'CREATE TABLE t (transaction_id, purchased_at, user_full_name, user_email, charge_country, product_id); INSERT INTO t SELECT * FROM Transactions',
    );
  return validate(await inputOf(`${CLEAN_SQL} ${untyped} ${change}`)).gate;
}

describe('validate', () => {
  it('shuts the gate when a tag holds an e-mail address, without repeating it', async () => {
    const gate = await gateAfter(`UPDATE Tags SET tag = 'friend of ada@example.com' WHERE rowid = 1;`);
    expect(gate.open).toBe(false);
    expect(gate.reasons[0]).toMatch(
      /^Tags\.tag: 1 of \d+ values are not free of e-mail addresses; a tag becomes the name of a feature, the first in row 1\.$/,
    );
  });

  it('opens the gate for a clean CRM', async () => {
    const { gate, suites } = validate(await inputOf(CLEAN_SQL));
    expect(gate).toEqual({ open: true, n_critical: 0, n_warning: 0, n_info: 0, reasons: [] });
    expect(
      suites.map(({ suite_name, success, statistics }) => [suite_name, success, statistics.success_percent]),
    ).toEqual([
      ['subscribers', true, 100],
      ['tags', true, 100],
      ['transactions', true, 100],
      ['subscribers_joined', true, 100],
      ['business_rules', true, 100],
    ]);
  });

  it('gives results that the schema accepts and that do not change from run to run', async () => {
    const input = await inputOf(TINY_CRM_SQL);
    const json = JSON.stringify(validate(input));
    expect(validationResultsSchema.parse(JSON.parse(json))).toEqual(validate(input));
    expect(JSON.stringify(validate(await inputOf(TINY_CRM_SQL)))).toBe(json);
  });

  it('lets warnings and notes through, in this order', async () => {
    const { gate } = validate(await inputOf(TINY_CRM_SQL));
    expect(gate).toEqual({
      open: true,
      n_critical: 0,
      n_warning: 3,
      n_info: 1,
      reasons: [
        'Subscribers.country_code: 1 of 1 codes are written in more than one case; they are folded to lower case.',
        'Tags.mailchimp_id: 1 of 4 rows of Tags belong to no row of Subscribers and are left out.',
        'Transactions.user_email: 1 of 2 rows of Transactions belong to no row of Subscribers and are left out.',
        'subscribers_joined.country_code: 1 of 3 values are missing, the first in row 3.',
      ],
    });
  });

  it.each([
    [
      'UPDATE Subscribers SET mailchimp_id = 3 WHERE mailchimp_id = 4',
      'Subscribers.mailchimp_id: 2 of 3 values occur more than once, the first in row 1.',
    ],
    [
      "UPDATE Subscribers SET mailchimp_id = '3' WHERE mailchimp_id = 4",
      'Subscribers.mailchimp_id: 2 of 3 values occur more than once, the first in row 1.',
    ],
    [
      'UPDATE Subscribers SET mailchimp_id = NULL WHERE mailchimp_id = 4',
      'Subscribers.mailchimp_id: 1 of 3 values are missing, the first in row 2.',
    ],
    [
      "UPDATE Subscribers SET mailchimp_id = 'abc' WHERE mailchimp_id = 4",
      'Subscribers.mailchimp_id: 1 of 3 values are not whole numbers, the first in row 2.',
    ],
    [
      'UPDATE Subscribers SET mailchimp_id = 9007199254740993 WHERE mailchimp_id = 4',
      'Subscribers.mailchimp_id: 1 of 3 values are not between -9,007,199,254,740,991 and 9,007,199,254,740,991, the first in row 2.',
    ],
    [
      "UPDATE Subscribers SET mailchimp_id = x'01' WHERE mailchimp_id = 4",
      'Subscribers.mailchimp_id: 1 of 3 values are blobs and read as missing.',
    ],
    [
      'UPDATE Subscribers SET user_email = NULL WHERE mailchimp_id = 3',
      'Subscribers.user_email: 1 of 3 values are missing, the first in row 1.',
    ],
    [
      "UPDATE Subscribers SET user_email = '  ' WHERE mailchimp_id = 3",
      'Subscribers.user_email: 1 of 3 values are missing, the first in row 1.',
    ],
    [
      "UPDATE Subscribers SET user_email = 'ann(at)example.com' WHERE mailchimp_id = 3",
      'Subscribers.user_email: 1 of 3 values are not well-formed e-mail addresses, the first in row 1.',
    ],
    [
      'UPDATE Subscribers SET member_rating = 6 WHERE mailchimp_id = 9',
      'Subscribers.member_rating: 1 of 3 values are not between 1 and 5, for example 6 in row 3.',
    ],
    [
      'UPDATE Subscribers SET member_rating = 0 WHERE mailchimp_id = 9',
      'Subscribers.member_rating: 1 of 3 values are not between 1 and 5, for example 0 in row 3.',
    ],
    [
      'UPDATE Subscribers SET member_rating = 2.5 WHERE mailchimp_id = 9',
      'Subscribers.member_rating: 1 of 3 values are not whole numbers, for example 2.5 in row 3.',
    ],
    [
      "UPDATE Subscribers SET member_rating = 'five' WHERE mailchimp_id = 9",
      'Subscribers.member_rating: 1 of 3 values are not whole numbers, for example "five" in row 3.',
    ],
    [
      "UPDATE Subscribers SET optin_time = '31/12/2020' WHERE mailchimp_id = 9",
      'Subscribers.optin_time: 1 of 3 values are not dates as YYYY-MM-DD, for example "31/12/2020" in row 3.',
    ],
    [
      "UPDATE Subscribers SET optin_time = '2023-02-29' WHERE mailchimp_id = 9",
      'Subscribers.optin_time: 1 of 3 values are not dates as YYYY-MM-DD, for example "2023-02-29" in row 3.',
    ],
    [
      "UPDATE Subscribers SET country_code = 'USA' WHERE mailchimp_id = 9",
      'subscribers_joined.country_code: 1 of 3 values are not two letters, for example "usa" in row 3.',
    ],
    [
      "UPDATE Subscribers SET country_code = 'xx' WHERE mailchimp_id = 9",
      'subscribers_joined.country_code: 1 of 3 values are not known country codes, for example "xx" in row 3.',
    ],
    [
      'UPDATE Subscribers SET country_code = 44 WHERE mailchimp_id = 9',
      'Subscribers.country_code: 1 of 3 values are not texts, for example 44 in row 3.',
    ],
    [
      "UPDATE Transactions SET purchased_at = 'yesterday'",
      'Transactions.purchased_at: 1 of 1 values are not dates as YYYY-MM-DD, for example "yesterday" in row 1.',
    ],
    [
      'UPDATE Transactions SET user_email = NULL',
      'Transactions.user_email: 1 of 1 values are missing, the first in row 1.',
    ],
    [
      'UPDATE Tags SET tag = NULL WHERE mailchimp_id = 9',
      'Tags.tag: 1 of 3 values are missing, the first in row 3.',
    ],
    [
      'DELETE FROM Transactions',
      'subscribers_joined.made_purchase: the conversion is 0 %, expected between 1 % and 50 %.',
    ],
    [
      "INSERT INTO Transactions SELECT mailchimp_id, '2020-01-01', '', user_email, 'US', 1 FROM Subscribers",
      'subscribers_joined.made_purchase: the conversion is 100 %, expected between 1 % and 50 %.',
    ],
    ['DELETE FROM Subscribers', 'Subscribers: 0 rows, expected at least 1.'],
    [
      'ALTER TABLE Tags RENAME COLUMN tag TO t2; ALTER TABLE Tags RENAME COLUMN mailchimp_id TO tag; ALTER TABLE Tags RENAME COLUMN t2 TO mailchimp_id; UPDATE Tags SET tag = mailchimp_id, mailchimp_id = tag',
      'Tags: the columns are tag, mailchimp_id, not mailchimp_id, tag in this order.',
    ],
  ])('shuts the gate after %s', async (change, reason) => {
    const gate = await gateAfter(change);
    expect(gate).toMatchObject({ open: false, reasons: expect.arrayContaining([reason]) });
    expect(gate.reasons.indexOf(reason)).toBeLessThan(gate.n_critical);
  });

  it.each([
    [
      "UPDATE Subscribers SET user_email = 'ANN@example.com ' WHERE mailchimp_id = 9",
      'Subscribers.user_email: 2 of 3 values occur more than once, the first in row 1.',
    ],
    [
      "UPDATE Subscribers SET country_code = 'US' WHERE mailchimp_id = 4",
      'Subscribers.country_code: 1 of 2 codes are written in more than one case; they are folded to lower case.',
    ],
    [
      'UPDATE Subscribers SET country_code = NULL WHERE mailchimp_id = 4',
      'subscribers_joined.country_code: 1 of 3 values are missing, the first in row 2.',
    ],
    [
      'UPDATE Subscribers SET member_rating = NULL WHERE mailchimp_id = 4',
      'Subscribers.member_rating: 1 of 3 values are missing, the first in row 2.',
    ],
    [
      'UPDATE Subscribers SET optin_time = NULL WHERE mailchimp_id = 4',
      'Subscribers.optin_time: 1 of 3 values are missing, the first in row 2.',
    ],
    [
      "INSERT INTO Transactions VALUES (5, '2020-01-01', '', 'not an address', 'US', 1)",
      'Transactions.user_email: 1 of 2 values are not well-formed e-mail addresses, the first in row 2.',
    ],
    [
      "INSERT INTO Tags VALUES (3, 'Webinar')",
      'Tags: 2 of 4 rows share their mailchimp_id, tag with another row.',
    ],
    [
      "UPDATE Subscribers SET optin_time = '2024-10-05' WHERE mailchimp_id = 4",
      'Subscribers.optin_time: 1 of 3 values are not at most 2024-10-04, for example "2024-10-05" in row 2.',
    ],
    [
      "UPDATE Transactions SET purchased_at = '2030-01-01'",
      'Transactions.purchased_at: 1 of 1 values are not at most 2024-10-04, for example "2030-01-01" in row 1.',
    ],
    [
      "UPDATE Transactions SET purchased_at = '2019-05-31'",
      'Transactions.purchased_at: 1 of 1 days come before Subscribers.optin_time.',
    ],
    ['DELETE FROM Tags', 'Tags: 0 rows, expected at least 1.'],
    [
      'ALTER TABLE Subscribers ADD COLUMN phone',
      'Subscribers: the columns phone are not part of the design and are left out.',
    ],
  ])('only notes %s', async (change, reason) => {
    expect(await gateAfter(change)).toMatchObject({
      open: true,
      n_critical: 0,
      reasons: expect.arrayContaining([reason]),
    });
  });

  it('accepts texts that cast, dates with a time, uk, and every case', async () => {
    const gate = await gateAfter(
      `UPDATE Subscribers SET mailchimp_id = CAST(mailchimp_id AS TEXT), member_rating = CAST(member_rating AS TEXT), optin_time = optin_time || 'T10:00:00Z',
       country_code = upper(country_code), user_email = ' ' || user_email`,
    );
    expect(gate).toEqual({ open: true, n_critical: 0, n_warning: 0, n_info: 0, reasons: [] });
  });

  it('tells no name, address or id in a reason', async () => {
    const { reasons } = await gateAfter(
      "UPDATE Subscribers SET mailchimp_id = 33, user_email = 'secret person', user_full_name = 5, member_rating = 9; INSERT INTO Transactions VALUES (1, '', 'S P', 'secret two', '', 'x')",
    );
    expect(reasons.length).toBeGreaterThan(5);
    for (const reason of reasons) expect(reason).not.toMatch(/secret|33\b/);
  });
});

describe('the e-mail pattern', () => {
  const regex = (suites: ReturnType<typeof validate>['suites']) =>
    suites[0]?.results.find(
      ({ expectation_config: { type, kwargs } }) =>
        type === 'expect_column_values_to_match_regex' && kwargs.column === 'user_email',
    )?.expectation_config.kwargs.regex;

  it('accepts addresses and refuses what is none, in linear time', async () => {
    const pattern = new RegExp(String(regex(validate(await inputOf(CLEAN_SQL)).suites)), 'u');
    const good = [
      'a@b.io',
      "o'neil+tag@mail.example.co.uk",
      'zoë@exämple.de',
      '用户@例子.中国',
      `${'a'.repeat(64)}@example.com`,
    ];
    const bad = [
      '',
      'a',
      'a@b',
      '@b.io',
      'a@',
      'a b@c.io',
      'a@b..io',
      'a@.io',
      'a@b.i',
      'a@b@c.io',
      '<a@b.io>',
      'a@b.io,c@d.io',
      `${'a'.repeat(65)}@example.com`,
      `a@${'b.'.repeat(130)}io`,
      'a@b.io\n',
      'a\u0000@b.io',
      '"a"@b.io',
    ];
    expect(good.filter((address) => !pattern.test(address))).toEqual([]);
    expect(bad.filter((address) => pattern.test(address))).toEqual([]);
    const started = performance.now();
    for (const hostile of ['a'.repeat(1e6), `a@${'b.'.repeat(5e5)}`, '@'.repeat(1e6), '.'.repeat(1e6)])
      expect(pattern.test(hostile)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

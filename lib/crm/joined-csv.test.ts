import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { loadSqlJs, TINY_CRM_SQL } from '@/lib/testing/sqlite';
import { joinSubscribers } from './join';
import { joinedCsvChunks, joinedTexts } from './joined-csv';
import { closeCrm, openCrm } from './open-crm';
import { parseJoinedCsv } from './parse-joined-csv';
import { readCrm } from './read-crm';

const TWO_ROWS: readonly SubscriberRow[] = [
  {
    id: 7,
    name: 'Lee, Ann',
    email: 'ann@example.com',
    rating: 5,
    optin: '2020-01-31',
    country: 'uk',
    tags: ['tag_a'],
  },
  { id: -1, name: '=HYPERLINK("x")', email: '@home', tags: ['tag_a', 'tag_b'], bought: true },
];

const CSV = [
  'mailchimp_id,user_full_name,user_email,member_rating,optin_time,country_code,tag_count,made_purchase,tag_a,tag_b',
  '7,"Lee, Ann",ann@example.com,5,2020-01-31,uk,1,0,1,0',
  `-1,"'=HYPERLINK(""x"")","'@home",,,,2,1,1,1`,
  '',
].join('\r\n');

const csvOf = (rows: readonly SubscriberRow[]) => [...joinedCsvChunks(joinedTableOf(rows))].join('');

describe('joinedCsvChunks', () => {
  it('writes the columns of the design, then the tags, safe for a spreadsheet', () => {
    expect(csvOf(TWO_ROWS)).toBe(CSV);
  });

  it('writes the header of an empty table', () => {
    expect(csvOf([])).toBe(`${CSV.slice(0, CSV.indexOf(',tag_a'))}\r\n`);
  });
});

describe('joinedTexts', () => {
  it('gives a row as texts, empty where missing', () => {
    expect(joinedTexts(joinedTableOf(TWO_ROWS), 1)).toEqual([
      '-1',
      '=HYPERLINK("x")',
      '@home',
      '',
      '',
      '',
      '2',
      '1',
      '1',
      '1',
    ]);
  });
});

describe('parseJoinedCsv', () => {
  it('reads back exactly what was written', () => {
    expect(parseJoinedCsv(CSV)).toEqual({ ok: true, value: joinedTableOf(TWO_ROWS) });
    expect(parseJoinedCsv(csvOf([]))).toEqual({ ok: true, value: joinedTableOf([]) });
  });

  it('reads text cut anywhere', () => {
    for (let cut = 0; cut <= CSV.length; cut++) {
      expect(parseJoinedCsv([CSV.slice(0, cut), '', CSV.slice(cut)])).toEqual({
        ok: true,
        value: joinedTableOf(TWO_ROWS),
      });
    }
    expect(parseJoinedCsv([...CSV])).toEqual({ ok: true, value: joinedTableOf(TWO_ROWS) });
  });

  it('gives any table back', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          '=',
          '-',
          "'",
          '"',
          ',',
          '\r',
          '\n',
          '\t',
          ' ',
          '\0',
          '\ufeff',
          'a',
          '＝',
          '\u202e',
        ),
      }),
    );
    const row = fc.record({
      id: fc.oneof(fc.maxSafeInteger(), fc.constant(Number.NaN)),
      name: text,
      email: text,
      rating: fc.oneof(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(1e-7, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
      ),
      country: text.filter((code) => code !== ''),
      tags: fc.subarray(['tag_a', 'tag_b', 'tag_名']),
      bought: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const table = joinedTableOf(rows, ['tag_z']);
        expect(parseJoinedCsv(joinedCsvChunks(table))).toEqual({ ok: true, value: table });
      }),
    );
  });

  it.each([
    [
      'a missing column',
      CSV.replace('user_email,', ''),
      'row 1: column 3 should be user_email, but is member_rating',
    ],
    ['an empty text', '', 'row 1: column 1 should be mailchimp_id, but is missing'],
    ['a stray column', CSV.replace('tag_b', 'b'), 'row 1: column b is no tag indicator'],
    ['a column twice', CSV.replace('tag_b', 'tag_a'), 'row 1: a column is named twice'],
    ['a short row', CSV.replace('uk,', ''), 'row 2: 9 cells, expected 10'],
    ['a cut file', CSV.slice(0, -1), 'row 3: the text breaks off'],
    ['a quote left open', CSV.replace('Ann"', 'Ann'), 'row 2: the text breaks off'],
    [
      'a changed id',
      CSV.replace('\n7,', '\n7.0,'),
      'row 2: column mailchimp_id holds no value that was written there',
    ],
    [
      'a rating in words',
      CSV.replace('com,5', 'com,five'),
      'row 2: column member_rating holds no value that was written there',
    ],
    [
      'a local date',
      CSV.replace('2020-01-31', '31.1.2020'),
      'row 2: column optin_time holds no value that was written there',
    ],
    [
      'a negative count',
      CSV.replace('uk,1', 'uk,-1'),
      'row 2: column tag_count holds no value that was written there',
    ],
    [
      'a label in words',
      CSV.replace('uk,1,0', 'uk,1,no'),
      'row 2: column made_purchase holds no value that was written there',
    ],
    [
      'an indicator of 2',
      CSV.replace('2,1,1,1', '2,1,1,2'),
      'row 3: column tag_b holds no value that was written there',
    ],
  ])('refuses %s', (_, csv, what) => {
    expect(parseJoinedCsv(csv)).toEqual({
      ok: false,
      error: {
        code: 'bad_joined_csv',
        message: `subscribers_joined.csv cannot be used: ${what}.`,
        hint: 'Run the ingest stage again to write it anew.',
      },
    });
  });
});

describe('from the file to the CSV and back', () => {
  it('keeps any text byte for byte, apart from blanks at its ends', async () => {
    const { Database } = await loadSqlJs();
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(texts, (names) => {
        const database = new Database();
        database.exec(TINY_CRM_SQL);
        names.forEach((name, i) => {
          database.run('INSERT INTO Subscribers VALUES (?, ?, ?, 3, NULL, NULL)', [100 + i, name, name]);
        });
        const opened = openCrm({ Database }, database.export());
        database.close();
        if (!opened.ok) throw new Error(opened.error.message);
        const raw = readCrm(opened.value);
        closeCrm(opened.value);
        const joined = raw.ok ? joinSubscribers(raw.value) : raw;
        if (!joined.ok) throw new Error(joined.error.message);
        const { table } = joined.value;
        expect(table.userFullName.slice(3)).toEqual(names.map((name) => name.trim()));
        expect(parseJoinedCsv(joinedCsvChunks(table))).toEqual({ ok: true, value: table });
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

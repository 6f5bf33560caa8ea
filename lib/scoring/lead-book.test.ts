import { describe, expect, it } from 'vitest';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { createLeadBook, type LeadBook } from './lead-book';
import { type LeadQuery, MISSING_COUNTRY } from './lead-query';

const ALL: LeadQuery = {
  sortBy: 'score',
  descending: true,
  search: '',
  tiers: [],
  countryCode: '',
  buyers: 'all',
  contact: 'all',
};

const table = joinedTableOf([
  {
    id: 10,
    name: 'Zed',
    email: 'Zed@example.com',
    rating: 2,
    optin: '2020-01-03',
    country: 'us',
    tagCount: 1,
  },
  {
    id: 11,
    name: 'amy',
    email: 'amy@example.com',
    rating: 5,
    optin: '2020-01-01',
    country: 'de',
    tagCount: 9,
    bought: true,
  },
  { id: 12, name: 'Bob', email: 'bob@example.com', optin: '2020-01-02', tagCount: 0 },
  { id: 13, name: 'Cid', email: 'cid@example.com', rating: 3, country: 'us', tagCount: 4, bought: true },
]);

const scored = {
  table,
  split: Uint8Array.of(0, 2, 1, 2),
  probabilities: Float32Array.of(0.25, 0.5, 0.5, 0.75),
  margins: Float32Array.of(-1, 0, 0, 1),
  nativeTestMargins: Float32Array.of(0, 1),
  cutoffs: { A: 0.75, B: 0.5, C: 0.25 },
  topReasons: (rows: ArrayLike<number>, nReasons: number) =>
    Array.from(rows, (row) => [`For: reason of ${row}`, 'Against: another'].slice(0, nReasons)),
};

function bookOf(input: Parameters<typeof createLeadBook>[0] = scored) {
  const made = createLeadBook(input);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const idsOf = (book: LeadBook, change: Partial<LeadQuery>) => {
  const { nLeads } = book.query({ ...ALL, ...change });
  const ids = book.rows(0, 10).map((row) => row.mailchimp_id);
  expect(ids.length).toBe(nLeads);
  return ids;
};

describe('createLeadBook', () => {
  it('counts tiers over all leads and over the test rows', () => {
    expect(bookOf().summary).toEqual({
      nScored: 4,
      nTestRowsCompared: 2,
      largestMarginDifference: 0,
      tiers: [
        { tier: 'A', lowestScore: 0.75, nLeads: 1, nBuyers: 1, nTestLeads: 1, nTestBuyers: 1 },
        { tier: 'B', lowestScore: 0.5, nLeads: 2, nBuyers: 1, nTestLeads: 1, nTestBuyers: 1 },
        { tier: 'C', lowestScore: 0.25, nLeads: 1, nBuyers: 0, nTestLeads: 0, nTestBuyers: 0 },
        { tier: 'D', lowestScore: 0, nLeads: 0, nBuyers: 0, nTestLeads: 0, nTestBuyers: 0 },
      ],
    });
  });

  it('refuses scores whose margins are not libxgboost’s', () => {
    const made = createLeadBook({ ...scored, nativeTestMargins: Float32Array.of(0, 1.5) });
    expect(made).toMatchObject({ ok: false, error: { code: 'onnx_mismatch' } });
  });

  it('lists best first before any query, ties by margin, then in the order of the file', () => {
    expect(
      bookOf()
        .book.rows(0, 10)
        .map((row) => row.mailchimp_id),
    ).toEqual([13, 11, 12, 10]);
  });

  it('gives a page of rows, cut at the end', () => {
    expect(bookOf().book.rows(3, 99)).toEqual([
      {
        row: 0,
        mailchimp_id: 10,
        user_full_name: 'Zed',
        user_email: 'Zed@example.com',
        score: 0.25,
        percentile: 12.5,
        tier: 'C',
        member_rating: 2,
        country_code: 'us',
        optin_time: '2020-01-03',
        tag_count: 1,
        made_purchase: 0,
        reason_1: 'For: reason of 0',
      },
    ]);
    expect(bookOf().book.rows(9, 12)).toEqual([]);
  });

  it.each<[Partial<LeadQuery>, number[]]>([
    [{ descending: false }, [10, 12, 11, 13]],
    [{ sortBy: 'user_full_name', descending: false }, [11, 12, 13, 10]],
    [{ sortBy: 'user_email', descending: true }, [10, 13, 12, 11]],
    [{ sortBy: 'mailchimp_id', descending: false }, [10, 11, 12, 13]],
    [{ sortBy: 'tag_count', descending: true }, [11, 13, 10, 12]],
    // Missing values come last, whichever way.
    [{ sortBy: 'member_rating', descending: true }, [11, 13, 10, 12]],
    [{ sortBy: 'member_rating', descending: false }, [10, 13, 11, 12]],
    [{ sortBy: 'country_code', descending: false }, [11, 13, 10, 12]],
    [{ sortBy: 'optin_time', descending: false }, [11, 12, 10, 13]],
    [{ sortBy: 'optin_time', descending: true }, [10, 12, 11, 13]],
  ])('sorts by %o', (change, ids) => {
    expect(idsOf(bookOf().book, change)).toEqual(ids);
  });

  it.each<[Partial<LeadQuery>, number[]]>([
    [{ search: ' ZED ' }, [10]],
    [{ search: 'bob@' }, [12]],
    [{ search: '13' }, [13]],
    [{ search: 'nobody' }, []],
    [{ tiers: ['A', 'C'] }, [13, 10]],
    [{ countryCode: 'us' }, [13, 10]],
    [{ countryCode: MISSING_COUNTRY }, [12]],
    [{ buyers: 'buyers' }, [13, 11]],
    [{ buyers: 'not_yet', tiers: ['B'] }, [12]],
  ])('filters by %o', (change, ids) => {
    expect(idsOf(bookOf().book, change)).toEqual(ids);
  });

  it('writes all leads by score, or the chosen ones in their order', () => {
    const { book } = bookOf();
    book.query({ ...ALL, countryCode: 'us', descending: false });
    const idsIn = (chunks: Iterable<string>) =>
      [...chunks]
        .join('')
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => Number(line.split(',')[0]));
    expect(idsIn(book.csv('all'))).toEqual([13, 11, 12, 10]);
    expect(idsIn(book.csv('query'))).toEqual([10, 13]);
  });
});

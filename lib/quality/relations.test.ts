import { describe, expect, it } from 'vitest';
import { joinSubscribers } from '@/lib/crm/join';
import type { RawColumn, RawCrm, RawValue } from '@/lib/crm/raw-crm';
import { rawCrmOf } from '@/lib/testing/raw-crm-of';
import { purchasesBeforeOptin, subscribersBehind } from './relations';
import { failingRowsOf, validate } from './run-suites';

const column = (values: readonly RawValue[]): RawColumn => ({
  kind: 'plain',
  values,
  nBlobs: 0,
  nBigIntegers: 0,
});

const RAW: RawCrm = {
  subscribers: {
    name: 'Subscribers',
    nRows: 4,
    fileColumns: [
      'mailchimp_id',
      'user_full_name',
      'user_email',
      'member_rating',
      'optin_time',
      'country_code',
    ],
    columns: {
      mailchimp_id: column([1, 2, 3, 4]),
      user_full_name: column(['A', 'B', 'C', 'D']),
      user_email: column(['a@x.example', 'b@x.example', 'B@x.example', 'd@x.example']),
      member_rating: column([1, 6, 2, null]),
      optin_time: column(['2020-01-01', '2020-01-02', '2020-01-03', '2020-01-04']),
      country_code: column(['US', 'us', null, 'de']),
    },
  },
  tags: {
    name: 'Tags',
    nRows: 5,
    fileColumns: ['mailchimp_id', 'tag'],
    columns: { mailchimp_id: column([1, 9, 1, 2, 2]), tag: column(['a', 'a', 'a', 'b', '']) },
  },
  transactions: {
    name: 'Transactions',
    nRows: 3,
    fileColumns: [
      'transaction_id',
      'purchased_at',
      'user_full_name',
      'user_email',
      'charge_country',
      'product_id',
    ],
    columns: {
      transaction_id: column([1, 2, 3]),
      purchased_at: column(['2020-02-01', '2020-02-01', '2020-02-01']),
      user_full_name: column(['A', 'N', 'B']),
      user_email: column(['A@x.example', 'nobody@x.example', 'b@x.example']),
      charge_country: column(['US', 'US', 'US']),
      product_id: column([1, 1, 1]),
    },
  },
};
const joined = joinSubscribers(RAW);
if (!joined.ok) throw new Error(joined.error.message);
const INPUT = { raw: RAW, ...joined.value, newestDay: 20_000 };

describe('failingRowsOf', () => {
  const results = validate(INPUT);
  const found = results.suites.flatMap(({ suite_name: suite, results: judged }) =>
    judged.flatMap(({ success, expectation_config: { type, kwargs } }, index) => {
      const failing = success ? null : failingRowsOf(INPUT, { suite, index });
      return failing === null ? [] : [[suite, type, kwargs.column ?? kwargs.column_list, [...failing.rows]]];
    }),
  );

  it('lists the rows of every check that failed, also where they are only counted', () => {
    expect(found).toEqual([
      ['subscribers', 'expect_column_values_to_be_unique', 'user_email', [1, 2]],
      ['subscribers', 'expect_column_values_to_not_be_null', 'member_rating', [3]],
      ['subscribers', 'expect_column_values_to_be_between', 'member_rating', [1]],
      ['subscribers', 'expect_column_values_to_be_spelled_in_one_case', 'country_code', [0, 1]],
      ['tags', 'expect_column_values_to_not_be_null', 'tag', [4]],
      ['tags', 'expect_column_values_to_exist_in_other_table', 'mailchimp_id', [1]],
      ['tags', 'expect_compound_columns_to_be_unique', ['mailchimp_id', 'tag'], [0, 2]],
      ['transactions', 'expect_column_values_to_exist_in_other_table', 'user_email', [1]],
      ['subscribers_joined', 'expect_column_values_to_not_be_null', 'country_code', [2]],
    ]);
  });

  it('lists as many as are counted', () => {
    for (const { suite_name: suite, results: judged } of results.suites) {
      for (const [index, { success, result }] of judged.entries()) {
        const failing = success ? null : failingRowsOf(INPUT, { suite, index });
        // Codes are counted there, and rows listed.
        const isOfCodes = judged[index]?.expectation_config.type.endsWith('spelled_in_one_case');
        if (failing !== null && !isOfCodes) expect(failing.rows.length).toBe(result.unexpected_count);
      }
    }
  });

  it('has none for what is about no single row, and throws where there is no check', () => {
    expect(failingRowsOf(INPUT, { suite: 'business_rules', index: 2 })).toBeNull();
    expect(() => failingRowsOf(INPUT, { suite: 'business_rules', index: 99 })).toThrow();
  });
});

describe('subscribersBehind', () => {
  const behind = (table: string, rows: number[]) => [
    ...subscribersBehind(RAW, table, Uint32Array.from(rows)),
  ];

  it('follows ids and e-mail addresses', () => {
    expect(behind('Subscribers', [1, 3])).toEqual([1, 3]);
    expect(behind('subscribers_joined', [0])).toEqual([0]);
    expect(behind('Tags', [0, 1, 2, 3])).toEqual([0, 1]);
    expect(behind('Transactions', [0, 1, 2])).toEqual([0, 1, 2]);
    expect(behind('Transactions', [1])).toEqual([]);
  });
});

describe('purchasesBeforeOptin', () => {
  it('compares days with the earliest opt-in of the address, where both are known', () => {
    const raw = rawCrmOf({
      subscribers: [
        [1, 'A', ' Ann@x.io', 3, '2020-05-02', 'us'],
        [2, 'A', 'ann@x.io', 3, '2020-03-01T08:00:00Z', 'us'],
        [3, 'B', 'bob@x.io', 3, null, 'us'],
        [4, 'C', null, 3, '2020-01-01', 'us'],
      ],
      tags: [],
      transactions: [
        [1, '2020-02-29', 'A', 'ANN@x.io', 'US', 7],
        [2, '2020-03-01', 'A', 'ann@x.io', 'US', 7],
        [3, 'soon', 'A', 'ann@x.io', 'US', 7],
        [4, '1999-01-01', 'B', 'bob@x.io', 'US', 7],
        [5, '1999-01-01', 'N', 'nobody@x.io', 'US', 7],
        [6, '1999-01-01', 'N', null, 'US', 7],
      ],
    });
    expect(purchasesBeforeOptin(raw)).toEqual({ nCompared: 2, early: Uint32Array.of(0) });
  });
});

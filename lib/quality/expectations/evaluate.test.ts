import { describe, expect, it } from 'vitest';
import { batchOf } from '@/lib/testing/batch-of';
import { codedColumn, numericColumn } from './batch';
import { expectationResult } from './evaluate';
import type { Expectation } from './expectation';

const judge = expectationResult;
const critical = 'critical' as const;

describe('expectationResult', () => {
  it('has the shape of a Great Expectations 1.x result', () => {
    const between: Expectation = {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'a', min_value: 1, max_value: 5 },
      severity: critical,
    };
    expect(judge(between, batchOf({ a: [0, 3, 6, 6, null] }))).toEqual({
      success: false,
      expectation_config: {
        type: 'expect_column_values_to_be_between',
        kwargs: { column: 'a', min_value: 1, max_value: 5, batch_id: 'leadbench-T' },
        meta: {},
        severity: 'critical',
      },
      result: {
        element_count: 5,
        unexpected_count: 3,
        unexpected_percent: 75,
        partial_unexpected_list: [0, 6, 6],
        missing_count: 1,
        missing_percent: 20,
        unexpected_percent_total: 60,
        unexpected_percent_nonmissing: 75,
        partial_unexpected_counts: [
          { value: 6, count: 2 },
          { value: 0, count: 1 },
        ],
        partial_unexpected_index_list: [0, 2, 3],
      },
      meta: {},
      exception_info: { raised_exception: false, exception_traceback: null, exception_message: null },
    });
  });

  it('leaves the missing_ keys out where nulls are the subject', () => {
    const present: Expectation = {
      type: 'expect_column_values_to_not_be_null',
      kwargs: { column: 'a' },
      severity: critical,
    };
    expect(judge(present, batchOf({ a: [1, null, ' ', 'x'] })).result).toEqual({
      element_count: 4,
      unexpected_count: 2,
      unexpected_percent: 50,
      partial_unexpected_list: [null, null],
      partial_unexpected_counts: [{ value: null, count: 2 }],
      partial_unexpected_index_list: [1, 2],
    });
  });

  it('fails with exception_info where it cannot run', () => {
    const other: Expectation = {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'b' },
      severity: 'info',
    };
    expect(judge(other, batchOf({ a: [1] }))).toMatchObject({
      success: false,
      result: {},
      exception_info: {
        raised_exception: true,
        exception_traceback: null,
        exception_message: 'table T has no column b',
      },
    });
  });

  it('judges mostly on the cells that are there, and passes a column without any', () => {
    const rating = (mostly: number): Expectation => ({
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'a', max_value: 5, mostly },
      severity: critical,
    });
    const batch = batchOf({ a: [1, 2, 3, 9, null, null, null, null] });
    expect([0.75, 0.76].map((mostly) => judge(rating(mostly), batch).success)).toEqual([true, false]);
    const allMissing = judge(rating(1), batchOf({ a: [null, null] }));
    expect(allMissing).toMatchObject({
      success: true,
      result: { unexpected_percent: null, missing_percent: 100 },
    });
    expect(judge(rating(1), batchOf({ a: [] }))).toMatchObject({
      success: true,
      result: { missing_percent: null },
    });
  });

  it('gives the same result for coded, numeric and plain columns', () => {
    const inSet: Expectation = {
      type: 'expect_column_values_to_be_in_set',
      kwargs: { column: 'a', value_set: [1, 2] },
      severity: critical,
    };
    const cells = [1, 7, null, 2, 7, 8];
    const plain = judge(inSet, batchOf({ a: cells }));
    const coded = codedColumn([1, 7, 2, 8], [0, 1, -1, 2, 1, 3]);
    const numeric = numericColumn(Float64Array.of(1, 7, Number.NaN, 2, 7, 8));
    for (const column of [coded, numeric]) {
      expect(judge(inSet, batchOf({ a: cells }, { columns: new Map([['a', column]]) }))).toEqual(plain);
    }
    expect(plain.result.partial_unexpected_counts).toEqual([
      { value: 7, count: 2 },
      { value: 8, count: 1 },
    ]);
  });

  it('shows twenty examples, but counts all', () => {
    const cells = Array.from({ length: 100 }, (_, i) => (i < 60 ? 'x' : `y${i}`));
    const inSet: Expectation = {
      type: 'expect_column_values_to_be_in_set',
      kwargs: { column: 'a', value_set: [] },
      severity: critical,
    };
    const { result } = judge(inSet, batchOf({ a: cells }));
    expect(result.unexpected_count).toBe(100);
    expect(result.partial_unexpected_list).toEqual(Array(20).fill('x'));
    expect(result.partial_unexpected_counts).toHaveLength(20);
    expect(result.partial_unexpected_counts).toMatchObject([
      { value: 'x', count: 60 },
      { value: 'y60', count: 1 },
      ...Array(18).fill({ count: 1 }),
    ]);
  });

  it('writes infinite numbers as texts, because JSON has none', () => {
    const between: Expectation = {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'a', max_value: 5 },
      severity: critical,
    };
    expect(judge(between, batchOf({ a: [Number.POSITIVE_INFINITY] })).result.partial_unexpected_list).toEqual(
      ['Infinity'],
    );
  });
});

describe('single results', () => {
  it('lists mismatched columns by position', () => {
    const ordered: Expectation = {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: ['a', 'b'] },
      severity: critical,
    };
    expect(judge(ordered, batchOf({ a: [], c: [], d: [] })).result).toEqual({
      observed_value: ['a', 'c', 'd'],
      details: {
        mismatched: [
          { 'Expected Column Position': 1, Expected: 'b', Found: 'c' },
          { 'Expected Column Position': 2, Expected: null, Found: 'd' },
        ],
      },
    });
  });

  it('counts every row of a repeated value', () => {
    const unique: Expectation = {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'a' },
      severity: critical,
    };
    expect(judge(unique, batchOf({ a: ['x', 'y', 'x', 'x'] })).result).toMatchObject({
      unexpected_count: 3,
      partial_unexpected_index_list: [0, 2, 3],
    });
  });

  it('keeps values of few rows out of a distribution', () => {
    const share: Expectation = {
      type: 'expect_column_most_common_value_share_to_be_between',
      kwargs: { column: 'a', max_value: 1 },
      severity: 'info',
    };
    const cells = [...Array(12).fill('gmail.com'), 'own-name.example'];
    expect(judge(share, batchOf({ a: cells })).result).toEqual({
      observed_value: 12 / 13,
      details: { value_counts: [{ value: 'gmail.com', count: 12 }], n_distinct: 2 },
    });
  });
});

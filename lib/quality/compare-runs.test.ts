import { describe, expect, it } from 'vitest';
import { batchOf } from '@/lib/testing/batch-of';
import { compareRuns, comparisonSentence } from './compare-runs';
import type { Cell } from './expectations/batch';
import type { BoundSuite, Expectation } from './expectations/expectation';
import { gateFrom } from './gate';
import { suiteResult } from './run-suites';

const present = (column: string, severity: Expectation['severity']): Expectation => ({
  type: 'expect_column_values_to_not_be_null',
  kwargs: { column },
  severity,
});

function run(cells: Readonly<Record<string, readonly Cell[]>>, checks: readonly Expectation[]) {
  const suite: BoundSuite = { name: 's', table: 'T', expectations: checks, parameters: {} };
  const suites = [suiteResult(suite, batchOf(cells))];
  return { gate: gateFrom(suites), suites };
}

describe('compareRuns', () => {
  const before = run({ a: [null, 1], b: [1, 1], c: [null, null], d: [null, 1] }, [
    present('a', 'critical'),
    present('b', 'info'),
    present('c', 'warning'),
    present('d', 'info'),
    { type: 'expect_table_row_count_to_equal', kwargs: { value: 2 }, severity: 'info' },
  ]);
  const after = run({ a: [1, 1], b: [1, null], c: [null, 1], d: [null, 1] }, [
    present('d', 'info'),
    present('a', 'critical'),
    present('b', 'info'),
    present('c', 'warning'),
    present('e', 'info'),
  ]);

  it('tells what newly fails, is mended, and fails of another number', () => {
    const check = { suite: 's', type: 'expect_column_values_to_not_be_null' };
    const comparison = compareRuns(before, after);
    expect(comparison).toEqual({
      newlyFailing: [
        { ...check, columns: 'b', severity: 'info', nBefore: 0, nAfter: 1 },
        { ...check, columns: 'e', severity: 'critical', nBefore: null, nAfter: null },
      ],
      mended: [{ ...check, columns: 'a', severity: 'critical', nBefore: 1, nAfter: 0 }],
      changed: [{ ...check, columns: 'c', severity: 'warning', nBefore: 2, nAfter: 1 }],
      unchanged: [{ ...check, columns: 'd', severity: 'info', nBefore: 1, nAfter: 1 }],
      nAdded: 1,
      nRemoved: 1,
      wasOpen: false,
      isOpen: false,
    });
    expect(comparisonSentence(comparison)).toBe(
      'The gate was shut and is shut. Newly failing: 2 checks; mended: 1 check; failing of another number: 1 check. Checks added: 1; taken away: 1.',
    );
  });

  it('finds nothing between a run and itself', () => {
    expect(compareRuns(before, before)).toMatchObject({
      newlyFailing: [],
      mended: [],
      changed: [],
      nAdded: 0,
      nRemoved: 0,
    });
  });
});

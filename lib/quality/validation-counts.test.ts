import { describe, expect, it } from 'vitest';
import type { RepairStep } from './repair/repair-step';
import type { ValidationResults } from './suite-result';
import { validationCounts, validationCountsSchema } from './validation-counts';

const RESULTS: ValidationResults = {
  gate: { open: false, n_critical: 1, n_warning: 0, n_info: 0, reasons: ['ada@example.com is no address'] },
  suites: [
    {
      success: false,
      suite_name: 'subscribers',
      suite_parameters: { secret: 'ada@example.com' },
      statistics: {
        evaluated_expectations: 1,
        successful_expectations: 0,
        unsuccessful_expectations: 1,
        success_percent: 0,
      },
      results: [
        {
          success: false,
          expectation_config: {
            type: 'expect_column_values_to_match_regex',
            kwargs: { column: 'user_email', regex: '@' },
            meta: { note: 'ada@example.com' },
            id: null,
            severity: 'critical',
          },
          result: {
            element_count: 5,
            unexpected_count: 1,
            missing_count: 0,
            partial_unexpected_list: ['ada@example.com'],
          },
          meta: {},
          exception_info: {
            raised_exception: true,
            exception_traceback: 'ada@example.com',
            exception_message: 'ada@example.com',
          },
        },
      ],
      meta: { run: 'ada@example.com' },
      id: null,
    },
  ],
};

describe('validationCounts', () => {
  it('keeps verdicts and counts and no value, row or sentence', () => {
    const counts = validationCounts(RESULTS, []);
    expect(JSON.stringify(counts)).not.toContain('ada');
    expect(counts.gate).toEqual({ open: false, n_critical: 1, n_warning: 0, n_info: 0 });
    expect(counts.suites[0]?.results).toEqual([
      {
        success: false,
        expectation_config: {
          type: 'expect_column_values_to_match_regex',
          severity: 'critical',
          kwargs: { column: 'user_email' },
        },
        result: { element_count: 5, missing_count: 0, unexpected_count: 1 },
        exception_info: { raised_exception: true },
      },
    ]);
    expect(validationCountsSchema.parse(counts)).toEqual(counts);
  });

  it('tells what was left out before by kind and count, without the check that found it', () => {
    const leftOut = { Subscribers: 3, Tags: 1, Transactions: 0 };
    const step: RepairStep = {
      type: 'quarantine',
      table: 'Subscribers',
      expectation: { type: 't', kwargs: { value_set: ['ada@example.com'] }, severity: 'critical' },
    };
    const counts = validationCounts(RESULTS, [{ step, nChanged: 0, leftOut }]);
    expect(counts.repair).toEqual([{ type: 'quarantine', n_changed: 0, n_left_out: leftOut }]);
    expect(validationCountsSchema.parse(counts)).toEqual(counts);
  });

  it('takes nothing more than that from outside', () => {
    const counts = validationCounts(RESULTS, []);
    const more = { ...counts, gate: { ...counts.gate, reasons: ['x'] } };
    expect(validationCountsSchema.safeParse(more).success).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { gateFrom } from './gate';
import type { ExpectationResult, Severity, SuiteResult } from './suite-result';

function result(severity: Severity, success: boolean, raised = false): ExpectationResult {
  return {
    success,
    expectation_config: {
      type: 'expect_column_values_to_not_be_null',
      kwargs: { column: severity },
      meta: {},
      id: null,
      severity,
    },
    result: raised ? {} : { element_count: 2_000, unexpected_count: success ? 0 : 1_000 },
    meta: {},
    exception_info: {
      raised_exception: raised,
      exception_traceback: null,
      exception_message: raised ? 'table T has no column x' : null,
    },
  };
}

function suite(...results: readonly ExpectationResult[]): SuiteResult {
  return {
    success: false,
    results: [...results],
    suite_name: 's',
    suite_parameters: {},
    statistics: {
      evaluated_expectations: 0,
      successful_expectations: 0,
      unsuccessful_expectations: 0,
      success_percent: null,
    },
    meta: {},
    id: null,
  };
}

describe('gateFrom', () => {
  it('opens when nothing was asked or nothing failed', () => {
    const open = { open: true, n_critical: 0, n_warning: 0, n_info: 0, reasons: [] };
    expect(gateFrom([])).toEqual(open);
    expect(gateFrom([suite(result('critical', true), result('warning', true))])).toEqual(open);
  });

  it('stays open for warnings and notes', () => {
    expect(gateFrom([suite(result('info', false)), suite(result('warning', false))])).toEqual({
      open: true,
      n_critical: 0,
      n_warning: 1,
      n_info: 1,
      reasons: [
        's.warning: 1,000 of 2,000 values are missing.',
        's.info: 1,000 of 2,000 values are missing.',
      ],
    });
  });

  it('shuts for one critical failure, named first', () => {
    expect(gateFrom([suite(result('warning', false), result('critical', false))])).toEqual({
      open: false,
      n_critical: 1,
      n_warning: 1,
      n_info: 0,
      reasons: [
        's.critical: 1,000 of 2,000 values are missing.',
        's.warning: 1,000 of 2,000 values are missing.',
      ],
    });
  });

  it('counts what could not be judged as critical, whatever its severity', () => {
    expect(gateFrom([suite(result('info', false, true))])).toEqual({
      open: false,
      n_critical: 1,
      n_warning: 0,
      n_info: 0,
      reasons: [
        's.info: expect_column_values_to_not_be_null could not be judged, because table T has no column x.',
      ],
    });
  });
});

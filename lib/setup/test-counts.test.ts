import { describe, expect, it } from 'vitest';
import { endToEndCounts, totalCounts, unitCounts } from './test-counts.mjs';

describe('unitCounts', () => {
  it('counts tests, and a file that does not load as a failed one', () => {
    const testResults = [
      { status: 'passed', assertionResults: [1, 2] },
      { status: 'failed', assertionResults: [1] },
      { status: 'failed', assertionResults: [] },
    ];
    expect(unitCounts({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({
      passed: 2,
      failed: 2,
    });
  });
});

describe('endToEndCounts', () => {
  it('counts a flaky test and an error outside of tests as failed', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1 };
    expect(endToEndCounts({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3 });
  });
});

describe('totalCounts', () => {
  it('adds up', () => {
    expect(
      totalCounts(
        [
          { passed: 2, failed: 0 },
          { passed: 3, failed: 0 },
        ],
        true,
      ),
    ).toEqual({ passed: 5, failed: 0 });
  });

  it('never says 0 failed when a step failed', () => {
    expect(totalCounts([{ passed: 2, failed: 0 }], false)).toEqual({ passed: 2, failed: 1 });
    expect(totalCounts([], false)).toEqual({ passed: 0, failed: 1 });
    expect(totalCounts([{ passed: 2, failed: 3 }], false)).toEqual({ passed: 2, failed: 3 });
  });
});

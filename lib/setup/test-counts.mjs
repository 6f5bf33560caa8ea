/** @typedef {{ passed: number, failed: number }} TestCounts */

/**
 * Count the tests in vitest's JSON report. A file that could not even be loaded counts as one failed test.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: readonly { status: string, assertionResults: readonly unknown[] }[] }} report
 * @returns {TestCounts}
 */
export function unitCounts({ numPassedTests, numFailedTests, testResults }) {
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/**
 * Count the tests in Playwright's JSON report. Errors outside of tests count as one failed test each.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number }, errors: readonly unknown[] }} report
 * @returns {TestCounts}
 */
export function endToEndCounts({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

/**
 * Add up counts; a step that failed without a failed test to show for it counts as one.
 *
 * @param {readonly TestCounts[]} counts
 * @param {boolean} isGreen
 * @returns {TestCounts}
 */
export function totalCounts(counts, isGreen) {
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  const failed = counts.reduce((sum, each) => sum + each.failed, 0);
  return { passed, failed: isGreen ? failed : Math.max(1, failed) };
}

import type { TestExample, TestResult } from './test-results';
import { MOST_EXAMPLES } from './test-results';
import type { ModelTest } from './test-suite';

/** What a test found. */
export interface Findings {
  readonly isPassed: boolean;
  readonly sentence: string;
  readonly nChecked: number;
  readonly nFailed: number;
  readonly measured?: TestResult['measured'];
  readonly examples?: readonly TestExample[];
}

/** Write what a test found as its result. */
export function testResult({ name, type, severity }: ModelTest, findings: Findings): TestResult {
  const { isPassed, sentence, nChecked, nFailed, measured = {}, examples = [] } = findings;
  return {
    name,
    type,
    severity,
    outcome: isPassed ? 'passed' : 'failed',
    sentence,
    n_checked: nChecked,
    n_failed: nFailed,
    measured: Object.fromEntries(
      Object.entries(measured).map(([key, value]) => [key, isNoNumber(value) ? null : value]),
    ),
    examples: examples.slice(0, MOST_EXAMPLES),
  };
}

/** JSON has no such numbers. */
function isNoNumber(value: number | string | null): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** The result of a test that there is nothing to run on for. */
export function skippedResult({ name, type, severity }: ModelTest, why: string): TestResult {
  return {
    name,
    type,
    severity,
    outcome: 'skipped',
    sentence: `Not run: ${why}.`,
    n_checked: 0,
    n_failed: 0,
    measured: {},
    examples: [],
  };
}

/** Write a score as a sentence does. */
export function scoreText(score: number): string {
  return score.toFixed(4);
}

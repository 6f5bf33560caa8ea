import { failureSeverity } from './gate';
import type { ExpectationResult, Severity, ValidationResults } from './suite-result';

/** A check that stands in one run or in both. */
export interface ComparedCheck {
  readonly suite: string;
  readonly type: string;
  /** Column, or columns, that it is about; '' for the whole table. */
  readonly columns: string;
  readonly severity: Severity;
  /** Values or rows that were not as expected; null where none are counted. */
  readonly nBefore: number | null;
  readonly nAfter: number | null;
}

/** What changed from one run to the next. */
export interface RunComparison {
  /** Failed now, passed before or was not there. */
  readonly newlyFailing: readonly ComparedCheck[];
  /** Passed now, failed before. */
  readonly mended: readonly ComparedCheck[];
  /** Failed both times, of more or fewer values. */
  readonly changed: readonly ComparedCheck[];
  /** Failed both times, of as many. */
  readonly unchanged: readonly ComparedCheck[];
  /** Checks of one run that the other has not. */
  readonly nAdded: number;
  readonly nRemoved: number;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
}

/**
 * Compare two runs, check by check. Two checks are the same when suite, type and arguments are; of several of the same the first is
 * taken.
 */
export function compareRuns(before: ValidationResults, after: ValidationResults): RunComparison {
  const old = checksOf(before);
  const now = checksOf(after);
  const both = [...now].map(([key, check]) => ({ check, was: old.get(key) }));
  const failing = both.filter(({ check }) => !check.result.success);
  const stillFailing = failing.filter(({ was }) => was !== undefined && !was.result.success);
  const compared = ({ check, was }: (typeof both)[number]): ComparedCheck => ({
    suite: check.suite,
    type: check.result.expectation_config.type,
    columns: columnsOf(check.result),
    severity: failureSeverity(check.result),
    nBefore: was === undefined ? null : countOf(was.result),
    nAfter: countOf(check.result),
  });
  const isChanged = ({ nBefore, nAfter }: ComparedCheck) => nBefore !== nAfter;
  const still = stillFailing.map(compared);
  return {
    newlyFailing: failing.filter(({ was }) => was === undefined || was.result.success).map(compared),
    mended: both
      .filter(({ check, was }) => check.result.success && was?.result.success === false)
      .map(compared),
    changed: still.filter(isChanged),
    unchanged: still.filter((check) => !isChanged(check)),
    nAdded: [...now.keys()].filter((key) => !old.has(key)).length,
    nRemoved: [...old.keys()].filter((key) => !now.has(key)).length,
    wasOpen: before.gate.open,
    isOpen: after.gate.open,
  };
}

/** Say in one sentence what changed. */
export function comparisonSentence(comparison: RunComparison): string {
  const { newlyFailing, mended, changed, nAdded, nRemoved, wasOpen, isOpen } = comparison;
  const checks = (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'check' : 'checks'}`;
  const gate = (isIt: boolean) => (isIt ? 'open' : 'shut');
  const suites = nAdded + nRemoved === 0 ? '' : ` Checks added: ${nAdded}; taken away: ${nRemoved}.`;
  return (
    `The gate was ${gate(wasOpen)} and is ${gate(isOpen)}. Newly failing: ${checks(newlyFailing.length)}; ` +
    `mended: ${checks(mended.length)}; failing of another number: ${checks(changed.length)}.${suites}`
  );
}

interface Check {
  readonly suite: string;
  readonly result: ExpectationResult;
}

function checksOf({ suites }: ValidationResults): Map<string, Check> {
  const checks = new Map<string, Check>();
  for (const { suite_name: suite, results } of suites) {
    for (const result of results) {
      const { type, kwargs } = result.expectation_config;
      const named = Object.entries(kwargs).filter(([name]) => name !== 'batch_id');
      const key = JSON.stringify([suite, type, named.sort(([a], [b]) => (a < b ? -1 : 1))]);
      if (!checks.has(key)) checks.set(key, { suite, result });
    }
  }
  return checks;
}

function columnsOf({ expectation_config: { kwargs } }: ExpectationResult): string {
  const { column, column_list, column_A, column_B } = kwargs;
  if (typeof column === 'string') return column;
  if (Array.isArray(column_list)) return column_list.join(', ');
  return typeof column_A === 'string' && typeof column_B === 'string' ? `${column_A}, ${column_B}` : '';
}

function countOf({ result }: ExpectationResult): number | null {
  const count = result.unexpected_count ?? result.observed_value;
  return typeof count === 'number' ? count : null;
}

import { failureSentence } from './sentences/failure-sentence';
import type { ExpectationResult, Severity, SuiteResult, ValidationResults } from './suite-result';

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/**
 * Judge whether the next stage may open: it may when no critical expectation failed. One that could not be judged counts as
 * critical, whatever its severity (as in Great Expectations).
 *
 * @returns the counts of failures by severity, and a sentence a failure, critical first, then in the suites' order
 */
export function gateFrom(suites: readonly SuiteResult[]): ValidationResults['gate'] {
  const failures = suites.flatMap((suite) =>
    suite.results
      .filter(({ success }) => !success)
      .map((result) => ({ severity: failureSeverity(result), sentence: failureSentence(suite, result) })),
  );
  const [critical, warning, info] = SEVERITIES.map((severity) =>
    failures.filter((failure) => failure.severity === severity),
  );
  return {
    open: critical?.length === 0,
    n_critical: critical?.length ?? 0,
    n_warning: warning?.length ?? 0,
    n_info: info?.length ?? 0,
    reasons: [critical, warning, info].flatMap((level) => (level ?? []).map(({ sentence }) => sentence)),
  };
}

/** How much a failed expectation matters. */
export function failureSeverity({ exception_info, expectation_config }: ExpectationResult): Severity {
  return exception_info.raised_exception ? 'critical' : expectation_config.severity;
}

import { z } from 'zod';
import type { StepOutcome } from './repair/apply-steps';
import { severitySchema, type ValidationResults } from './suite-result';

const count = z.int().min(0);

/**
 * What may leave the browser of a validation: which checks ran on which columns, their verdicts and how many values failed.
 * No value, no row, no sentence.
 */
export const validationCountsSchema = z.strictObject({
  gate: z.strictObject({ open: z.boolean(), n_critical: count, n_warning: count, n_info: count }),
  suites: z
    .array(
      z.strictObject({
        suite_name: z.string().max(100),
        success: z.boolean(),
        statistics: z.strictObject({
          evaluated_expectations: count,
          successful_expectations: count,
          unsuccessful_expectations: count,
          success_percent: z.number().nullable(),
        }),
        results: z
          .array(
            z.strictObject({
              success: z.boolean(),
              expectation_config: z.strictObject({
                type: z.string().max(200),
                severity: severitySchema,
                kwargs: z.strictObject({ column: z.string().max(200).nullable() }),
              }),
              result: z.strictObject({
                element_count: count.nullable(),
                missing_count: count.nullable(),
                unexpected_count: count.nullable(),
              }),
              exception_info: z.strictObject({ raised_exception: z.boolean() }),
            }),
          )
          .max(1000),
      }),
    )
    .max(50),
  /** What was done to the tables before, in order, and how much; left out where nothing was, and by older pages. */
  repair: z
    .array(
      z.strictObject({
        type: z.string().max(50),
        n_changed: count,
        n_left_out: z.strictObject({ Subscribers: count, Tags: count, Transactions: count }),
      }),
    )
    .max(100)
    .optional(),
});

export type ValidationCounts = z.infer<typeof validationCountsSchema>;

/**
 * Take from validation results what may leave the browser; see `validationCountsSchema`.
 *
 * @param outcomes what the steps before the join came to
 */
export function validationCounts(
  { gate, suites }: ValidationResults,
  outcomes: readonly StepOutcome[],
): ValidationCounts {
  const { open, n_critical, n_warning, n_info } = gate;
  return {
    gate: { open, n_critical, n_warning, n_info },
    suites: suites.map(({ suite_name, success, statistics, results }) => ({
      suite_name,
      success,
      statistics,
      results: results.map((result) => ({
        success: result.success,
        expectation_config: {
          type: result.expectation_config.type,
          severity: result.expectation_config.severity,
          kwargs: { column: textOrNull(result.expectation_config.kwargs.column) },
        },
        result: {
          element_count: countOrNull(result.result.element_count),
          missing_count: countOrNull(result.result.missing_count),
          unexpected_count: countOrNull(result.result.unexpected_count),
        },
        exception_info: { raised_exception: result.exception_info.raised_exception },
      })),
    })),
    ...(outcomes.length === 0 ? {} : { repair: outcomes.map(repairCounts) }),
  };
}

function repairCounts({ step, nChanged, leftOut }: StepOutcome) {
  return { type: step.type, n_changed: nChanged, n_left_out: leftOut };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function countOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

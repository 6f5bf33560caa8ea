import { z } from 'zod';

/** How much a failing expectation matters: `critical` shuts the gate, `warning` and `info` do not. */
export const severitySchema = z.enum(['critical', 'warning', 'info']);

/** One expectation's outcome, in the shape and with the names of a Great Expectations 1.x result. */
export const expectationResultSchema = z.strictObject({
  success: z.boolean(),
  expectation_config: z.strictObject({
    type: z.string(),
    kwargs: z.record(z.string(), z.json()),
    meta: z.record(z.string(), z.json()),
    id: z.string().nullish(),
    severity: severitySchema,
    /** What the check is for, in the suite's words. */
    description: z.string().optional(),
  }),
  result: z.record(z.string(), z.json()),
  meta: z.record(z.string(), z.json()),
  exception_info: z.strictObject({
    raised_exception: z.boolean(),
    exception_traceback: z.string().nullable(),
    exception_message: z.string().nullable(),
  }),
});

/** One suite's outcome (Great Expectations 1.x `ExpectationSuiteValidationResult`). */
export const suiteResultSchema = z.strictObject({
  success: z.boolean(),
  results: z.array(expectationResultSchema),
  suite_name: z.string(),
  suite_parameters: z.record(z.string(), z.json()),
  statistics: z.strictObject({
    evaluated_expectations: z.int(),
    successful_expectations: z.int(),
    unsuccessful_expectations: z.int(),
    /** 0–100; null when nothing was evaluated. */
    success_percent: z.number().nullable(),
  }),
  meta: z.record(z.string(), z.json()),
  id: z.string().nullable(),
});

/** `validation_results.json`: every suite, and the gate's word on them. */
export const validationResultsSchema = z.strictObject({
  gate: z.strictObject({
    open: z.boolean(),
    n_critical: z.int(),
    n_warning: z.int(),
    n_info: z.int(),
    /** One sentence a failing expectation, critical first. */
    reasons: z.array(z.string()),
  }),
  suites: z.array(suiteResultSchema),
});

export type Severity = z.infer<typeof severitySchema>;
export type ExpectationResult = z.infer<typeof expectationResultSchema>;
export type SuiteResult = z.infer<typeof suiteResultSchema>;
export type ValidationResults = z.infer<typeof validationResultsSchema>;

import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { CRM_SCHEMA } from '@/lib/crm/schema';
import { severitySchema } from '../suite-result';
import { checkFault } from '../suites/suite-file';

const tableNameSchema = z.enum(['Subscribers', 'Tags', 'Transactions']);

/** A column of texts; ids, ratings and dates are cast where they are read, and need no such help. */
const textColumnSchema = z.discriminatedUnion('table', [
  z.strictObject({
    type: z.literal('trim'),
    table: z.literal('Subscribers'),
    column: z.enum(CRM_SCHEMA.Subscribers),
  }),
  z.strictObject({ type: z.literal('trim'), table: z.literal('Tags'), column: z.enum(CRM_SCHEMA.Tags) }),
  z.strictObject({
    type: z.literal('trim'),
    table: z.literal('Transactions'),
    column: z.enum(CRM_SCHEMA.Transactions),
  }),
]);

/** Which of several rows of one address is kept; the earlier one where they are equal, and a missing value loses. */
export const KEEP_RULES = ['newest_optin', 'first', 'highest_rating'] as const;
export type KeepRule = (typeof KEEP_RULES)[number];

/**
 * A change to the tables as read, before they are joined. Plain data: the same steps on the same file give the same tables, and
 * they can be carried out on a later file.
 */
export const repairStepSchema = z.union([
  /** Take white space off both ends of the texts of a column. */
  textColumnSchema,
  /** Write the texts of a column in lower case. */
  z.strictObject({
    type: z.literal('fold_case'),
    table: z.literal('Subscribers'),
    column: z.enum(['user_email', 'country_code']),
  }),
  /** Keep one of the subscribers who share an e-mail address; the tags of the others go to the one kept. */
  z.strictObject({ type: z.literal('merge_subscribers'), keep: z.enum(KEEP_RULES) }),
  /** Keep the first of the rows that say the same: the tag of a subscriber, or the transaction_id of a buyer. */
  z.strictObject({ type: z.literal('drop_repeats'), table: z.enum(['Tags', 'Transactions']) }),
  /**
   * Leave out the rows that a check finds not as expected. With a subscriber go the tags and purchases that nobody else has. The
   * check is part of the step, so that a change of the suites does not change what was left out.
   */
  z.strictObject({
    type: z.literal('quarantine'),
    table: z.union([tableNameSchema, z.literal('subscribers_joined')]),
    expectation: z
      .strictObject({
        type: z.string().min(1).max(200),
        kwargs: z.record(z.string(), z.json()),
        severity: severitySchema,
      })
      .superRefine((check, context) => {
        const fault = checkFault(check);
        if (fault !== null) context.addIssue({ code: 'custom', message: `${check.type}: ${fault}` });
      }),
  }),
]);

export type RepairStep = z.infer<typeof repairStepSchema>;

/** `repair_steps.json`: what is done to the tables before they are joined, in order. */
export const repairStepsSchema = z.strictObject({
  version: z.literal(1),
  steps: z.array(repairStepSchema).max(100),
});

/** Nothing is changed. */
export const NO_STEPS: readonly RepairStep[] = [];

/** Write steps as `repair_steps.json`. */
export function repairStepsJson(steps: readonly RepairStep[]): string {
  return `${JSON.stringify({ version: 1, steps }, null, 2)}\n`;
}

/** Read the text of a `repair_steps.json`; `steps_unreadable` where it is none. @param fileName as the user knows it */
export function parseRepairSteps(fileName: string, text: string): Result<readonly RepairStep[]> {
  const parsed = repairStepsSchema.safeParse(jsonOrNull(text));
  if (parsed.success) return succeed(parsed.data.steps);
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.');
  return fail(
    'steps_unreadable',
    `${fileName} holds no repair steps: ${place ? `${place} is not as expected (${issue?.message.replace(/\.$/, '')})` : 'it is no JSON of that shape'}.`,
    'Give a repair_steps.json that was saved in the page or left by the command line.',
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

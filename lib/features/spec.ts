import { z } from 'zod';

/** Version of the specification's format. A reader refuses any other. */
export const FEATURE_SPEC_VERSION = 1;

/** What a feature is made from. */
export const featureSchema = z.strictObject({
  name: z.string().min(1).max(200),
  kind: z.enum(['numeric', 'categorical', 'ordinal']),
  source: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('optin'),
      part: z.enum(['days', 'month', 'day_of_week', 'day_of_year', 'quarter', 'is_weekend']),
    }),
    z.strictObject({ type: z.literal('tag_count') }),
    z.strictObject({ type: z.literal('tag_count_by_optin_day') }),
    z.strictObject({ type: z.literal('member_rating') }),
    z.strictObject({ type: z.literal('country_code') }),
    z.strictObject({ type: z.literal('is_free_email') }),
    z.strictObject({ type: z.literal('tag'), tag: z.string().min(1).max(200) }),
  ]),
});

/**
 * How a row of `subscribers_joined` becomes a row of the matrix. Fitted on training rows only, plain JSON,
 * travels with the model, and holds nothing of any one subscriber.
 */
export const featureSpecSchema = z.strictObject({
  version: z.literal(FEATURE_SPEC_VERSION),
  target: z.literal('made_purchase'),
  /** Written in place of a missing value (the design's −999). */
  missingValue: z.number(),
  /** Newest opt-in among the training rows, YYYY-MM-DD; `optin_days` counts back from it, so 0 is that day and later opt-ins are negative. */
  referenceDay: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** Levels of `country_code` in code order (label = index); the last is `other`. Chosen by the Pareto rule on training rows. */
  countryLevels: z.array(z.string().min(1)).min(1),
  /** The rule that chose the levels: fewest countries, by sales, that hold this share of the training rows' sales. */
  paretoShare: z.number().gt(0).max(1),
  freeEmailDomains: z.array(z.string()),
  features: z.array(featureSchema).min(1).max(2000),
  split: z.strictObject({
    seed: z.int(),
    train: z.number(),
    validation: z.number(),
    test: z.number(),
  }),
});

export type Feature = z.infer<typeof featureSchema>;
export type FeatureSpec = z.infer<typeof featureSpecSchema>;

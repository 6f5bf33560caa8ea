import { z } from 'zod';
import { ANY_TAG } from './expression/columns';
import { parseExpression } from './expression/parse';

/** Version of the specification's format as it is written. */
export const FEATURE_SPEC_VERSION = 2;
/** Versions that are read; models keep the specification that they were made with. */
export const FEATURE_SPEC_VERSIONS_READ: readonly number[] = [1, FEATURE_SPEC_VERSION];

const KINDS = ['numeric', 'categorical', 'ordinal'] as const;
const nameSchema = z.string().min(1).max(200);

/** Sources that both versions know. */
const designSources = [
  z.strictObject({
    type: z.literal('optin'),
    part: z.enum(['days', 'month', 'day_of_week', 'day_of_year', 'quarter', 'is_weekend']),
  }),
  z.strictObject({ type: z.literal('tag_count') }),
  z.strictObject({ type: z.literal('tag_count_by_optin_day') }),
  z.strictObject({ type: z.literal('member_rating') }),
  z.strictObject({ type: z.literal('country_code') }),
  z.strictObject({ type: z.literal('is_free_email') }),
  z.strictObject({ type: z.literal('tag'), tag: nameSchema }),
] as const;

/** Checked by whoever reads it, the server among them: nothing but numbers, columns and country codes gets through. */
const expressionTextSchema = z
  .string()
  .max(500)
  .superRefine((text, context) => {
    const parsed = parseExpression(text, ANY_TAG);
    if (parsed.ok) return;
    const { position, reason } = parsed.fault;
    context.addIssue({ code: 'custom', message: `character ${position}: ${reason.replace(/\.$/, '')}` });
  });

/** What a feature is made from. */
export const featureSchema = z.strictObject({
  name: nameSchema,
  kind: z.enum(KINDS),
  source: z.discriminatedUnion('type', [
    ...designSources,
    /** 1 where the rating is this one, else 0, be it missing. */
    z.strictObject({ type: z.literal('member_rating_is'), rating: z.int().min(1).max(5) }),
    /** 1 where the country's level is this one, else 0, be it missing. */
    z.strictObject({ type: z.literal('country_is'), level: z.string().min(1) }),
    /** A number for each of `countryLevels`: the share of all training rows that are of the level. */
    z.strictObject({
      type: z.literal('country_frequency'),
      shares: z.array(z.number().min(0).max(1)).min(1),
    }),
    /**
     * A number for each of `countryLevels`: the level's conversion among the training rows, drawn to that of all. Training
     * rows themselves get out-of-fold values; see `target-encoding.ts`.
     */
    z.strictObject({
      type: z.literal('country_target'),
      rates: z.array(z.number().min(0).max(1)).min(1),
      smoothing: z.literal('empirical_bayes'),
      minRows: z.int().min(1),
      folds: z.int().min(2).max(20),
    }),
    /** Of one's own, as `parseExpression` reads it; missing where the expression is. */
    z.strictObject({ type: z.literal('expression'), text: expressionTextSchema }),
  ]),
});

const sharedShape = {
  target: z.literal('made_purchase'),
  /** Newest opt-in among the training rows, YYYY-MM-DD; `optin_days` counts back from it, so 0 is that day and later opt-ins are negative. */
  referenceDay: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** Levels of `country_code` in code order (label = index); the last is `other`. Chosen by the Pareto rule on training rows. */
  countryLevels: z.array(z.string().min(1)).min(1),
  /** The rule that chose the levels: fewest countries, by sales, that hold this share of the training rows' sales. */
  paretoShare: z.number().gt(0).max(1),
  freeEmailDomains: z.array(z.string()),
};
const splitSchema = z.strictObject({
  seed: z.int(),
  train: z.number(),
  validation: z.number(),
  test: z.number(),
});

const { target, ...fitted } = sharedShape;

const version1Schema = z.strictObject({
  version: z.literal(1),
  target,
  missingValue: z.number(),
  ...fitted,
  features: z
    .array(featureSchema.extend({ source: z.discriminatedUnion('type', designSources) }))
    .min(1)
    .max(2000),
  split: splitSchema,
});

/** Counts over the training rows of what a file must have too, for its fit to be judged. */
export const trainingCountsSchema = z.strictObject({
  nRows: z.int().min(1),
  /** Rows without a value, a column of `subscribers_joined`. */
  missing: z.strictObject({
    optin_time: z.int().min(0),
    member_rating: z.int().min(0),
    country_code: z.int().min(0),
    user_email: z.int().min(0),
  }),
  /** Rows of a country that is not kept. */
  nOtherCountry: z.int().min(0),
  /** Rows that hold at least one of the tags that are features. */
  nWithTag: z.int().min(0),
});

const version2Schema = z.strictObject({
  version: z.literal(2),
  target,
  /** Written in place of a missing value (the design's −999); null where it stays NaN, which XGBoost takes as missing. */
  missingValue: z.number().nullable(),
  ...fitted,
  features: z.array(featureSchema).min(1).max(2000),
  /** Features that would be here, had nobody switched them off. */
  switchedOff: z.array(nameSchema).max(2000),
  training: trainingCountsSchema,
  split: splitSchema,
});

export type Feature = z.infer<typeof featureSchema>;
export type TrainingCounts = z.infer<typeof trainingCountsSchema>;

/**
 * How a row of `subscribers_joined` becomes a row of the matrix. Fitted on training rows only, plain JSON,
 * travels with the model, and holds nothing of any one subscriber.
 */
export type FeatureSpec = Omit<z.infer<typeof version2Schema>, 'version' | 'switchedOff' | 'training'> & {
  readonly version: 1 | 2;
  /** From version 2 on. */
  readonly switchedOff?: readonly string[];
  /** From version 2 on. */
  readonly training?: TrainingCounts;
};

/** Both versions; each is written as it was read. */
export const featureSpecSchema: z.ZodType<FeatureSpec> = z.discriminatedUnion('version', [
  version1Schema,
  version2Schema,
]);

/** What stands in the matrix for a missing value, NaN where it is left to XGBoost. */
export function missingValueOf({ missingValue }: Pick<FeatureSpec, 'missingValue'>): number {
  return missingValue ?? Number.NaN;
}

/** Whether training rows get values that depend on the split, beside what the specification says of a new row. */
export function isFittedWithinFolds({ features }: Pick<FeatureSpec, 'features'>): boolean {
  return features.some(({ source }) => source.type === 'country_target');
}

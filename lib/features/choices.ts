import { z } from 'zod';

/** The design's value for what is missing. */
export const DESIGN_MISSING_VALUE = -999;

/** Name that an own feature may have: one that a program can write without quotes. */
export const OWN_FEATURE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,59}$/;

/** A feature of one's own. */
export const ownFeatureSchema = z.strictObject({
  name: z.string().regex(OWN_FEATURE_NAME, 'a name is a letter, then letters, digits or _, up to 60 in all'),
  expression: z.string().min(1).max(500),
});

/** What a person chooses of the features; part of what decides every byte of the dataset. What is left out is the design's. */
export const featureChoicesSchema = z.strictObject({
  /** How `country_code` becomes numbers. The levels are the kept countries and `other`, whatever the encoding. */
  countryEncoding: z.enum(['label', 'frequency', 'target', 'one_hot']).default('label'),
  /** One number in order, or an indicator a rating. */
  ratingEncoding: z.enum(['ordinal', 'one_hot']).default('ordinal'),
  /** Written for what is missing; null leaves it to XGBoost, as NaN. */
  missingValue: z.union([z.literal(DESIGN_MISSING_VALUE), z.null()]).default(DESIGN_MISSING_VALUE),
  /** Names of features left out of the matrix. */
  switchedOff: z.array(z.string().min(1).max(200)).max(2000).default([]),
  ownFeatures: z.array(ownFeatureSchema).max(50).default([]),
});

export type FeatureChoices = z.infer<typeof featureChoicesSchema>;
export type OwnFeature = z.infer<typeof ownFeatureSchema>;

/** The design's. */
export const DESIGN_FEATURE_CHOICES: FeatureChoices = featureChoicesSchema.parse({});

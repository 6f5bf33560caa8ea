import { z } from 'zod';

/** Bounds of one parameter, both inclusive. `log` draws uniformly on the logarithm. */
const distributionSchema = z
  .strictObject({
    type: z.enum(['int', 'float']),
    low: z.number(),
    high: z.number(),
    log: z.boolean().default(false),
  })
  .refine((d) => d.low < d.high, { error: 'low must be below high' })
  .refine((d) => !d.log || d.low > 0, { error: 'a logarithmic range needs low above 0' })
  .refine((d) => d.type === 'float' || (Number.isInteger(d.low) && Number.isInteger(d.high)), {
    error: 'an int range needs whole bounds',
  });

/** Parameter name (XGBoost's own spelling) to its distribution. */
export const searchSpaceSchema = z.strictObject({
  max_depth: distributionSchema,
  learning_rate: distributionSchema,
  n_estimators: distributionSchema,
  subsample: distributionSchema,
  colsample_bytree: distributionSchema,
});

/** One point of the space. */
export const trialParamsSchema = z.strictObject({
  max_depth: z.int(),
  learning_rate: z.number(),
  n_estimators: z.int(),
  subsample: z.number(),
  colsample_bytree: z.number(),
});

export type Distribution = z.infer<typeof distributionSchema>;
export type SearchSpace = z.infer<typeof searchSpaceSchema>;
export type TrialParams = z.infer<typeof trialParamsSchema>;

/** The design's space. */
export const DESIGN_SEARCH_SPACE: SearchSpace = {
  max_depth: { type: 'int', low: 3, high: 8, log: false },
  learning_rate: { type: 'float', low: 0.01, high: 0.3, log: true },
  n_estimators: { type: 'int', low: 50, high: 200, log: false },
  subsample: { type: 'float', low: 0.7, high: 1, log: false },
  colsample_bytree: { type: 'float', low: 0.7, high: 1, log: false },
};

import { z } from 'zod';
import { calibrationKindSchema } from '../calibration/calibration';

const intervalSchema = z.strictObject({ low: z.number(), high: z.number() });

const reliabilitySchema = z.strictObject({
  /** Mean |conversion − mean probability| of the bins, weighted by rows. */
  expected_calibration_error: z.number(),
  log_loss: z.number(),
  brier_score: z.number(),
  /** Equally many rows each, as near as ties allow, by rising probability. */
  bins: z.array(
    z.strictObject({
      n: z.int(),
      n_buyers: z.int(),
      mean_probability: z.number(),
      conversion: z.number(),
      /** Of the conversion, 95 % (Wilson). */
      low: z.number(),
      high: z.number(),
    }),
  ),
});

/** What the evaluation report of version 2 says beyond the metrics themselves; all of it of the test rows. */
export const scorecardShape = {
  /** 95 %. DeLong's for `roc_auc`, null with fewer than two rows of a class; of the others by bootstrap. */
  intervals: z.strictObject({
    roc_auc: intervalSchema.nullable(),
    average_precision: intervalSchema,
    f1_score: intervalSchema,
    recall: intervalSchema,
    precision: intervalSchema,
    log_loss: intervalSchema,
    brier_score: intervalSchema,
  }),
  /** Stratified by class; percentile intervals. */
  bootstrap: z.strictObject({ n_samples: z.int(), seed: z.int() }),
  ks: z.strictObject({ statistic: z.number(), threshold: z.number() }),
  gains: z.array(
    z.strictObject({
      share_called: z.number(),
      n_called: z.int(),
      n_buyers: z.number(),
      share_found: z.number(),
      lift: z.number(),
    }),
  ),
  precision_at: z.array(
    z.strictObject({
      n_called: z.int(),
      n_buyers: z.number(),
      precision: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
  calibration: z.strictObject({
    kind: calibrationKindSchema,
    /** The model's own probabilities. */
    before: reliabilitySchema,
    /** The scores. */
    after: reliabilitySchema,
  }),
  /** A logistic regression on the rows and features that the model was trained on; null where those lack a class. */
  baseline: z
    .strictObject({
      model: z.literal('logistic regression'),
      ridge: z.number(),
      n_rows: z.int(),
      n_columns: z.int(),
      roc_auc: z.number(),
      interval: intervalSchema.nullable(),
      average_precision: z.number(),
      log_loss: z.number(),
      /** The model's ROC AUC less the baseline's, paired (DeLong), with a two-sided p. */
      roc_auc_difference: z
        .strictObject({ value: z.number(), low: z.number(), high: z.number(), p_value: z.number() })
        .nullable(),
    })
    .nullable(),
};

const scorecardSchema = z.strictObject(scorecardShape);
export type Scorecard = z.infer<typeof scorecardSchema>;
export type ReliabilityReport = z.infer<typeof reliabilitySchema>;

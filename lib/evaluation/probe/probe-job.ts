import { z } from 'zod';
import { trialParamsSchema } from '@/lib/tuning/space/search-space';
import { probeRowsSchema } from './probe-rows';

/** Parameters of every probe: fixed, so that nothing but the rows and the features differs. */
export const PROBE_PARAMS = { n_estimators: 100, max_depth: 4, learning_rate: 0.1 } as const;

/** Folds that ROC AUC is cross-validated over. */
export const N_FOLDS = 5;
/** Share of the rows, the oldest, that the time-based split trains on: as many as a fold does. */
export const OLDEST_SHARE = 1 - 1 / N_FOLDS;

/** A model that is trained on some rows and features of a dataset to score others, and is then thrown away. */
export const probeJobSchema = z.strictObject({
  params: trialParamsSchema,
  /** Of XGBoost's own sampling. */
  seed: z.int32(),
  /** Features that the model does not get. */
  leftOut: z.array(z.string().min(1).max(200)).max(2000),
  rows: probeRowsSchema,
  /** Feature name to 1 or −1; none where left out. */
  monotoneConstraints: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).optional(),
});

export type ProbeJob = z.infer<typeof probeJobSchema>;

/** What a probe scored. */
export interface ProbeScores {
  /** Numbers of the rows in the dataset, rising. */
  readonly rows: Uint32Array;
  /** 0 or 1 for each of them. */
  readonly labels: Uint8Array;
  /** Probability of having bought, for each of them. */
  readonly probabilities: Float32Array;
  readonly nTrained: number;
  readonly nBuyersTrained: number;
}

import { z } from 'zod';
import { trialParamsSchema } from '@/lib/tuning/search-space';
import { modelIdSchema, studyConfigSchema } from '@/lib/tuning/study-events';

/** Version of `metadata.json`'s format. */
export const MODEL_METADATA_VERSION = 1;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `metadata.json`: everything that made a model, and nothing about a subscriber. Holds no wall-clock time,
 * so the same seed and data give the same file.
 */
export const modelMetadataSchema = z.strictObject({
  version: z.literal(MODEL_METADATA_VERSION),
  /** `model-` and the first 20 hex digits of the digest of `model.ubj` and the feature spec. */
  model_id: modelIdSchema,
  study: studyConfigSchema,
  best_trial_number: z.int(),
  params: trialParamsSchema,
  xgboost_seed: z.int(),
  xgboost_version: z.string(),
  leadbench_version: z.string(),
  feature_names: z.array(z.string()),
  feature_spec_sha256: sha256Schema,
  dataset_sha256: sha256Schema,
  model_ubj_sha256: sha256Schema,
  model_onnx_sha256: sha256Schema,
  n_train: z.int(),
  n_validation: z.int(),
  n_test: z.int(),
  threshold: z.number(),
  /** Lowest score of tiers A, B and C; below the last is D. Chosen on validation rows, so a new file is tiered by the same cut-offs. */
  tier_cutoffs: z.strictObject({ A: z.number(), B: z.number(), C: z.number() }),
  validation_roc_auc: z.number(),
  test_roc_auc: z.number(),
  /** Largest |margin difference| between ONNX and libxgboost over all test rows when the model was made. */
  onnx_max_margin_difference: z.number(),
  gate_override_reason: z.string().nullable(),
});

export type ModelMetadata = z.infer<typeof modelMetadataSchema>;
export type TierCutoffs = ModelMetadata['tier_cutoffs'];
export type Tier = 'A' | 'B' | 'C' | 'D';

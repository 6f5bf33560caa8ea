import { z } from 'zod';
import { sha256HexOfText } from '@/lib/core/digest';
import { fail, type Result, succeed } from '@/lib/core/result';
import { calibrationKindSchema, calibrationSchema } from '@/lib/evaluation/calibration/calibration';
import { trialParamsSchema } from '@/lib/tuning/space/search-space';
import { studyConfigSchema } from '@/lib/tuning/study/study-config';
import { modelIdSchema } from '@/lib/tuning/study/study-events';

/** Version of `metadata.json`'s format. */
export const MODEL_METADATA_VERSION = 3;

/** Header of the answer that hands out `metadata.json`: how many models of the server were judged on the same test rows. */
export const TEST_LOOKS_HEADER = 'x-leadbench-test-looks';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `metadata.json`: everything that made a model, and nothing about a subscriber. Holds no wall-clock time,
 * so the same seed and data give the same file; with the dataset that it names, the model can be trained again from it.
 */
export const modelMetadataSchema = z.strictObject({
  version: z.literal(MODEL_METADATA_VERSION),
  /** As `modelId` gives it. */
  model_id: modelIdSchema,
  /** What the study was asked to do: data, space, sampler, seed, objective, schedule. */
  study: studyConfigSchema,
  best_trial_number: z.int(),
  /** As the trial was given them; those that are absent have XGBoost's own defaults. */
  params: trialParamsSchema,
  /** Boosting rounds of the model: the best of the trial's, at most its `n_estimators`. */
  n_rounds: z.int().min(1),
  /** The trial's value of the study's objective, on the rows that the study measures on. */
  objective_value: z.number(),
  /** Null where the objective has none. */
  objective_standard_error: z.number().min(0).nullable(),
  xgboost_seed: z.int(),
  xgboost_version: z.string(),
  leadbench_version: z.string(),
  /** Digest of the sources that made the model out of the dataset. */
  code_sha256: sha256Schema,
  feature_names: z.array(z.string()),
  feature_spec_sha256: sha256Schema,
  dataset_sha256: sha256Schema,
  /** Of the split and the labels, whatever the features: models that share it were judged on the same test rows. */
  test_rows_sha256: sha256Schema,
  model_ubj_sha256: sha256Schema,
  model_onnx_sha256: sha256Schema,
  n_train: z.int(),
  n_validation: z.int(),
  n_test: z.int(),
  /** How margins become scores. Fitted on validation rows, scored by a model trained on the training rows alone. */
  calibration: z.strictObject({
    method: calibrationSchema,
    n_rows: z.int(),
    /** Of the folds that the methods were compared on. */
    seed: z.int(),
    /** Of each method over validation rows, each judged by a fit without it; best first. Empty where there were too few rows to compare. */
    log_loss: z.array(z.strictObject({ kind: calibrationKindSchema, log_loss: z.number() })),
  }),
  /** Calibrated probability. */
  threshold: z.number(),
  /** Lowest calibrated probability of tiers A, B and C; below the last is D. Chosen on validation rows, so a new file is tiered by the same cut-offs. */
  tier_cutoffs: z.strictObject({ A: z.number(), B: z.number(), C: z.number() }),
  validation_roc_auc: z.number(),
  test_roc_auc: z.number(),
  /** Largest |margin difference| between ONNX and libxgboost over all test rows when the model was made. */
  onnx_max_margin_difference: z.number(),
  /** Largest |probability difference| between ONNX, in float32, and our own calibration of libxgboost's margins. */
  onnx_max_probability_difference: z.number(),
  gate_override_reason: z.string().nullable(),
  /** Features that are as good as certain to know of the purchase, with the reason; models made before this was looked at have none. */
  leakage: z.array(z.strictObject({ feature: z.string(), reason: z.string() })).optional(),
});

export type ModelMetadata = z.infer<typeof modelMetadataSchema>;
export type TierCutoffs = ModelMetadata['tier_cutoffs'];
export type Tier = 'A' | 'B' | 'C' | 'D';

/**
 * Name a model by what it is made of and judged on, `model-` and 20 hex digits: the same `model.ubj`, feature spec and
 * dataset give the same id. The dataset counts because its test rows decide the evaluation report that lies beside the model,
 * and the version of the metadata because files of another version would lie in the same folder.
 *
 * @param made digests of `model.ubj`, the feature spec and the dataset, 64 lower-case hex digits each
 */
export function modelId(
  made: Pick<ModelMetadata, 'model_ubj_sha256' | 'feature_spec_sha256' | 'dataset_sha256'>,
): string {
  const digests = [made.model_ubj_sha256, made.feature_spec_sha256, made.dataset_sha256];
  const texts = [...digests.map((digest) => sha256Schema.parse(digest)), `version ${MODEL_METADATA_VERSION}`];
  return `model-${sha256HexOfText(texts.join('\n')).slice(0, 20)}`;
}

/**
 * Parse the text of `metadata.json`. Failures: `model_of_another_version`; `model_metadata_unreadable`, naming the first
 * entry that is not as expected.
 */
export function parseModelMetadata(text: string): Result<ModelMetadata> {
  const hint =
    'Take metadata.json again from where the model was made; it belongs to one version of Leadbench.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('model_metadata_unreadable', 'The model metadata is not JSON.', hint);
  }
  const other = anotherVersion(json);
  if (other !== null) {
    return fail(
      'model_of_another_version',
      `The model was made by another Leadbench: its metadata is of version ${other}, and ${MODEL_METADATA_VERSION} is read here.`,
      'Evaluate its study again, or use the Leadbench that made it.',
    );
  }
  const parsed = modelMetadataSchema.safeParse(json);
  if (parsed.success) return succeed(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'its top';
  return fail(
    'model_metadata_unreadable',
    `The model metadata is wrong at ${where}: ${issue?.message}.`,
    hint,
  );
}

/** The version of metadata that is not read here; null where it is, and where there is none. */
function anotherVersion(json: unknown): number | null {
  const parsed = z.object({ version: z.int().min(1) }).safeParse(json);
  return parsed.success && parsed.data.version !== MODEL_METADATA_VERSION ? parsed.data.version : null;
}

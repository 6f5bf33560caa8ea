import { sha256HexOfText } from '@/lib/core/digest';
import { type ModelMetadata, modelId } from '@/lib/scoring/model-metadata';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';

const digest = sha256HexOfText('a');

/** Metadata as a published model has them, of nothing real. */
export function publishedMetadata(change: Partial<ModelMetadata> = {}): ModelMetadata {
  return {
    version: 3,
    model_id: modelId({ model_ubj_sha256: digest, feature_spec_sha256: digest, dataset_sha256: digest }),
    study: studyConfigOf(DEFAULT_PIPELINE_PARAMS, { datasetDigest: digest, featureSpecDigest: digest }),
    best_trial_number: 7,
    params: { max_depth: 4, learning_rate: 0.1, n_estimators: 100, subsample: 0.8, colsample_bytree: 0.9 },
    n_rounds: 60,
    objective_value: 0.75,
    objective_standard_error: 0.03125,
    xgboost_seed: 1,
    xgboost_version: '3.4.1',
    leadbench_version: '0.1.0',
    code_sha256: digest,
    feature_names: ['tag_count'],
    feature_spec_sha256: digest,
    dataset_sha256: digest,
    test_rows_sha256: digest,
    model_ubj_sha256: digest,
    model_onnx_sha256: digest,
    n_train: 60,
    n_validation: 20,
    n_test: 20,
    calibration: {
      method: { kind: 'platt', slope: 0.75, intercept: -0.5 },
      n_rows: 20,
      seed: 1,
      log_loss: [
        { kind: 'platt', log_loss: 0.25 },
        { kind: 'none', log_loss: 0.5 },
      ],
    },
    threshold: 0.25,
    tier_cutoffs: { A: 0.5, B: 0.25, C: 0.125 },
    validation_roc_auc: 0.75,
    test_roc_auc: 0.75,
    onnx_max_margin_difference: 0,
    onnx_max_probability_difference: 0,
    gate_override_reason: null,
    ...change,
  };
}

import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import { evaluationReport } from '@/lib/evaluation/build-report';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { type FeatureMatrix, SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest, specJson } from '@/lib/features/spec-json';
import { rowsOfPart } from '@/lib/features/split';
import { onnxFromXgboost } from '@/lib/onnx/export-onnx';
import { parseXgboostModel } from '@/lib/onnx/xgboost-model';
import { MODEL_METADATA_VERSION, type ModelMetadata, modelId } from '@/lib/scoring/model-metadata';
import { parityVerdict } from '@/lib/scoring/parity';
import { tierCutoffs } from '@/lib/scoring/tiers';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import type { FinalFit } from '@/lib/server/xgboost/trial-executor';
import type { TrialParams } from '@/lib/tuning/search-space';
import type { StudyConfig } from '@/lib/tuning/study-events';
import type { ModelFile } from './model-files';

/** All that a model is made from. Holds no time and no name of a run, so the same input gives the same files. */
export interface ModelInput {
  readonly config: StudyConfig;
  readonly bestTrialNumber: number;
  readonly params: TrialParams;
  readonly xgboostSeed: number;
  readonly xgboostVersion: string;
  readonly leadbenchVersion: string;
  readonly gateOverrideReason: string | null;
  readonly featureSpec: FeatureSpec;
  /** The one that the study's config names. */
  readonly dataset: TrainingDataset;
  readonly finalFit: FinalFit;
}

/** A model with everything that is published of it. */
export interface BuiltModel {
  readonly modelId: string;
  readonly metadata: ModelMetadata;
  readonly report: EvaluationReport;
  /** By name, byte for byte as they are written. */
  readonly files: Readonly<Record<ModelFile, Uint8Array>>;
}

/**
 * Judge a final fit on the test rows, write it as ONNX, prove over all test rows that ONNX scores as libxgboost did, and
 * put its files together.
 *
 * @returns a failure of `parseXgboostModel`, or `onnx_mismatch`: then there is no model
 * @throws ExpectedFailure `one_class_only` as `evaluationReport`; an error where the fit does not belong to the dataset
 */
export async function buildModel(input: ModelInput): Promise<Result<BuiltModel>> {
  const { finalFit, featureSpec, dataset } = input;
  const model = parseXgboostModel(finalFit.modelJson);
  if (!model.ok) return model;
  const { featureNames } = dataset.matrix;
  const id = modelId({
    model_ubj_sha256: sha256Hex(finalFit.modelUbj),
    feature_spec_sha256: specDigest(featureSpec),
    dataset_sha256: input.config.datasetDigest,
  });
  const onnx = onnxFromXgboost({ model: model.value, featureNames, metadata: { model_id: id } });
  const parity = await onnxParity(onnx, dataset, finalFit);
  if (!parity.ok) return parity;
  const report = evaluationReport({
    modelId: id,
    nTrain: rowsOfPart(dataset.split, SplitPart.train).length,
    validation: { labels: finalFit.validationLabels, probabilities: finalFit.validationProbabilities },
    test: { labels: finalFit.testLabels, probabilities: finalFit.testProbabilities },
    model: model.value,
    featureNames,
  });
  const metadata = metadataOf(input, { id, onnx, report, onnxMaxMarginDifference: parity.value });
  const files = {
    'model.ubj': finalFit.modelUbj,
    'model.onnx': onnx,
    'metadata.json': encoded(readableJson(metadata)),
    'feature_spec.json': encoded(specJson(featureSpec)),
    'evaluation_report.json': encoded(readableJson(report)),
    'test_margins.f32': littleEndianBytes(finalFit.testMargins),
  };
  return succeed({ modelId: id, metadata, report, files });
}

async function onnxParity(
  onnx: Uint8Array,
  dataset: TrainingDataset,
  finalFit: FinalFit,
): Promise<Result<number>> {
  const rows = rowsOfPart(dataset.split, SplitPart.test);
  const sameLabels =
    rows.length === finalFit.testLabels.length &&
    rows.every((row, i) => dataset.labels[row] === finalFit.testLabels[i]);
  if (!sameLabels) throw new Error('The final fit was judged on other test rows than the dataset has.');
  const session = await openNodeScoringSession(onnx, dataset.matrix.featureNames);
  try {
    const { margins } = await session.score(matrixOfRows(dataset.matrix, rows));
    return parityVerdict(margins, finalFit.testMargins);
  } finally {
    await session.close();
  }
}

function matrixOfRows({ values, featureNames }: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const nColumns = featureNames.length;
  const chosen = new Float32Array(rows.length * nColumns);
  rows.forEach((row, i) => {
    chosen.set(values.subarray(row * nColumns, (row + 1) * nColumns), i * nColumns);
  });
  return { values: chosen, nRows: rows.length, featureNames };
}

function metadataOf(
  input: ModelInput,
  made: {
    readonly id: string;
    readonly onnx: Uint8Array;
    readonly report: EvaluationReport;
    readonly onnxMaxMarginDifference: number;
  },
): ModelMetadata {
  const { finalFit, config } = input;
  const { report } = made;
  return {
    version: MODEL_METADATA_VERSION,
    model_id: made.id,
    study: config,
    best_trial_number: input.bestTrialNumber,
    params: input.params,
    xgboost_seed: input.xgboostSeed,
    xgboost_version: input.xgboostVersion,
    leadbench_version: input.leadbenchVersion,
    feature_names: [...input.dataset.matrix.featureNames],
    feature_spec_sha256: specDigest(input.featureSpec),
    dataset_sha256: config.datasetDigest,
    model_ubj_sha256: sha256Hex(finalFit.modelUbj),
    model_onnx_sha256: sha256Hex(made.onnx),
    n_train: report.n_train,
    n_validation: report.n_validation,
    n_test: report.n_test,
    threshold: report.threshold,
    tier_cutoffs: tierCutoffs(finalFit.validationProbabilities),
    validation_roc_auc: report.validation_roc_auc,
    test_roc_auc: report.roc_auc,
    onnx_max_margin_difference: made.onnxMaxMarginDifference,
    gate_override_reason: input.gateOverrideReason,
  };
}

/** Indented, so that a person can read the file and compare two. */
function readableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import { logisticBaseline } from '@/lib/evaluation/baseline/logistic-baseline';
import { evaluationReport } from '@/lib/evaluation/build-report';
import { type CalibratedRows, calibratedRows } from '@/lib/evaluation/calibration/calibrated-rows';
import { type ChosenCalibration, chooseCalibration } from '@/lib/evaluation/calibration/choose-calibration';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { certainLeaks, leakageSuspects } from '@/lib/evaluation/leakage/suspects';
import { validationScoresCsv } from '@/lib/evaluation/scorecard/validation-scores';
import { type FeatureMatrix, SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest, specJson } from '@/lib/features/spec-json';
import { rowsOfPart } from '@/lib/features/split';
import { testRowsDigest } from '@/lib/features/test-rows';
import { onnxFromXgboost } from '@/lib/onnx/export-onnx';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { type XgboostModel, xgboostModelOf } from '@/lib/onnx/xgboost-model';
import { MODEL_METADATA_VERSION, type ModelMetadata, modelId } from '@/lib/scoring/model-metadata';
import { parityVerdict, probabilityVerdict } from '@/lib/scoring/parity';
import { fitReasonGroups } from '@/lib/scoring/reasons/reason-groups';
import { tierCutoffs } from '@/lib/scoring/tiers';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import type { FinalFit } from '@/lib/server/xgboost/trial-executor';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { CompleteTrial } from '@/lib/tuning/study/trial-record';
import { trialSeed } from '@/lib/tuning/study/trial-seed';
import type { ModelFile } from './model-files';

/** What a model keeps of the trial that it is made of. */
export type BestTrial = Pick<CompleteTrial, 'number' | 'params' | 'rounds' | 'metrics' | 'standardError'>;

/** All that a model is made from. Holds no time and no name of a run, so the same input gives the same files. */
export interface ModelInput {
  readonly config: StudyConfig;
  readonly best: BestTrial;
  readonly xgboostVersion: string;
  readonly leadbenchVersion: string;
  /** As `codeSha256` gives it. */
  readonly codeDigest: string;
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

/** Of the folds that calibrations are compared on. The same for all, since the model's id does not name the study's seed. */
const CALIBRATION_SEED = 1;

/**
 * Calibrate a final fit on the validation rows, judge it on the test rows, write it as ONNX, prove over all test rows that ONNX scores as libxgboost did, and
 * put its files together. All is read from the very bytes of `model.ubj` that are published, and these pass the check
 * that every stored model must pass.
 *
 * @returns a failure of `checkedModelFile` or `xgboostModelOf`, or `onnx_mismatch`: then there is no model
 * @throws ExpectedFailure `one_class_only` as `evaluationReport`; an error where the fit does not belong to the dataset
 */
export async function buildModel(input: ModelInput): Promise<Result<BuiltModel>> {
  const { finalFit, featureSpec, dataset } = input;
  const { featureNames } = dataset.matrix;
  const model = readModel(finalFit.modelUbj, featureNames);
  if (!model.ok) return model;
  const id = modelId({
    model_ubj_sha256: sha256Hex(finalFit.modelUbj),
    feature_spec_sha256: specDigest(featureSpec),
    dataset_sha256: input.config.datasetDigest,
  });
  const validationRows = { margins: finalFit.validationMargins, labels: finalFit.validationLabels };
  const chosen = chooseCalibration(validationRows, CALIBRATION_SEED);
  const { calibration } = chosen;
  const validation = calibratedRows(calibration, validationRows);
  const test = calibratedRows(calibration, { margins: finalFit.testMargins, labels: finalFit.testLabels });
  const onnx = onnxFromXgboost({ model: model.value, featureNames, calibration, metadata: { model_id: id } });
  const parity = await onnxParity(onnx, dataset, test);
  if (!parity.ok) return parity;
  const report = evaluationReport({
    modelId: id,
    nTrain: rowsOfPart(dataset.split, SplitPart.train).length,
    calibration,
    baseline: logisticBaseline(featureSpec, dataset),
    validation,
    test,
    model: model.value,
    featureNames,
  });
  const metadata = metadataOf(input, { id, onnx, report, chosen, validation, parity: parity.value });
  const files = {
    'model.ubj': finalFit.modelUbj,
    'model.onnx': onnx,
    'metadata.json': encoded(readableJson(metadata)),
    'feature_spec.json': encoded(specJson(featureSpec)),
    'evaluation_report.json': encoded(readableJson(report)),
    'test_margins.f32': marginBytes(finalFit.testMargins),
    'validation_scores.csv': encoded(validationScoresCsv(validation)),
    'reason_groups.json': encoded(readableJson(fitReasonGroups(featureSpec, dataset))),
  };
  return succeed({ modelId: id, metadata, report, files });
}

function readModel(modelUbj: Uint8Array, featureNames: readonly string[]): Result<XgboostModel> {
  const checked = checkedModelFile(modelUbj, 'ubj', featureNames);
  return checked.ok ? xgboostModelOf(checked.value.document) : checked;
}

interface OnnxParity {
  readonly margin: number;
  readonly probability: number;
}

async function onnxParity(
  onnx: Uint8Array,
  dataset: TrainingDataset,
  test: CalibratedRows,
): Promise<Result<OnnxParity>> {
  const rows = rowsOfPart(dataset.split, SplitPart.test);
  const sameLabels =
    rows.length === test.labels.length && rows.every((row, i) => dataset.labels[row] === test.labels[i]);
  if (!sameLabels) throw new Error('The final fit was judged on other test rows than the dataset has.');
  const session = await openNodeScoringSession(onnx, dataset.matrix.featureNames);
  try {
    const { margins, probabilities } = await session.score(matrixOfRows(dataset.matrix, rows));
    const margin = parityVerdict(margins, test.margins);
    if (!margin.ok) return margin;
    const probability = probabilityVerdict(probabilities, test.probabilities);
    if (!probability.ok) return probability;
    return succeed({ margin: margin.value, probability: probability.value });
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
    readonly chosen: ChosenCalibration;
    readonly validation: CalibratedRows;
    readonly parity: OnnxParity;
  },
): ModelMetadata {
  const { finalFit, config, best } = input;
  const { report, chosen, validation, parity } = made;
  return {
    version: MODEL_METADATA_VERSION,
    model_id: made.id,
    study: config,
    best_trial_number: best.number,
    params: best.params,
    n_rounds: best.rounds,
    objective_value: best.metrics[config.objective],
    objective_standard_error: best.standardError,
    xgboost_seed: trialSeed(config),
    xgboost_version: input.xgboostVersion,
    leadbench_version: input.leadbenchVersion,
    code_sha256: input.codeDigest,
    feature_names: [...input.dataset.matrix.featureNames],
    feature_spec_sha256: specDigest(input.featureSpec),
    dataset_sha256: config.datasetDigest,
    test_rows_sha256: testRowsDigest(input.dataset),
    model_ubj_sha256: sha256Hex(finalFit.modelUbj),
    model_onnx_sha256: sha256Hex(made.onnx),
    n_train: report.n_train,
    n_validation: report.n_validation,
    n_test: report.n_test,
    calibration: {
      method: chosen.calibration,
      n_rows: validation.labels.length,
      seed: CALIBRATION_SEED,
      log_loss: chosen.trials.map(({ kind, logLoss }) => ({ kind, log_loss: logLoss })),
    },
    threshold: report.threshold,
    tier_cutoffs: tierCutoffs(validation.probabilities),
    validation_roc_auc: report.validation_roc_auc,
    test_roc_auc: report.roc_auc,
    onnx_max_margin_difference: parity.margin,
    onnx_max_probability_difference: parity.probability,
    gate_override_reason: input.gateOverrideReason,
    leakage: [...certainLeaks(leakageSuspects(input.featureSpec, input.dataset))],
  };
}

/** Indented, so that a person can read the file and compare two. */
function readableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Write margins as `test_margins.f32` holds them. */
export function marginBytes(margins: Float32Array): Uint8Array {
  const bytes = new Uint8Array(margins.length * 4);
  const view = new DataView(bytes.buffer);
  margins.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { CALIBRATION_OPERATORS } from './calibration-nodes';
import { FEATURE_NAMES_KEY, ONNX_NAMES } from './export-onnx';
import { onnxSummary } from './onnx-summary';

/** The part of the module `onnxruntime-web/wasm` that scoring uses; the caller brings the module. */
export interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number | undefined } };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options: { readonly executionProviders: readonly string[] },
    ): Promise<OnnxInferenceSession>;
  };
}

/** A tensor of onnxruntime. */
export interface OnnxTensor {
  readonly data: unknown;
}

/** A loaded model of onnxruntime. */
export interface OnnxInferenceSession {
  run(feeds: Record<string, OnnxTensor>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/** Rows to score, row-major, columns in the order of the session's feature names; a `FeatureMatrix` is one. */
export interface ScorableMatrix {
  readonly values: Float32Array;
  readonly nRows: number;
  readonly featureNames: readonly string[];
}

/** Scores of all rows, in their order. */
export interface Scores {
  /** 0–1, float32: the margin's calibrated probability. */
  readonly probabilities: Float32Array;
  /** Log-odds, float32; equal to libxgboost's. */
  readonly margins: Float32Array;
}

/** Called after each chunk. */
export type ScoringProgress = (nScored: number, nRows: number) => void;

/** A model that is ready to score. */
export interface ScoringSession {
  readonly featureNames: readonly string[];
  /** Texts that travel in the file, such as the model's id. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Score rows in chunks of 20,000. @throws where the matrix has other features or another size than it says */
  score(matrix: ScorableMatrix, onProgress?: ScoringProgress): Promise<Scores>;
  /** Free the model's memory. */
  close(): Promise<void>;
}

/** Rows scored at once: large enough that calls cost nothing, small enough to keep memory low and progress moving. */
const CHUNK_ROWS = 20_000;
/** A model of 200 trees of depth 8 has under 1 MB. */
const MAX_MODEL_BYTES = 64 * 1024 * 1024;
const ALLOWED_OPERATORS: readonly string[] = [...CALIBRATION_OPERATORS, 'ai.onnx.ml:TreeEnsembleRegressor'];

/**
 * Open an ONNX model made by `onnxFromXgboost` for scoring. Sets `ort.env.wasm.numThreads` to 1: on more threads
 * onnxruntime adds up the trees in another order, and margins differ from libxgboost's by up to 5e-6.
 *
 * @param options.ort the module `onnxruntime-web/wasm` (its `/webgpu` and `/jspi` siblings lack the tree operators)
 * @param options.featureNames the names that the matrix will have, in column order
 * @throws ExpectedFailure with one of the codes of `checkedOnnx`, or `onnx_unreadable` where onnxruntime refuses the model
 */
export async function openScoringSession(options: {
  readonly ort: OnnxRuntime;
  readonly modelBytes: Uint8Array;
  readonly featureNames: readonly string[];
}): Promise<ScoringSession> {
  const { ort, modelBytes, featureNames } = options;
  const checked = checkedOnnx(modelBytes, featureNames);
  if (!checked.ok) throw new ExpectedFailure(checked.error);
  ort.env.wasm.numThreads = 1;
  const session = await createSession(ort, modelBytes);
  return {
    featureNames,
    metadata: checked.value,
    score: (matrix, onProgress) => scoredRows({ ort, session, featureNames, matrix, onProgress }),
    close: () => session.release(),
  };
}

/**
 * Check an ONNX file before it is run: at most 64 MB, only the operators that Leadbench writes, its input and outputs, and
 * the very features that the matrix will have. Gives the file's metadata.
 *
 * Failures: `onnx_too_large`, `onnx_unreadable`, `onnx_not_allowed`, `onnx_features_differ`.
 */
export function checkedOnnx(
  modelBytes: Uint8Array,
  featureNames: readonly string[],
): Result<ReadonlyMap<string, string>> {
  const hint = 'Use a model.onnx that Leadbench made, with the metadata.json beside it.';
  if (modelBytes.length > MAX_MODEL_BYTES) {
    return fail('onnx_too_large', `The ONNX model has ${modelBytes.length} bytes, more than 64 MB.`, hint);
  }
  const summary = onnxSummary(modelBytes);
  if (!summary.ok) return summary;
  const { operators, inputs, outputs, metadata, hasForeignParts } = summary.value;
  const foreign = operators.find((operator) => !ALLOWED_OPERATORS.includes(operator));
  if (foreign !== undefined) {
    return fail(
      'onnx_not_allowed',
      `The ONNX model uses the operator ${foreign}, which is not allowed.`,
      hint,
    );
  }
  if (hasForeignParts) {
    return fail('onnx_not_allowed', 'The ONNX model brings functions, training or other files.', hint);
  }
  const isOurs =
    sameTexts(inputs, [ONNX_NAMES.input]) && sameTexts(outputs, [ONNX_NAMES.probability, ONNX_NAMES.margin]);
  if (!isOurs) {
    return fail(
      'onnx_not_allowed',
      'The ONNX model does not have the input and outputs of a Leadbench model.',
      hint,
    );
  }
  if (metadata.get(FEATURE_NAMES_KEY) !== JSON.stringify(featureNames)) {
    return fail(
      'onnx_features_differ',
      `The ONNX model was made for other features than the ${featureNames.length} that are to be scored.`,
      'Prepare the rows with the feature_spec.json that came with the model.',
    );
  }
  return succeed(metadata);
}

async function createSession(ort: OnnxRuntime, modelBytes: Uint8Array): Promise<OnnxInferenceSession> {
  try {
    return await ort.InferenceSession.create(modelBytes, { executionProviders: ['wasm'] });
  } catch (error) {
    const failure = {
      code: 'onnx_unreadable',
      message: `onnxruntime cannot load the model: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Take the file again from where it was made.',
    };
    throw new ExpectedFailure(failure, { cause: error });
  }
}

async function scoredRows(options: {
  readonly ort: OnnxRuntime;
  readonly session: OnnxInferenceSession;
  readonly featureNames: readonly string[];
  readonly matrix: ScorableMatrix;
  readonly onProgress: ScoringProgress | undefined;
}): Promise<Scores> {
  const { ort, session, featureNames, matrix, onProgress } = options;
  checkMatrix(matrix, featureNames);
  const nColumns = featureNames.length;
  const scores = { probabilities: new Float32Array(matrix.nRows), margins: new Float32Array(matrix.nRows) };
  for (let start = 0; start < matrix.nRows; start += CHUNK_ROWS) {
    const end = Math.min(start + CHUNK_ROWS, matrix.nRows);
    const rows = matrix.values.subarray(start * nColumns, end * nColumns);
    const input = new ort.Tensor('float32', rows, [end - start, nColumns]);
    const outputs = await session.run({ [ONNX_NAMES.input]: input });
    scores.probabilities.set(column(outputs, ONNX_NAMES.probability, end - start), start);
    scores.margins.set(column(outputs, ONNX_NAMES.margin, end - start), start);
    onProgress?.(end, matrix.nRows);
  }
  return scores;
}

function checkMatrix(matrix: ScorableMatrix, featureNames: readonly string[]): void {
  if (!sameTexts(matrix.featureNames, featureNames)) {
    throw new Error(
      `Expected the features ${featureNames.join(', ')}, got ${matrix.featureNames.join(', ')}.`,
    );
  }
  if (matrix.values.length !== matrix.nRows * featureNames.length) {
    throw new Error(`Expected ${matrix.nRows} × ${featureNames.length} values, got ${matrix.values.length}.`);
  }
}

function column(outputs: Readonly<Record<string, OnnxTensor>>, name: string, nRows: number): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array) || data.length !== nRows) {
    throw new Error(`Expected ${nRows} float32 values in the output ${name}.`);
  }
  return data;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

import koffi, { type LibraryHandle } from 'koffi';
import { ExpectedFailure } from '@/lib/core/result';

/** A call that libxgboost refused, in the library's own words. */
export class XgboostError extends Error {
  constructor(call: string, message: string) {
    super(`${call}: ${message}`);
    this.name = 'XgboostError';
  }
}

/** Dense training or scoring rows for libxgboost. */
export interface DenseRows {
  /** Row-major, labels.length × featureNames.length. NaN is missing; infinite values are refused by libxgboost. */
  readonly values: Float32Array;
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  readonly featureNames: readonly string[];
}

/** libxgboost's copy of some rows. Free it when done; the memory is not JavaScript's. */
export interface DMatrix {
  readonly handle: bigint;
  readonly nRows: number;
  readonly featureNames: readonly string[];
  free(): void;
}

/** A model being trained or scored with. Use it on the thread that made it, and free it there. */
export interface Booster {
  /** Boost one round. Rounds are 0, 1, 2 … without gaps. */
  update(round: number, matrix: DMatrix): void;
  /**
   * Score rows, one value a row: probability of label 1, or the margin (log-odds) before the sigmoid.
   *
   * @param nRounds of the model's rounds to score with, from the first; all where left out
   */
  predict(matrix: DMatrix, output: 'probability' | 'margin', nRounds?: number): Float32Array;
  /**
   * Give each feature's part in each row's margin (exact TreeSHAP, XGBoost's `pred_contribs`): row-major, as many columns as
   * features, then one for what no feature tells, so that a row's parts add up to its margin.
   */
  contributions(matrix: DMatrix): Float32Array;
  /** Write the model in XGBoost's own format, UBJSON or JSON in UTF-8. */
  save(format: 'ubj' | 'json'): Uint8Array;
  free(): void;
}

/** The part of libxgboost's C interface that training needs. */
export interface XgboostLibrary {
  /** For example `3.4.1`. */
  readonly version: string;
  /** Optional functions and build flags, by name. */
  readonly features: Readonly<Record<string, boolean>>;
  createMatrix(rows: DenseRows): DMatrix;
  /** Make an untrained model that carries the matrix's feature names. Parameters carry XGBoost's own names; `nthread` must be among them. */
  createBooster(matrix: DMatrix, params: Readonly<Record<string, string>>): Booster;
  /**
   * Load a stored model, UBJSON or JSON, to score with one thread. libxgboost does not check what it loads: give it only
   * files whose digest and structure were checked, in a process that may be lost.
   *
   * @throws XgboostError where the library refuses the bytes
   */
  loadBooster(model: Uint8Array): Booster;
}

type NativeCall = (...args: readonly unknown[]) => number;
type Bind = (definition: string) => NativeCall;

/** Functions that come and go with the version; `features` says which are there. */
const OPTIONAL_SYMBOLS = [
  'XGBoosterReset',
  'XGBoosterTrainOneIter',
  'XGDMatrixCreateFromColumnar',
  'XGQuantileDMatrixCreateFromCallback',
  'XGTrackerCreate',
];
const MATRIX_CONFIG = '{"missing":NaN,"nthread":1}';

/**
 * Load libxgboost and check what it is. For child processes only: a native crash takes its process along.
 *
 * @param path absolute path, or a name that the system's loader resolves
 * @throws ExpectedFailure `engine_unusable` where it does not load, is older than 1.7 or lacks a needed function
 */
export function openLibrary(path: string): XgboostLibrary {
  try {
    const library = koffi.load(path);
    const version = versionOf(library);
    return { version, features: featuresOf(library), ...bound(library) };
  } catch (error) {
    if (error instanceof XgboostError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpectedFailure(
      {
        code: 'engine_unusable',
        message: `The XGBoost library ${path} cannot be used: ${reason.replace(/\.$/, '')}.`,
        hint: 'Run "npm run setup", or set XGBOOST_LIB to the absolute path of libxgboost 1.7 or newer.',
      },
      { cause: error },
    );
  }
}

function versionOf(library: LibraryHandle): string {
  const numbers: [number[], number[], number[]] = [[0], [0], [0]];
  library.func('void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)')(...numbers);
  const [major = 0, minor = 0, patch = 0] = numbers.map((out) => out[0]);
  const version = `${major}.${minor}.${patch}`;
  if (major < 1 || (major === 1 && minor < 7)) {
    throw new Error(`it is XGBoost ${version}, and 1.7 or newer is needed`);
  }
  return version;
}

function featuresOf(library: LibraryHandle): Record<string, boolean> {
  const features: Record<string, boolean> = {};
  for (const symbol of OPTIONAL_SYMBOLS) features[symbol] = hasSymbol(library, symbol);
  const text: [string | null] = [null];
  const buildInfo: NativeCall = library.func('int XGBuildInfo(_Out_ const char **out)');
  if (buildInfo(text) !== 0 || text[0] === null) throw new Error('it does not say how it was built');
  const flags: Record<string, unknown> = JSON.parse(text[0]);
  for (const [name, value] of Object.entries(flags)) if (typeof value === 'boolean') features[name] = value;
  return features;
}

function hasSymbol(library: LibraryHandle, name: string): boolean {
  try {
    library.symbol(name);
    return true;
  } catch (error) {
    // koffi has no other way to say that a symbol is not there.
    if (error instanceof Error && error.message.includes(name)) return false;
    throw error;
  }
}

function bound(library: LibraryHandle): Omit<XgboostLibrary, 'version' | 'features'> {
  const lastError: () => string = library.func('const char *XGBGetLastError()');
  const bind: Bind = (definition) => {
    const call: NativeCall = library.func(definition);
    const name = /XG\w+/.exec(definition)?.[0] ?? definition;
    return (...args) => {
      const status = call(...args);
      // The message is kept for the calling thread until its next failing call.
      if (status !== 0) throw new XgboostError(name, firstLineOf(lastError()));
      return status;
    };
  };
  return { createMatrix: matrixMaker(bind), ...boosterMakers(bind) };
}

/** Drop the C++ stack trace that libxgboost appends to a message. */
function firstLineOf(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '') ?? 'no reason given';
}

function matrixMaker(bind: Bind): XgboostLibrary['createMatrix'] {
  const create = bind(
    'int XGDMatrixCreateFromDense(const char *data, const char *config, _Out_ void **handle)',
  );
  const setInfo = bind(
    'int XGDMatrixSetInfoFromInterface(void *handle, const char *field, const char *data)',
  );
  const free = bind('int XGDMatrixFree(void *handle)');
  return ({ values, labels, featureNames }) => {
    const nRows = labels.length;
    const nFeatures = featureNames.length;
    if (values.length !== nRows * nFeatures) {
      throw new Error(`Expected ${nRows} × ${nFeatures} values, got ${values.length}`);
    }
    const handle = outHandle((out) => create(arrayInterface(values, [nRows, nFeatures]), MATRIX_CONFIG, out));
    const matrix = { handle, nRows, featureNames, free: () => void free(handle) };
    try {
      const floatLabels = Float32Array.from(labels);
      setInfo(handle, 'label', arrayInterface(floatLabels, [nRows]));
      return matrix;
    } catch (error) {
      matrix.free();
      throw error;
    }
  };
}

/** Describe a typed array to libxgboost by address. The array must be reachable until the call returns. */
function arrayInterface(values: Float32Array, shape: readonly number[]): string {
  return `{"data":[${koffi.address(values)},true],"typestr":"<f4","version":3,"strides":null,"shape":[${shape}]}`;
}

function boosterMakers(bind: Bind): Pick<XgboostLibrary, 'createBooster' | 'loadBooster'> {
  const create = bind('int XGBoosterCreate(void **matrices, uint64_t n, _Out_ void **handle)');
  const setParam = bind('int XGBoosterSetParam(void *handle, const char *name, const char *value)');
  const setFeatureInfo = bind(
    'int XGBoosterSetStrFeatureInfo(void *handle, const char *field, const char **features, uint64_t size)',
  );
  const load = bind('int XGBoosterLoadModelFromBuffer(void *handle, const void *bytes, uint64_t length)');
  const update = bind('int XGBoosterUpdateOneIter(void *handle, int round, void *matrix)');
  const free = bind('int XGBoosterFree(void *handle)');
  const predict = predictor(bind);
  const save = saver(bind);

  const made = (matrices: readonly bigint[], setUp: (handle: bigint) => void): Booster => {
    const handle = outHandle((out) => create(matrices, matrices.length, out));
    try {
      setUp(handle);
    } catch (error) {
      free(handle);
      throw error;
    }
    return {
      update: (round, rows) => void update(handle, round, rows.handle),
      predict: (rows, output, nRounds) => predict(handle, rows, { output, nRounds: nRounds ?? 0 }),
      contributions: (rows) => predict(handle, rows, { output: 'contributions', nRounds: 0 }),
      save: (format) => save(handle, format),
      free: () => void free(handle),
    };
  };
  return {
    createBooster: (matrix, params) =>
      made([matrix.handle], (handle) => {
        for (const [name, value] of Object.entries(params)) setParam(handle, name, value);
        setFeatureInfo(handle, 'feature_name', matrix.featureNames, matrix.featureNames.length);
      }),
    loadBooster: (model) =>
      made([], (handle) => {
        load(handle, model, model.length);
        // A loaded model would score with every core there is.
        setParam(handle, 'nthread', '1');
      }),
  };
}

/** As libxgboost numbers them. */
const PREDICTION_TYPES = { probability: 0, margin: 1, contributions: 2 } as const;

interface Prediction {
  readonly output: keyof typeof PREDICTION_TYPES;
  /** 0 for all. */
  readonly nRounds: number;
}

function predictor(bind: Bind): (handle: bigint, rows: DMatrix, prediction: Prediction) => Float32Array {
  const predict = bind(
    'int XGBoosterPredictFromDMatrix(void *handle, void *matrix, const char *config, _Out_ void **shape, _Out_ uint64_t *nDimensions, _Out_ void **result)',
  );
  return (handle, rows, { output, nRounds }) => {
    const type = PREDICTION_TYPES[output];
    const config = `{"type":${type},"training":false,"iteration_begin":0,"iteration_end":${nRounds},"strict_shape":false}`;
    const shape: unknown[] = [null];
    const nDimensions: unknown[] = [0];
    const result = outHandle((out) => predict(handle, rows.handle, config, shape, nDimensions, out));
    const dimensions = Array.from<number | bigint>(
      koffi.decode(shape[0], 'uint64_t', Number(nDimensions[0])),
    );
    const expected = output === 'contributions' ? [rows.nRows, rows.featureNames.length + 1] : [rows.nRows];
    if (String(dimensions) !== String(expected)) {
      throw new Error(`Expected predictions of shape ${expected}, got ${dimensions}`);
    }
    // The result is libxgboost's own memory, written again by its next call: copied at once.
    const nValues = expected.reduce((product, length) => product * length, 1);
    return new Float32Array(koffi.view(result, nValues * 4)).slice();
  };
}

function saver(bind: Bind): (handle: bigint, format: 'ubj' | 'json') => Uint8Array {
  const save = bind(
    'int XGBoosterSaveModelToBuffer(void *handle, const char *config, _Out_ uint64_t *length, _Out_ void **bytes)',
  );
  return (handle, format) => {
    const length: unknown[] = [0];
    const bytes = outHandle((out) => save(handle, `{"format":"${format}"}`, length, out));
    return new Uint8Array(koffi.view(bytes, Number(length[0]))).slice();
  };
}

function outHandle(call: (out: unknown[]) => number): bigint {
  const out: unknown[] = [null];
  call(out);
  const handle = out[0];
  if (typeof handle !== 'bigint') throw new Error('Expected a pointer from libxgboost, got none');
  return handle;
}

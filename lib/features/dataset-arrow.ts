import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { ExpectedFailure, type Failure, fail, type Result, succeed } from '@/lib/core/result';
import { type ArrowColumn, type ArrowTable, readArrowStream } from './arrow-ipc';
import { SplitPart, type TrainingDataset } from './matrix';

/** Version of the dataset's format. A reader refuses any other. */
export const DATASET_VERSION = '1';

/** What a reader accepts at most; `maxCells` values of float32 fill 2 GB. */
export const DATASET_LIMITS = { maxFeatures: 2000, maxRows: 5_000_000, maxCells: 500_000_000 } as const;

const VERSION_KEY = 'leadbench.dataset.version';
const LABEL = 'label';
const SPLIT = 'split';
/** Rows transposed at a time, few enough that a block of 59 features stays in a core's cache. */
const BLOCK_ROWS = 256;

/**
 * Write a training dataset as an Arrow IPC stream: one float32 column a feature, in order, then `label` and `split` as
 * uint8, in one record batch, with the format's version in the schema. The same dataset gives the same bytes.
 *
 * @throws where there is no row, lengths do not fit each other or names are not unique
 */
export function encodeDataset({ matrix, labels, split }: TrainingDataset): Uint8Array {
  const { values, nRows, featureNames } = matrix;
  const nFeatures = featureNames.length;
  if (nRows === 0) throw new Error('Expected at least one row, got none');
  expectLength('values', values.length, nRows * nFeatures);
  expectLength('labels', labels.length, nRows);
  expectLength('split', split.length, nRows);
  const names = [...featureNames, LABEL, SPLIT];
  if (new Set(names).size !== names.length) {
    throw new Error('Expected unique feature names other than label and split');
  }
  const columns = columnsOf(values, nRows, nFeatures);
  const table = tableFromArrays([
    ...featureNames.map(
      (name, i) => [name, columns.subarray(i * nRows, (i + 1) * nRows)] as [string, Float32Array],
    ),
    [LABEL, labels],
    [SPLIT, split],
  ]);
  table.schema.metadata = new Map([[VERSION_KEY, DATASET_VERSION]]);
  const bytes = tableToIPC(table, { format: 'stream' });
  if (bytes === null) throw new Error('Expected Arrow bytes, got none');
  return bytes;
}

/**
 * Read and check a training dataset from untrusted bytes. Beyond the format: at most `DATASET_LIMITS`, unique names, no
 * nulls, no infinite value (NaN is allowed, XGBoost takes it as missing), labels 0 or 1, split 0 to 2, and buyers as well
 * as non-buyers in each part.
 *
 * @returns a failure `dataset_malformed`, `dataset_version`, `dataset_too_large`, `dataset_invalid` or `dataset_part_unusable`
 */
export function decodeDataset(bytes: Uint8Array): Result<TrainingDataset> {
  try {
    // Columns are viewed as float32, which needs them aligned; Arrow aligns them to the start of the file.
    const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const dataset = datasetOf(readArrowStream(aligned));
    const fault = datasetFault(dataset);
    return fault === null ? succeed(dataset) : { ok: false, error: fault };
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}

/**
 * Say why a dataset cannot be trained on: a label or part out of range, or a part of the split that lacks buyers or
 * non-buyers. Null when nothing is wrong.
 */
export function datasetFault({ labels, split }: TrainingDataset): Failure | null {
  const counts = new Uint32Array(6);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    const part = split[row]!;
    if (label > 1) return invalid(`row ${row} has label ${label}, not 0 or 1`);
    if (part > SplitPart.test) return invalid(`row ${row} has split ${part}, not 0, 1 or 2`);
    const cell = 2 * part + label;
    counts[cell] = counts[cell]! + 1;
  }
  for (const [name, part] of Object.entries(SplitPart)) {
    const nNegative = counts[2 * part]!;
    const nPositive = counts[2 * part + 1]!;
    if (nNegative > 0 && nPositive > 0) continue;
    return fail(
      'dataset_part_unusable',
      `The ${name} rows hold ${nPositive} buyers and ${nNegative} others; each kind is needed.`,
      'Use a list with more buyers, so that every part of the split gets some.',
    ).error;
  }
  return null;
}

function datasetOf(table: ArrowTable): TrainingDataset {
  const version = table.metadata.get(VERSION_KEY);
  if (version !== DATASET_VERSION) {
    throw refused(
      'dataset_version',
      `The training dataset has format version ${version ?? 'none'}, and ${DATASET_VERSION} is read here.`,
    );
  }
  const { nRows, columns } = table;
  const features = columns.slice(0, -2);
  checkColumns(table, features);
  const label = columns.at(-2);
  const split = columns.at(-1);
  if (label?.name !== LABEL || split?.name !== SPLIT) {
    throw new ExpectedFailure(invalid('its last columns are not label and split'));
  }
  return {
    matrix: {
      values: rowMajor(features, nRows),
      nRows,
      featureNames: features.map((feature) => feature.name),
    },
    labels: uint8Of(label, nRows),
    split: uint8Of(split, nRows),
  };
}

function checkColumns({ nRows, columns }: ArrowTable, features: readonly ArrowColumn[]): void {
  const { maxFeatures, maxRows, maxCells } = DATASET_LIMITS;
  if (nRows > maxRows || features.length > maxFeatures || nRows * features.length > maxCells) {
    throw refused(
      'dataset_too_large',
      `The training dataset has ${nRows} rows of ${features.length} features; at most ${maxRows} rows, ${maxFeatures} features and ${maxCells} values are read.`,
    );
  }
  if (features.length === 0) throw new ExpectedFailure(invalid('it has no feature'));
  if (nRows === 0) throw new ExpectedFailure(invalid('it has no row'));
  if (new Set(columns.map((column) => column.name)).size !== columns.length) {
    throw new ExpectedFailure(invalid('two columns have the same name'));
  }
  const unnamed = features.findIndex((feature) => feature.name === '');
  if (unnamed !== -1) throw new ExpectedFailure(invalid(`feature ${unnamed + 1} has no name`));
}

function uint8Of(column: ArrowColumn, nRows: number): Uint8Array {
  checkBuffer(column, 'uint8', nRows);
  // A copy, so that the file's bytes can be let go.
  return column.bytes.slice(0, nRows);
}

function float32Of(column: ArrowColumn, nRows: number): Float32Array {
  checkBuffer(column, 'float32', nRows);
  const { buffer, byteOffset } = column.bytes;
  if (byteOffset % 4 !== 0) throw new ExpectedFailure(invalid(`column ${column.name} is not aligned`));
  return new Float32Array(buffer, byteOffset, nRows);
}

function checkBuffer(column: ArrowColumn, type: 'float32' | 'uint8', nRows: number): void {
  const { name, length, nNulls, bytes } = column;
  if (column.type !== type) throw new ExpectedFailure(invalid(`column ${name} is not ${type}`));
  if (nNulls !== 0) throw new ExpectedFailure(invalid(`column ${name} has nulls`));
  const nBytes = nRows * (type === 'float32' ? 4 : 1);
  if (length !== nRows || bytes.byteLength < nBytes) {
    throw new ExpectedFailure(invalid(`column ${name} does not have ${nRows} values`));
  }
}

/** Lay columns out row by row. A block of rows at a time, for the cache's sake. */
function rowMajor(features: readonly ArrowColumn[], nRows: number): Float32Array {
  const columns = features.map((feature) => float32Of(feature, nRows));
  const nFeatures = columns.length;
  const values = new Float32Array(nRows * nFeatures);
  for (let start = 0; start < nRows; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, nRows);
    for (let c = 0; c < nFeatures; c++) {
      const column = columns[c]!;
      for (let row = start; row < end; row++) {
        const value = column[row]!;
        if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
          throw new ExpectedFailure(invalid(`column ${features[c]!.name} is infinite in row ${row}`));
        }
        values[row * nFeatures + c] = value;
      }
    }
  }
  return values;
}

/** Lay rows out column by column, the columns one after another. */
function columnsOf(values: Float32Array, nRows: number, nFeatures: number): Float32Array {
  const columns = new Float32Array(values.length);
  for (let start = 0; start < nRows; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, nRows);
    for (let c = 0; c < nFeatures; c++) {
      const base = c * nRows;
      for (let row = start; row < end; row++) columns[base + row] = values[row * nFeatures + c]!;
    }
  }
  return columns;
}

function expectLength(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`Expected ${expected} ${what}, got ${actual}`);
}

const ANEW = 'Prepare the features again; the dataset is made anew.';

function refused(code: string, message: string): ExpectedFailure {
  return new ExpectedFailure({ code, message, hint: ANEW });
}

function invalid(what: string): Failure {
  return { code: 'dataset_invalid', message: `The training dataset is not valid: ${what}.`, hint: ANEW };
}

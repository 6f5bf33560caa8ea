import { float32Text } from '@/lib/core/float32-text';
import type { FeatureMatrix } from './matrix';

/** Name of the label's column in `y_*.csv`. */
export const LABEL_COLUMN = 'made_purchase';

/** Rows joined into one chunk of text. */
const N_ROWS_IN_CHUNK = 2000;
/** Few values repeat often in a matrix; the memory of their texts stays bounded. */
const MAX_TEXTS_KEPT = 50_000;

/**
 * Write rows of a matrix as CSV (`X_train.csv`, `X_validation.csv`, `X_test.csv`), in chunks of whole lines: a header
 * of feature names, then the values as `float32Text`, lines ended by LF. The same rows give the same text.
 *
 * @param rows row numbers in the order to write; all rows if left out
 */
export function* matrixCsvChunks(
  matrix: FeatureMatrix,
  rows?: Uint32Array,
): Generator<string, void, undefined> {
  const { values, featureNames } = matrix;
  const stride = featureNames.length;
  const nRows = rows?.length ?? matrix.nRows;
  const texts = new Map<number, string>();
  yield `${featureNames.map(headerCell).join(',')}\n`;
  const cells: string[] = new Array(stride);
  for (let from = 0; from < nRows; from += N_ROWS_IN_CHUNK) {
    let chunk = '';
    for (let i = from; i < Math.min(from + N_ROWS_IN_CHUNK, nRows); i++) {
      const start = (rows?.[i] ?? i) * stride;
      for (let column = 0; column < stride; column++) {
        cells[column] = keptText(values[start + column]!, texts);
      }
      chunk += `${cells.join(',')}\n`;
    }
    yield chunk;
  }
}

/**
 * Write labels as CSV (`y_train.csv`, `y_validation.csv`, `y_test.csv`): a header `made_purchase`, then 0 or 1 a line, ended by LF.
 *
 * @param rows row numbers in the order to write; all rows if left out
 */
export function* labelCsvChunks(labels: Uint8Array, rows?: Uint32Array): Generator<string, void, undefined> {
  yield `${LABEL_COLUMN}\n`;
  const nRows = rows?.length ?? labels.length;
  for (let from = 0; from < nRows; from += N_ROWS_IN_CHUNK) {
    let chunk = '';
    for (let i = from; i < Math.min(from + N_ROWS_IN_CHUNK, nRows); i++)
      chunk += `${labels[rows?.[i] ?? i]}\n`;
    yield chunk;
  }
}

function keptText(value: number, texts: Map<number, string>): string {
  if (value === 0) return float32Text(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = float32Text(value);
  if (texts.size < MAX_TEXTS_KEPT) texts.set(value, text);
  return text;
}

function headerCell(name: string): string {
  return /[",\r\n]/.test(name) || name.trim() !== name ? `"${name.replaceAll('"', '""')}"` : name;
}

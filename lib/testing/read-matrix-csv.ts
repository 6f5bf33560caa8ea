import Papa from 'papaparse';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { FeatureMatrix } from '@/lib/features/matrix';
import { LABEL_COLUMN } from '@/lib/features/matrix-csv';

/** Plain decimal numbers only: `Number` would also take '0x1f', ' 7 ' and 'Infinity'. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const REWRITE_HINT = 'Run the prepare stage again, which writes the file anew.';

/** Takes a file's text piece by piece. */
export interface MatrixCsvReader {
  /** Take the next piece, cut anywhere between two characters. */
  push(chunk: string): void;
  /** End the file and give its matrix. */
  finish(): Result<FeatureMatrix>;
}

/**
 * Create a reader of what `matrixCsvChunks` writes; CRLF line ends and a byte-order mark are taken as well.
 * Empty cells become NaN. The matrix equals the one written, bit for bit.
 *
 * `finish` fails with `matrix_csv_header` without a header, or with an empty or repeated name; `matrix_csv_row` at a line
 * with too few or too many cells; `matrix_csv_number` at a cell that is no finite decimal number.
 */
export function createMatrixCsvReader(): MatrixCsvReader {
  let pending = '';
  let header: string[] | null = null;
  let nLines = 0;
  let failure: Result<FeatureMatrix> | null = null;
  const values = createFloat32List();

  function take(line: string): void {
    nLines++;
    if (failure !== null) return;
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (header === null) {
      header = headerNames(text.replace(/^\uFEFF/, ''));
      if (header.length === 0 || header.includes('') || new Set(header).size !== header.length) {
        const message = 'The first line does not name the features, each once.';
        failure = fail('matrix_csv_header', message, REWRITE_HINT);
      }
      return;
    }
    failure = appendRow(text, { values, header, nLine: nLines });
  }

  return {
    push(chunk) {
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) take(line);
    },
    finish() {
      if (pending !== '') take(pending);
      pending = '';
      if (failure !== null) return failure;
      if (header === null) return fail('matrix_csv_header', 'The file is empty.', REWRITE_HINT);
      return succeed({ values: values.all(), nRows: nLines - 1, featureNames: header });
    },
  };
}

/** Read a whole text as `createMatrixCsvReader` does. */
export function parseMatrixCsv(text: string): Result<FeatureMatrix> {
  const reader = createMatrixCsvReader();
  reader.push(text);
  return reader.finish();
}

/**
 * Read what `labelCsvChunks` writes.
 *
 * @returns 0 or 1 a row; or `label_csv_header`, `label_csv_value` naming the line
 */
export function parseLabelCsv(text: string): Result<Uint8Array> {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0]?.replace(/^\uFEFF/, '') !== LABEL_COLUMN) {
    return fail('label_csv_header', `The first line is not ${LABEL_COLUMN}.`, REWRITE_HINT);
  }
  const labels = new Uint8Array(lines.length - 1);
  for (let row = 0; row < labels.length; row++) {
    const cell = lines[row + 1];
    if (cell !== '0' && cell !== '1') {
      return fail('label_csv_value', `Line ${row + 2} is neither 0 nor 1.`, REWRITE_HINT);
    }
    labels[row] = Number(cell);
  }
  return succeed(labels);
}

function appendRow(
  text: string,
  context: { readonly values: Float32List; readonly header: readonly string[]; readonly nLine: number },
): Result<FeatureMatrix> | null {
  const { values, header, nLine } = context;
  const cells = text.split(',');
  if (cells.length !== header.length) {
    const message = `Line ${nLine} has ${cells.length} cells, the header ${header.length}.`;
    return fail('matrix_csv_row', message, REWRITE_HINT);
  }
  for (const [column, cell] of cells.entries()) {
    const value = cell === '' ? Number.NaN : DECIMAL.test(cell) ? Math.fround(Number(cell)) : Infinity;
    if (value === Infinity || value === -Infinity) {
      const message = `Line ${nLine} holds no finite number in column ${header[column]}.`;
      return fail('matrix_csv_number', message, REWRITE_HINT);
    }
    values.append(value);
  }
  return null;
}

function headerNames(line: string): string[] {
  return Papa.parse<string[]>(line, { delimiter: ',' }).data[0] ?? [];
}

interface Float32List {
  append(value: number): void;
  all(): Float32Array;
}

/** The number of rows is known at the end only; doubling keeps the copying linear. */
function createFloat32List(): Float32List {
  let held = new Float32Array(1024);
  let length = 0;
  return {
    append(value) {
      if (length === held.length) {
        const larger = new Float32Array(held.length * 2);
        larger.set(held);
        held = larger;
      }
      held[length++] = value;
    },
    all: () => held.slice(0, length),
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatrixCsvReader, parseLabelCsv, parseMatrixCsv } from '@/lib/testing/read-matrix-csv';
import type { FeatureMatrix } from './matrix';
import { labelCsvChunks, matrixCsvChunks } from './matrix-csv';

const MATRIX: FeatureMatrix = {
  values: Float32Array.of(0, 0.1, -999, 1 / 3, Number.NaN, 16777216),
  nRows: 2,
  featureNames: ['optin_days', 'tag, "odd"', 'tag_a'],
};

const failing = (result: ReturnType<typeof parseMatrixCsv> | ReturnType<typeof parseLabelCsv>) =>
  result.ok ? result : [result.error.code, result.error.message];

describe('matrixCsvChunks', () => {
  it('writes the names, then a line a row', () => {
    expect([...matrixCsvChunks(MATRIX)].join('')).toBe(
      'optin_days,"tag, ""odd""",tag_a\n0,0.1,-999\n0.33333334,,16777216\n',
    );
  });

  it('writes the given rows in their order', () => {
    expect([...matrixCsvChunks(MATRIX, Uint32Array.of(1, 0, 1))].join('').split('\n').slice(1)).toEqual([
      '0.33333334,,16777216',
      '0,0.1,-999',
      '0.33333334,,16777216',
      '',
    ]);
    expect([...matrixCsvChunks(MATRIX, new Uint32Array(0))]).toEqual(['optin_days,"tag, ""odd""",tag_a\n']);
  });

  it('cuts long matrices into chunks of whole lines', () => {
    const long = {
      values: Float32Array.from({ length: 4500 }, (_, i) => i),
      nRows: 4500,
      featureNames: ['a'],
    };
    const chunks = [...matrixCsvChunks(long)];
    expect(chunks.map((chunk) => chunk.split('\n').length - 1)).toEqual([1, 2000, 2000, 500]);
    expect(chunks.every((chunk) => chunk.endsWith('\n'))).toBe(true);
  });
});

describe('parseMatrixCsv', () => {
  it('reads back what was written, bit for bit', () => {
    expect(parseMatrixCsv([...matrixCsvChunks(MATRIX)].join(''))).toEqual({ ok: true, value: MATRIX });
  });

  it('reads back any matrix, from pieces cut anywhere', () => {
    const matrices = fc
      .record({
        nRows: fc.nat(8),
        names: fc.uniqueArray(fc.stringMatching(/^[a-z,"' _\u00e9\u{1f600}]{1,8}$/u), {
          minLength: 1,
          maxLength: 5,
        }),
      })
      .chain(({ nRows, names }) =>
        fc
          .array(fc.float({ noDefaultInfinity: true }), {
            minLength: nRows * names.length,
            maxLength: nRows * names.length,
          })
          .map((values) => ({ values: Float32Array.from(values), nRows, featureNames: names })),
      );
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 50 }), (matrix, size) => {
        const text = [...matrixCsvChunks(matrix)].join('');
        const reader = createMatrixCsvReader();
        for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
        expect(reader.finish()).toEqual({ ok: true, value: matrix });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('takes CRLF, a byte-order mark and a last line without an end', () => {
    const expected = { values: Float32Array.of(1, 2, 3, Number.NaN), nRows: 2, featureNames: ['a', 'b'] };
    expect(parseMatrixCsv('\uFEFFa,b\r\n1,2\r\n3,')).toEqual({ ok: true, value: expected });
  });

  it('keeps an empty line of a one-column matrix: it is a missing value', () => {
    expect(parseMatrixCsv('a\n\n1\n')).toEqual({
      ok: true,
      value: { values: Float32Array.of(Number.NaN, 1), nRows: 2, featureNames: ['a'] },
    });
  });

  it.each([
    ['', 'matrix_csv_header', 'The file is empty.'],
    ['\n', 'matrix_csv_header', 'The first line does not name the features, each once.'],
    ['a,a\n1,2\n', 'matrix_csv_header', 'The first line does not name the features, each once.'],
    ['a,\n1,2\n', 'matrix_csv_header', 'The first line does not name the features, each once.'],
    ['a,b\n1,2\n3\n', 'matrix_csv_row', 'Line 3 has 1 cells, the header 2.'],
    ['a,b\n1,2,3\n', 'matrix_csv_row', 'Line 2 has 3 cells, the header 2.'],
    ['a,b\n1,x\n', 'matrix_csv_number', 'Line 2 holds no finite number in column b.'],
    ['a,b\n1,Infinity\n', 'matrix_csv_number', 'Line 2 holds no finite number in column b.'],
    ['a,b\n0x1f,1\n', 'matrix_csv_number', 'Line 2 holds no finite number in column a.'],
    ['a,b\n1e39,1\n', 'matrix_csv_number', 'Line 2 holds no finite number in column a.'],
    ['a,b\n-1e39,1\n', 'matrix_csv_number', 'Line 2 holds no finite number in column a.'],
    ['a,b\n 1,1\n', 'matrix_csv_number', 'Line 2 holds no finite number in column a.'],
  ])('refuses %j', (text, code, message) => {
    expect(failing(parseMatrixCsv(text))).toEqual([code, message]);
  });
});

describe('labels', () => {
  it('are written and read back', () => {
    const labels = Uint8Array.of(0, 1, 1, 0);
    expect([...labelCsvChunks(labels)].join('')).toBe('made_purchase\n0\n1\n1\n0\n');
    expect([...labelCsvChunks(labels, Uint32Array.of(3, 1))].join('')).toBe('made_purchase\n0\n1\n');
    expect(parseLabelCsv([...labelCsvChunks(labels)].join(''))).toEqual({ ok: true, value: labels });
    expect(parseLabelCsv('made_purchase\r\n1')).toEqual({ ok: true, value: Uint8Array.of(1) });
    expect(parseLabelCsv('made_purchase\n')).toEqual({ ok: true, value: new Uint8Array(0) });
  });

  it.each([
    ['', 'label_csv_header', 'The first line is not made_purchase.'],
    ['label\n1\n', 'label_csv_header', 'The first line is not made_purchase.'],
    ['made_purchase\n1\n2\n', 'label_csv_value', 'Line 3 is neither 0 nor 1.'],
    ['made_purchase\n1\n\n0\n', 'label_csv_value', 'Line 3 is neither 0 nor 1.'],
  ])('refuse %j', (text, code, message) => {
    expect(failing(parseLabelCsv(text))).toEqual([code, message]);
  });
});

import { tableFromArrays, tableFromIPC, tableToIPC } from '@uwdata/flechette';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { randomSource } from '@/lib/core/random';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { DATASET_VERSION, decodeDataset, encodeDataset } from './dataset-arrow';
import type { TrainingDataset } from './matrix';

const SIX_ROWS: TrainingDataset = {
  matrix: {
    values: new Float32Array([1, -999, 2, 0.5, 3, Number.NaN, 4, 1, 5, 0, 6, -1]),
    nRows: 6,
    featureNames: ['optin_days', 'tag_größe'],
  },
  labels: new Uint8Array([0, 1, 0, 1, 0, 1]),
  split: new Uint8Array([0, 0, 1, 1, 2, 2]),
};

type Columns = [string, Float32Array | Float64Array | Uint8Array | Int8Array | (number | null)[]][];

const SOUND: Columns = [
  ['a', new Float32Array([1, 2, 3, 4, 5, 6])],
  ['label', SIX_ROWS.labels],
  ['split', SIX_ROWS.split],
];

function streamOf(
  columns: Columns,
  version: string | null = DATASET_VERSION,
  maxBatchRows?: number,
): Uint8Array {
  const table = tableFromArrays(columns, maxBatchRows === undefined ? {} : { maxBatchRows });
  if (version !== null) table.schema.metadata = new Map([['leadbench.dataset.version', version]]);
  return tableToIPC(table, { format: 'stream' }) ?? new Uint8Array();
}

/** The sound columns under a record batch that claims to have no row: its length is the first count in the file. */
function streamWithoutRows(): Uint8Array {
  const bytes = streamOf(SOUND);
  const view = new DataView(bytes.buffer);
  let at = 0;
  while (view.getBigInt64(at, true) !== 6n) at += 4;
  view.setBigInt64(at, 0n, true);
  return bytes;
}

/** The sound columns with some replaced by name. */
function replaced(...columns: Columns): Columns {
  return SOUND.map((sound) => columns.find(([name]) => name === sound[0]) ?? sound);
}

function failureOf(bytes: Uint8Array): string {
  const result = decodeDataset(bytes);
  return result.ok ? 'none' : `${result.error.code}: ${result.error.message}`;
}

describe('encodeDataset', () => {
  it('comes back whole through decodeDataset, missing values too', () => {
    expect(decodeDataset(encodeDataset(SIX_ROWS))).toEqual({ ok: true, value: SIX_ROWS });
  });

  it('gives the same bytes each time', () => {
    const dataset = drawnDataset({ nRows: 700, nFeatures: 9, seed: 1 });
    const digest = sha256Hex(encodeDataset(dataset));
    expect(sha256Hex(encodeDataset(dataset))).toBe(digest);
    expect(sha256Hex(encodeDataset(drawnDataset({ nRows: 700, nFeatures: 9, seed: 1 })))).toBe(digest);
    expect(sha256Hex(encodeDataset(drawnDataset({ nRows: 700, nFeatures: 9, seed: 2 })))).not.toBe(digest);
  });

  it('is read by an Arrow library as one float32 column a feature, then label and split', () => {
    const table = tableFromIPC(encodeDataset(SIX_ROWS));
    expect(table.names).toEqual(['optin_days', 'tag_größe', 'label', 'split']);
    expect(table.getChild('optin_days').toArray()).toEqual(new Float32Array([1, 2, 3, 4, 5, 6]));
    expect(table.getChild('label').toArray()).toEqual(SIX_ROWS.labels);
    expect(table.getChild('split').toArray()).toEqual(SIX_ROWS.split);
    expect(table.schema.metadata).toEqual(new Map([['leadbench.dataset.version', '1']]));
  });

  it('refuses arrays whose lengths do not fit, and names taken twice', () => {
    const { matrix } = SIX_ROWS;
    expect(() => encodeDataset({ ...SIX_ROWS, labels: new Uint8Array(5) })).toThrow(
      'Expected 6 labels, got 5',
    );
    expect(() => encodeDataset({ ...SIX_ROWS, split: new Uint8Array(7) })).toThrow('Expected 6 split, got 7');
    expect(() => encodeDataset({ ...SIX_ROWS, matrix: { ...matrix, nRows: 5 } })).toThrow(
      'Expected 10 values, got 12',
    );
    expect(() =>
      encodeDataset({
        matrix: { ...matrix, values: new Float32Array(), nRows: 0 },
        labels: new Uint8Array(),
        split: new Uint8Array(),
      }),
    ).toThrow('at least one row');
    for (const featureNames of [
      ['a', 'a'],
      ['a', 'label'],
    ]) {
      expect(() => encodeDataset({ ...SIX_ROWS, matrix: { ...matrix, featureNames } })).toThrow('unique');
    }
  });
});

describe('decodeDataset', () => {
  it('reads bytes that do not begin on an aligned address', () => {
    const bytes = encodeDataset(SIX_ROWS);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeDataset(shifted.subarray(3))).toEqual({ ok: true, value: SIX_ROWS });
  });

  it('keeps rows in order beyond one block of its transposition', () => {
    const dataset = drawnDataset({ nRows: 1025, nFeatures: 3, seed: 7 });
    expect(decodeDataset(encodeDataset(dataset))).toEqual({ ok: true, value: dataset });
  });

  it.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(), 'dataset_malformed'],
    ['text', new TextEncoder().encode('mailchimp_id,user_email\n1,a@example.org\n'), 'dataset_malformed'],
    ['zeros', new Uint8Array(64), 'dataset_malformed'],
    [
      'another version',
      streamOf(SOUND, '2'),
      'dataset_version: The training dataset has format version 2, and 1 is read here.',
    ],
    ['no version', streamOf(SOUND, null), 'dataset_version'],
    ['no columns', streamOf([]), 'dataset_malformed'],
    [
      'no feature',
      streamOf(SOUND.slice(1)),
      'dataset_invalid: The training dataset is not valid: it has no feature.',
    ],
    ['no split', streamOf(SOUND.slice(0, 2)), 'dataset_invalid'],
    ['columns in another order', streamOf([...SOUND].reverse()), 'dataset_invalid'],
    ['no rows', streamWithoutRows(), 'dataset_invalid: The training dataset is not valid: it has no row.'],
    [
      'two batches',
      streamOf(SOUND, '1', 3),
      'dataset_malformed: The training dataset cannot be read: it must end after one record batch.',
    ],
    [
      'a float64 feature',
      streamOf(replaced(['a', new Float64Array(6)])),
      'dataset_malformed: The training dataset cannot be read: column a is neither float32 nor uint8.',
    ],
    [
      'a uint8 feature',
      streamOf(replaced(['a', new Uint8Array(6)])),
      'dataset_invalid: The training dataset is not valid: column a is not float32.',
    ],
    ['a signed label', streamOf(replaced(['label', new Int8Array(6)])), 'dataset_malformed'],
    [
      'an infinite value',
      streamOf(replaced(['a', new Float32Array([1, 2, 3, 4, Number.NEGATIVE_INFINITY, 6])])),
      'dataset_invalid: The training dataset is not valid: column a is infinite in row 4.',
    ],
    [
      'a label of 2',
      streamOf(replaced(['label', new Uint8Array([0, 1, 0, 2, 0, 1])])),
      'dataset_invalid: The training dataset is not valid: row 3 has label 2, not 0 or 1.',
    ],
    [
      'a part of 3',
      streamOf(replaced(['split', new Uint8Array([0, 0, 1, 1, 2, 3])])),
      'dataset_invalid: The training dataset is not valid: row 5 has split 3, not 0, 1 or 2.',
    ],
    [
      'no validation rows',
      streamOf(replaced(['split', new Uint8Array([0, 0, 0, 0, 2, 2])])),
      'dataset_part_unusable: The validation rows hold 0 buyers and 0 others; each kind is needed.',
    ],
    [
      'one class in a part',
      streamOf(replaced(['label', new Uint8Array([0, 1, 0, 1, 1, 1])])),
      'dataset_part_unusable: The test rows hold 2 buyers and 0 others; each kind is needed.',
    ],
    [
      'a name taken twice',
      streamOf([SOUND[0]!, ...SOUND]),
      'dataset_invalid: The training dataset is not valid: two columns have the same name.',
    ],
    [
      'a nameless feature',
      streamOf([['', new Float32Array(6)], ...SOUND]),
      'dataset_invalid: The training dataset is not valid: feature 1 has no name.',
    ],
    ['a very long name', streamOf([['x'.repeat(1001), new Float32Array(6)], ...SOUND]), 'dataset_malformed'],
  ])('refuses %s', (_, bytes, expected) => {
    expect(failureOf(bytes)).toContain(expected);
  });

  it('refuses a column with nulls', () => {
    const bytes = streamOf(SOUND);
    const table = tableFromIPC(bytes);
    // A null count of 1 in the first column's node of the record batch.
    Object.assign(table.getChildAt(0).data[0] ?? {}, { nullCount: 1, validity: new Uint8Array([0b111110]) });
    expect(failureOf(tableToIPC(table, { format: 'stream' }) ?? new Uint8Array())).toContain(
      'column a has nulls',
    );
  });

  it('refuses more features than the limit', () => {
    const names = Array.from({ length: 2001 }, (_, i): [string, Float32Array] => [
      `f${i}`,
      new Float32Array(6),
    ]);
    expect(failureOf(streamOf([...names, ...SOUND.slice(1)]))).toContain('dataset_too_large');
  });

  it('refuses every truncation', () => {
    const bytes = encodeDataset(SIX_ROWS);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeDataset(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false);
    }
  });

  it('answers to any damage without throwing, hanging or reading outside', () => {
    const sound = encodeDataset(SIX_ROWS);
    const random = randomSource(20);
    const outcomes = { read: 0, refused: 0 };
    for (let position = 0; position < sound.length; position++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff, Math.floor(random() * 256)]) {
        const damaged = sound.slice();
        damaged[position] = value;
        outcomes[decodeDataset(damaged).ok ? 'read' : 'refused']++;
      }
    }
    expect(outcomes.read + outcomes.refused).toBe(6 * sound.length);
    expect(outcomes.refused).toBeGreaterThan(sound.length);
  });
});

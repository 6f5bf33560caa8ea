import { describe, expect, it } from 'vitest';
import type { TrainingDataset } from '@/lib/features/matrix';
import { allValueCounts, valueCounts } from './value-counts';

const DATASET: TrainingDataset = {
  matrix: {
    // biome-ignore format: a row a line
    values: Float32Array.of(
      1, 0.5,
      0, -999,
      1, Number.NaN,
      5000, 0.5,
      1, 7,
      0, Number.NaN,
    ),
    nRows: 6,
    featureNames: ['a', 'b'],
  },
  labels: Uint8Array.of(1, 0, 0, 1, 1, 1),
  // The fifth is a test row.
  split: Uint8Array.of(0, 0, 1, 1, 2, 0),
};

describe('allValueCounts', () => {
  it('counts whole, broken, missing and large values alike, but for test rows', () => {
    expect(allValueCounts(DATASET)).toEqual([
      {
        values: Float64Array.of(0, 1, 5000),
        others: Uint32Array.of(1, 1, 0),
        buyers: Uint32Array.of(1, 1, 1),
        nBuyers: 3,
        nOthers: 2,
      },
      {
        values: Float64Array.of(Number.NaN, -999, 0.5),
        others: Uint32Array.of(1, 1, 0),
        buyers: Uint32Array.of(1, 0, 2),
        nBuyers: 3,
        nOthers: 2,
      },
    ]);
  });

  it('agrees with counting column by column', () => {
    expect(allValueCounts(DATASET)).toEqual([0, 1].map((column) => valueCounts(DATASET, column, () => true)));
  });

  it('has nothing to count in no rows', () => {
    const empty = {
      matrix: { values: new Float32Array(0), nRows: 0, featureNames: ['a'] },
      labels: new Uint8Array(0),
      split: new Uint8Array(0),
    };
    expect(allValueCounts(empty)).toMatchObject([{ nBuyers: 0, nOthers: 0 }]);
  });
});

describe('valueCounts', () => {
  it('counts the rows it is told to', () => {
    expect(valueCounts(DATASET, 0, (row) => row < 2)).toMatchObject({
      values: Float64Array.of(0, 1),
      nBuyers: 1,
      nOthers: 1,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { pickedRows } from './probe-rows';

const DATASET = drawnDataset({ nRows: 500, nFeatures: 2, seed: 3 });
const partsOf = (rows: Uint32Array) => new Set([...rows].map((row) => DATASET.split[row]));
const buyersOf = (rows: Uint32Array) => rows.reduce((sum, row) => sum + DATASET.labels[row]!, 0);
const sample = (nRows: number, seed = 1) => pickedRows(DATASET, { type: 'sample', nRows, seed });
const fold = (number: number) => pickedRows(DATASET, { type: 'fold', nSplits: 5, fold: number, seed: 1 });
const ALL = DATASET.split.filter((part) => part !== SplitPart.test).length;

/** The days of each row as the first feature, for a split by time. */
function dated(days: (row: number) => number): TrainingDataset {
  const values = DATASET.matrix.values.map((value, i) => (i % 2 === 0 ? days(i / 2) : value));
  return { ...DATASET, matrix: { ...DATASET.matrix, values } };
}
const byTime = (dataset: TrainingDataset, missingValue: number | null = -999) =>
  pickedRows(dataset, { type: 'oldest', daysFeature: 'feature_0', missingValue, share: 0.8 });

describe('pickedRows', () => {
  it('scores every training and validation row once over the folds, and never a test row', () => {
    const folds = [0, 1, 2, 3, 4].map(fold);
    const scored = folds.flatMap((picked) => [...picked.scored]);
    expect(new Set(scored).size).toBe(ALL);
    expect(scored).toHaveLength(ALL);
    for (const { train, scored: ofFold } of folds) {
      expect(train.length + ofFold.length).toBe(ALL);
      expect([...partsOf(train), ...partsOf(ofFold)]).not.toContain(SplitPart.test);
    }
  });

  it('draws samples of training rows in proportion, a larger one around a smaller one', () => {
    const [small, large] = [sample(60), sample(200)];
    expect([small.train.length, large.train.length]).toEqual([60, 200]);
    expect([...partsOf(large.train)]).toEqual([SplitPart.train]);
    expect([...partsOf(large.scored)]).toEqual([SplitPart.validation]);
    expect([...small.train].every((row) => large.train.includes(row))).toBe(true);
    const share = buyersOf(sample(10_000).train) / sample(10_000).train.length;
    expect(buyersOf(large.train)).toBe(Math.round(200 * share));
    expect(sample(60, 2).train).not.toEqual(small.train);
    expect([...small.train]).toEqual([...small.train].sort((a, b) => a - b));
  });

  it('trains on the oldest and scores the newest, days of one date together, dates that are missing left out', () => {
    const picked = byTime(dated((row) => (row % 10 === 0 ? -999 : Math.floor(row / 5))));
    const daysOf = (rows: Uint32Array) => [...rows].map((row) => Math.floor(row / 5));
    expect(Math.max(...daysOf(picked.scored))).toBeLessThan(Math.min(...daysOf(picked.train)));
    expect([...picked.train, ...picked.scored].some((row) => row % 10 === 0)).toBe(false);
    expect(picked.scored.length / (picked.train.length + picked.scored.length)).toBeCloseTo(0.2, 1);
    const missingAsNaN = dated((row) => (row % 10 === 0 ? Number.NaN : Math.floor(row / 5)));
    expect(byTime(missingAsNaN, null)).toEqual(picked);
  });

  it('refuses what cannot be picked', () => {
    expect(() => byTime(dated(() => 7))).toThrow('cannot be split by time');
    expect(() =>
      pickedRows(DATASET, { type: 'oldest', daysFeature: 'x', missingValue: null, share: 0.8 }),
    ).toThrow('there is no feature x');
    const one = { ...DATASET, labels: new Uint8Array(500) };
    expect(() => pickedRows(one, { type: 'fold', nSplits: 5, fold: 0, seed: 1 })).toThrow(
      'too few for 5 folds',
    );
  });
});

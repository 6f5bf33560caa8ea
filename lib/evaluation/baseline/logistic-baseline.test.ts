import { describe, expect, it } from 'vitest';
import type { TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import reference from '../fixtures/scorecard.json';
import { logisticBaseline } from './logistic-baseline';

const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2020-12-31',
  countryLevels: ['a', 'b', 'c', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: [],
  features: [
    { name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } },
    { name: 'tag_a', kind: 'categorical', source: { type: 'tag', tag: 'a' } },
    { name: 'country_code', kind: 'categorical', source: { type: 'country_code' } },
  ],
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};

const { number, flag, country, labels, split, testLogOdds } = reference.baseline;

function datasetOf(change: Partial<TrainingDataset> = {}): TrainingDataset {
  const values = Float32Array.from(number.flatMap((value, row) => [value, flag[row]!, country[row]!]));
  const featureNames = SPEC.features.map(({ name }) => name);
  return {
    matrix: { values, nRows: number.length, featureNames },
    labels: Uint8Array.from(labels),
    split: Uint8Array.from(split),
    ...change,
  };
}

describe('logisticBaseline', () => {
  it('scores the test rows as scikit-learn on the same columns', () => {
    const baseline = logisticBaseline(SPEC, datasetOf())!;
    expect([baseline.nRows, baseline.nColumns]).toEqual([192, 8]);
    expect(baseline.testLogOdds).toHaveLength(testLogOdds.length);
    baseline.testLogOdds.forEach((value, i) => void expect(value).toBeCloseTo(testLogOdds[i]!, 6));
  });

  it('takes NaN for missing where the specification leaves it to XGBoost', () => {
    const dataset = datasetOf();
    const values = dataset.matrix.values.map((value) => (value === -999 ? Number.NaN : value));
    const spec = { ...SPEC, missingValue: null, version: 2 as const };
    const baseline = logisticBaseline(spec, datasetOf({ matrix: { ...dataset.matrix, values } }))!;
    expect(baseline).toEqual(logisticBaseline(SPEC, dataset));
  });

  it('never sees the labels of test rows', () => {
    const { labels: all, split: parts } = datasetOf();
    const turned = all.map((label, row) => (parts[row] === 2 ? 1 - label : label));
    expect(logisticBaseline(SPEC, datasetOf({ labels: turned }))).toEqual(
      logisticBaseline(SPEC, datasetOf()),
    );
  });

  it('bears columns without a spread, and is none without both classes', () => {
    const nRows = 10;
    const level = {
      values: new Float32Array(nRows * 3),
      nRows,
      featureNames: datasetOf().matrix.featureNames,
    };
    const dataset = {
      matrix: level,
      labels: Uint8Array.from({ length: nRows }, (_, row) => row % 2),
      split: Uint8Array.from({ length: nRows }, (_, row) => Number(row > 7) * 2),
    };
    expect(logisticBaseline(SPEC, dataset)).toEqual({
      testLogOdds: Float64Array.of(0, 0),
      nRows: 8,
      nColumns: 0,
    });
    expect(logisticBaseline(SPEC, { ...dataset, labels: new Uint8Array(nRows) })).toBeNull();
  });
});

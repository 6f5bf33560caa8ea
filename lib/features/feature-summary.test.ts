import { describe, expect, it } from 'vitest';
import { featureSummaries } from './feature-summary';
import type { FeatureSpec } from './spec';

const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2020-12-31',
  countryLevels: ['in', 'us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['gmail.com', 'me.com'],
  features: [
    { name: 'optin_days', kind: 'numeric', source: { type: 'optin', part: 'days' } },
    { name: 'country_code', kind: 'categorical', source: { type: 'country_code' } },
    { name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } },
  ],
  split: { seed: 1, train: 0.6, validation: 0.2, test: 0.2 },
};

describe('featureSummaries', () => {
  it('sums up the training rows only, missing values apart', () => {
    const values = Float32Array.of(0, 1, -999, 10, -999, -999, 5, 2, -999, 1000, 0, 5);
    const dataset = {
      matrix: { values, nRows: 4, featureNames: SPEC.features.map((f) => f.name) },
      labels: Uint8Array.of(0, 1, 1, 0),
      split: Uint8Array.of(0, 0, 0, 2),
    };
    expect(featureSummaries(SPEC, dataset)).toEqual([
      {
        name: 'optin_days',
        kind: 'numeric',
        isOn: true,
        formula: 'days from opt-in to 2020-12-31',
        nMissing: 0,
        min: 0,
        mean: 5,
        max: 10,
        quantiles: [1, 5, 9],
        nLevels: null,
        topLevels: null,
        // 10 and 5 of the buyers, 0 of the other: every buyer above; too few others for an interval.
        relation: { measure: 'roc_auc', value: 1, low: null, high: null },
      },
      {
        name: 'country_code',
        kind: 'categorical',
        isOn: true,
        formula: 'place of the country among the 2 kept, in alphabetical order from 0; other = 2',
        nMissing: 1,
        min: 1,
        mean: 1.5,
        max: 2,
        quantiles: null,
        nLevels: 2,
        topLevels: [
          { value: 1, n: 1 },
          { value: 2, n: 1 },
        ],
        relation: { measure: 'roc_auc', value: 1, low: null, high: null },
      },
      {
        name: 'member_rating',
        kind: 'ordinal',
        isOn: true,
        formula: 'member rating, 1 to 5',
        nMissing: 3,
        min: null,
        mean: null,
        max: null,
        quantiles: null,
        nLevels: null,
        topLevels: null,
        relation: null,
      },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { drawnRows } from '@/lib/testing/drawn-report';
import { rankedScores } from '../ranked-scores';
import { largestF1Threshold } from '../threshold-metrics';
import { profitUsd, type ThresholdChoice, thresholdByRule, thresholdOutcome } from './threshold-rules';
import { resampledThreshold, thresholdsAround } from './threshold-sensitivity';

const rows = drawnRows({ nRows: 800 });
const ranked = rankedScores(rows.labels, rows.probabilities);
const small = rankedScores(Uint8Array.of(1, 0, 1, 0, 0), Float64Array.of(0.9, 0.8, 0.5, 0.5, 0.1));

/** The best of all thresholds and of calling nobody, one by one. */
function byBruteForce(
  choice: ThresholdChoice,
  worth: (outcome: ReturnType<typeof thresholdOutcome>) => number,
) {
  const candidates = [2, ...new Set(rows.probabilities)].sort((a, b) => b - a);
  const values = candidates.map((candidate) => worth(thresholdOutcome(ranked, candidate)));
  const best = Math.max(...values);
  expect(worth(thresholdOutcome(ranked, thresholdByRule(ranked, choice)))).toBeCloseTo(best, 9);
}

describe('thresholdByRule', () => {
  it.each([
    [{ saleValueUsd: 100, contactCostUsd: 12 }],
    [{ saleValueUsd: 100, contactCostUsd: 99.99 }],
    [{ saleValueUsd: 2000, contactCostUsd: 0.01 }],
  ])('finds the largest profit over all thresholds: %o', (economics) => {
    byBruteForce({ rule: 'profit', ...economics }, ({ nBuyers, nCalled }) =>
      profitUsd(nBuyers, nCalled, economics),
    );
  });

  it('finds the largest F1 over all thresholds, as the report does', () => {
    byBruteForce({ rule: 'largest_f1' }, ({ f1 }) => f1);
    expect(thresholdByRule(ranked, { rule: 'largest_f1' })).toBe(
      largestF1Threshold(rows.labels, rows.probabilities),
    );
  });

  it.each([0.5, 0.9, 1])('calls as few as it takes to find %d of the buyers', (recall) => {
    const threshold = thresholdByRule(ranked, { rule: 'recall_floor', recall });
    expect(thresholdOutcome(ranked, threshold).recall).toBeGreaterThanOrEqual(recall);
    const next = Math.min(...rows.probabilities.filter((p) => p > threshold));
    expect(thresholdOutcome(ranked, next).recall).toBeLessThan(recall);
  });

  it('calls as many as there is room for, and none of a tie that does not fit', () => {
    expect(
      [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => thresholdByRule(small, { rule: 'capacity', share })),
    ).toEqual([0.9000000000000001, 0.9, 0.8, 0.8, 0.5, 0.1]);
    expect(thresholdOutcome(small, 0.9000000000000001)).toMatchObject({ nCalled: 0, precision: 0, f1: 0 });
  });

  it('calls nobody where every call costs more than it brings', () => {
    const threshold = thresholdByRule(small, { rule: 'profit', saleValueUsd: 1, contactCostUsd: 2 });
    expect(thresholdOutcome(small, threshold).nCalled).toBe(0);
  });

  it('bears rows without buyers, and refuses none', () => {
    const nobody = rankedScores(Uint8Array.of(0, 0), Float64Array.of(0.2, 0.1));
    expect(thresholdByRule(nobody, { rule: 'recall_floor', recall: 0.9 })).toBe(0.2);
    const none = rankedScores(new Uint8Array(0), new Float64Array(0));
    expect(() => thresholdByRule(none, { rule: 'largest_f1' })).toThrow('at least one row');
  });
});

describe('thresholdOutcome', () => {
  it('counts from the threshold on', () => {
    expect(thresholdOutcome(small, 0.5)).toEqual({
      threshold: 0.5,
      nCalled: 4,
      nBuyers: 2,
      share: 0.8,
      precision: 0.5,
      recall: 1,
      f1: 2 / 3,
    });
  });
});

describe('what hangs on a threshold', () => {
  const choice = { rule: 'largest_f1' } as const;
  const threshold = thresholdByRule(ranked, choice);

  it('shows the neighbours', () => {
    const around = thresholdsAround(ranked, threshold);
    expect(around.map((outcome) => outcome.threshold / threshold)).toEqual(
      [1 / 2, 2 / 3, 0.8, 1, 1.25, 1.5, 2]
        .filter((factor) => factor * threshold <= 1)
        .map((factor) => expect.closeTo(factor, 12)),
    );
    expect(around.map(({ nCalled }) => nCalled)).toEqual(
      around.map(({ nCalled }) => nCalled).toSorted((a, b) => b - a),
    );
  });

  it('shows where other rows would have put it', () => {
    const found = resampledThreshold(rows, choice, 1);
    expect(found?.low).toBeLessThanOrEqual(threshold);
    expect(found?.high).toBeGreaterThanOrEqual(threshold);
    expect(found?.nSamples).toBe(200);
    expect(resampledThreshold(rows, choice, 1)).toEqual(found);
  });

  it('draws nothing of one class, nor of very many rows', () => {
    const one = { labels: Uint8Array.of(0, 0), probabilities: Float32Array.of(0.5, 0.25) };
    expect(resampledThreshold(one, choice, 1)).toBeNull();
    const many = { labels: new Uint8Array(50_000).fill(1, 0, 9), probabilities: new Float32Array(50_000) };
    expect(resampledThreshold(many, choice, 1)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descendingOrder } from './descending-order';
import { brierScore, logLoss } from './probability-metrics';
import { averagePrecision, rocAuc } from './ranking-metrics';
import { largestF1Threshold, thresholdMetrics } from './threshold-metrics';

const labels = new Uint8Array([0, 0, 1, 1, 0, 1, 0, 0, 1, 0]);
const scores = new Float64Array([0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.9, 0.65, 0.1]);

/** 5,000 rows with many ties, from the linear congruential generator of the C standard's example, the same in Python and here. */
function syntheticRows(): { labels: Uint8Array; scores: Float32Array } {
  let state = 12345n;
  const draw = () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  };
  const rows = { labels: new Uint8Array(5000), scores: new Float32Array(5000) };
  for (let row = 0; row < 5000; row++) {
    const u = draw();
    rows.labels[row] = draw() < 0.05 + 0.3 * u * u * u ? 1 : 0;
    rows.scores[row] = Math.floor(u * 700) / 1000 + 0.1;
  }
  return rows;
}

const labelledScores = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -4, max: 4 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => ({
    labels: Uint8Array.from(rows, (row) => row[0]),
    scores: Float32Array.from(rows, (row) => row[1] / 8),
  }));

// Reference values: scikit-learn 1.9.1.
describe('metrics against scikit-learn 1.9.1', () => {
  it('agrees on ten rows with ties', () => {
    expect(rocAuc(labels, scores)).toBeCloseTo(0.7083333333333334, 14);
    expect(averagePrecision(labels, scores)).toBeCloseTo(0.5595238095238095, 14);
    expect(logLoss(labels, scores)).toBeCloseTo(0.6206289990008726, 14);
    expect(brierScore(labels, scores)).toBeCloseTo(0.20974999999999996, 14);
  });

  it('agrees on 5,000 rows of float32 with ties', () => {
    const rows = syntheticRows();
    const asDouble = Float64Array.from(rows.scores);
    expect(rows.labels.reduce((sum, label) => sum + label, 0)).toBe(649);
    expect(rocAuc(rows.labels, rows.scores)).toBeCloseTo(0.7055032953832763, 13);
    expect(averagePrecision(rows.labels, rows.scores)).toBeCloseTo(0.2598276175317731, 13);
    expect(logLoss(rows.labels, asDouble)).toBeCloseTo(0.6382398575145056, 12);
    expect(brierScore(rows.labels, asDouble)).toBeCloseTo(0.22540789457945043, 12);
    expect(largestF1Threshold(rows.labels, rows.scores)).toBe(Math.fround(0.617));
    expect(thresholdMetrics(rows.labels, rows.scores, 0.5)).toEqual({
      threshold: 0.5,
      f1_score: 0.32758013384994716,
      recall: 0.7164869029275809,
      precision: 0.21232876712328766,
      true_negative: 2626,
      false_positive: 1725,
      false_negative: 184,
      true_positive: 465,
    });
  });

  it('holds certain probabilities one epsilon from 0 and 1', () => {
    const wrong = new Uint8Array([1, 0, 1, 0]);
    expect(logLoss(wrong, new Float64Array([0, 1, 1, 0.25]))).toBeCloseTo(18.093747212671524, 12);
    // scikit-learn sums float32 input in float32, so it agrees to that precision only.
    expect(logLoss(wrong, new Float32Array([0, 1, 1, 0.25]))).toBeCloseTo(8.043112754821777, 6);
  });
});

describe('rocAuc', () => {
  it('gives 0.5 when all scores tie, −0 and 0 included', () => {
    expect(rocAuc(labels, new Float32Array(10).fill(0.3))).toBe(0.5);
    expect(rocAuc(new Uint8Array([0, 1]), new Float32Array([-0, 0]))).toBe(0.5);
    expect(rocAuc(new Uint8Array([1, 0]), new Float64Array([-0, 0]))).toBe(0.5);
  });

  it('gives NaN without rows or with one class', () => {
    expect(rocAuc(new Uint8Array(0), new Float32Array(0))).toBeNaN();
    expect(rocAuc(new Uint8Array([0, 0]), new Float32Array([0.1, 0.2]))).toBeNaN();
    expect(rocAuc(new Uint8Array([1, 1]), new Float32Array([0.1, 0.2]))).toBeNaN();
  });

  it('throws at NaN, labels that are not 0 or 1, and unequal lengths', () => {
    expect(() => rocAuc(new Uint8Array([0, 1]), new Float32Array([0.1, Number.NaN]))).toThrow('NaN in row 1');
    expect(() => rocAuc(new Uint8Array([0, 2]), new Float32Array([0.1, 0.2]))).toThrow('got 2 in row 1');
    expect(() => rocAuc(new Uint8Array([0]), new Float32Array([0.1, 0.2]))).toThrow('got 1 and 2');
  });

  it('equals the share of won pairs, counted one by one', () => {
    fc.assert(
      fc.property(labelledScores, (rows) => {
        let won = 0;
        let pairs = 0;
        rows.scores.forEach((positive, i) => {
          rows.scores.forEach((negative, j) => {
            if (rows.labels[i] !== 1 || rows.labels[j] !== 0) return;
            pairs++;
            won += positive > negative ? 1 : positive === negative ? 0.5 : 0;
          });
        });
        expect(rocAuc(rows.labels, rows.scores)).toBe(won / pairs);
      }),
    );
  });

  it('does not depend on row order, and turns to its complement with the scores', () => {
    fc.assert(
      fc.property(labelledScores, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (rows, keys) => {
        const order = [...rows.labels.keys()].sort((a, b) => keys[a]! - keys[b]!);
        fc.pre(new Set(rows.labels).size === 2);
        const auc = rocAuc(rows.labels, rows.scores);
        const shuffledLabels = Uint8Array.from(order, (row) => rows.labels[row]!);
        const shuffledScores = Float32Array.from(order, (row) => rows.scores[row]!);
        expect(rocAuc(shuffledLabels, shuffledScores)).toBe(auc);
        expect(averagePrecision(shuffledLabels, shuffledScores)).toBe(
          averagePrecision(rows.labels, rows.scores),
        );
        expect(
          rocAuc(
            rows.labels,
            rows.scores.map((score) => -score),
          ),
        ).toBeCloseTo(1 - auc, 14);
      }),
    );
  });
});

describe('averagePrecision', () => {
  it('gives 0 without positives, 1 without negatives, the rate when all tie and NaN without rows', () => {
    expect(averagePrecision(new Uint8Array([0, 0]), new Float32Array([0.1, 0.2]))).toBe(0);
    expect(averagePrecision(new Uint8Array([1, 1]), new Float32Array([0.1, 0.2]))).toBe(1);
    expect(averagePrecision(labels, new Float32Array(10).fill(0.3))).toBe(0.4);
    expect(averagePrecision(new Uint8Array(0), new Float32Array(0))).toBeNaN();
  });
});

describe('probability metrics', () => {
  it('give NaN without rows and throw outside [0, 1]', () => {
    expect(logLoss(new Uint8Array(0), new Float32Array(0))).toBeNaN();
    expect(brierScore(new Uint8Array(0), new Float32Array(0))).toBeNaN();
    expect(() => logLoss(new Uint8Array([1]), new Float32Array([1.5]))).toThrow('got 1.5 in row 0');
    expect(() => brierScore(new Uint8Array([1]), new Float32Array([Number.NaN]))).toThrow('got NaN in row 0');
  });

  it('stay finite for one class', () => {
    expect(logLoss(new Uint8Array([1, 1]), new Float64Array([0.5, 0.5]))).toBeCloseTo(Math.LN2, 15);
    expect(brierScore(new Uint8Array([1, 1]), new Float64Array([0.5, 0.5]))).toBe(0.25);
  });
});

describe('thresholdMetrics', () => {
  it('counts a probability equal to the threshold as positive', () => {
    expect(thresholdMetrics(labels, scores, 0.4)).toEqual({
      threshold: 0.4,
      f1_score: 0.6,
      recall: 0.75,
      precision: 0.5,
      true_positive: 3,
      false_positive: 3,
      true_negative: 3,
      false_negative: 1,
    });
  });

  it('gives 0 for ratios with an empty denominator', () => {
    const nothingFound = thresholdMetrics(labels, scores, 0.95);
    expect(nothingFound).toMatchObject({
      f1_score: 0,
      recall: 0,
      precision: 0,
      false_negative: 4,
      true_negative: 6,
    });
    expect(thresholdMetrics(new Uint8Array(0), new Float32Array(0), 0.5)).toMatchObject({
      f1_score: 0,
      recall: 0,
    });
  });

  it('throws at NaN', () => {
    expect(() => thresholdMetrics(labels, scores, Number.NaN)).toThrow('threshold');
    expect(() => thresholdMetrics(new Uint8Array([1]), new Float32Array([Number.NaN]), 0.5)).toThrow('row 0');
  });
});

describe('largestF1Threshold', () => {
  it('prefers the larger of thresholds with equal F1', () => {
    // F1 is 2/3 at 0.9 (one of two buyers, none wrong) and again at 0.1 (both buyers, two wrong).
    expect(largestF1Threshold(new Uint8Array([1, 0, 0, 1]), new Float64Array([0.9, 0.5, 0.4, 0.1]))).toBe(
      0.9,
    );
  });

  it('gives the largest probability without positives and the only one when all tie', () => {
    expect(largestF1Threshold(new Uint8Array([0, 0]), new Float32Array([0.25, 0.75]))).toBe(0.75);
    expect(largestF1Threshold(new Uint8Array([0, 1]), new Float32Array([0.25, 0.25]))).toBe(0.25);
  });

  it('throws without rows and at NaN', () => {
    expect(() => largestF1Threshold(new Uint8Array(0), new Float32Array(0))).toThrow('at least one row');
    expect(() => largestF1Threshold(new Uint8Array([1]), new Float32Array([Number.NaN]))).toThrow(
      'NaN in row 0',
    );
  });

  it('is not beaten by any distinct probability', () => {
    fc.assert(
      fc.property(labelledScores, (rows) => {
        const chosen = largestF1Threshold(rows.labels, rows.scores);
        const f1At = (threshold: number) => thresholdMetrics(rows.labels, rows.scores, threshold).f1_score;
        const candidates = [...new Set(rows.scores)];
        expect(candidates).toContain(chosen);
        for (const other of candidates) {
          expect(f1At(other)).toBeLessThanOrEqual(f1At(chosen));
          if (other > chosen) expect(f1At(other)).toBeLessThan(f1At(chosen));
        }
      }),
    );
  });
});

describe('descendingOrder', () => {
  it('orders like a stable comparison sort, for float32 and float64, infinities and subnormals included', () => {
    const check = (values: Float32Array | Float64Array) => {
      const expected = [...values.keys()].sort((a, b) =>
        values[a] === values[b] ? a - b : values[b]! - values[a]! || a - b,
      );
      expect([...descendingOrder(values)]).toEqual(expected);
    };
    fc.assert(fc.property(fc.float32Array({ noNaN: true, maxLength: 80 }), check));
    fc.assert(fc.property(fc.float64Array({ noNaN: true, maxLength: 80 }), check));
  });
});

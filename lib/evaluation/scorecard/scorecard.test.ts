import { describe, expect, it } from 'vitest';
import { drawnReport, drawnRows } from '@/lib/testing/drawn-report';
import { calibratedRows } from '../calibration/calibrated-rows';
import reference from '../fixtures/scorecard.json';
import { rankedScores } from '../ranked-scores';
import { aucDifference, delongInterval, rocAucWithInterval } from './auc-interval';
import { BOOTSTRAPPED, bootstrapIntervals, nBootstrapSamples } from './bootstrap-intervals';
import { buyersAmongFirst, cumulativeGains, ksStatistic, precisionAtCalls } from './cumulative-gains';

describe.each(reference.cases.map((known, i) => ({ i, known })))(
  'against scikit-learn and scipy, case $i',
  ({ known }) => {
    const rows = calibratedRows(
      { kind: 'none' },
      { labels: Uint8Array.from(known.labels), margins: Float32Array.from(known.margins) },
    );
    const ranked = rankedScores(rows.labels, rows.margins);

    it('draws bootstrap intervals that end where theirs end, but for chance', () => {
      const ours = bootstrapIntervals(rows, known.threshold, { nSamples: 4000, seed: 1 });
      for (const metric of BOOTSTRAPPED) {
        const [low, high] = known.bootstrap[metric];
        const width = high! - low!;
        // Recall moves in steps of a buyer.
        expect(Math.abs(ours[metric].low - low!) / width, metric).toBeLessThan(0.1);
        expect(Math.abs(ours[metric].high - high!) / width, metric).toBeLessThan(0.1);
        expect(ours[metric].low).toBeLessThan(known.point[metric]);
        expect(ours[metric].high).toBeGreaterThan(known.point[metric]);
      }
    });

    it('measures the Kolmogorov–Smirnov statistic exactly', () => {
      expect(ksStatistic(ranked)?.statistic).toBeCloseTo(known.ks, 12);
    });

    it('counts buyers among the first rows', () => {
      const n = known.labels.length;
      const counts = known.buyersAmongFirst ?? [];
      expect([1, 50, 100, n].slice(0, counts.length).map((k) => buyersAmongFirst(ranked, k))).toEqual(counts);
      expect(cumulativeGains(ranked).at(-1)).toMatchObject({ share_found: 1, lift: 1, n_called: n });
    });
  },
);

describe('cumulativeGains', () => {
  it('shares the buyers of a tie among its rows', () => {
    const ranked = rankedScores(Uint8Array.of(1, 0, 1, 0), Float64Array.of(2, 1, 1, 1));
    expect([0, 1, 2, 3, 4].map((n) => buyersAmongFirst(ranked, n))).toEqual([0, 1, 1 + 1 / 3, 1 + 2 / 3, 2]);
    expect(cumulativeGains(ranked).find(({ n_called }) => n_called === 2)).toEqual({
      share_called: 0.5,
      n_called: 2,
      n_buyers: 4 / 3,
      share_found: 2 / 3,
      lift: 4 / 3,
    });
  });

  it('says nothing without buyers or rows, and leaves out more calls than rows', () => {
    const nobody = rankedScores(Uint8Array.of(0, 0), Float64Array.of(1, 2));
    expect([cumulativeGains(nobody), precisionAtCalls(nobody), ksStatistic(nobody)]).toEqual([[], [], null]);
    const none = rankedScores(new Uint8Array(0), new Float64Array(0));
    expect([cumulativeGains(none), precisionAtCalls(none), ksStatistic(none)]).toEqual([[], [], null]);
  });

  it('gives precision at calls with Wilson intervals', () => {
    const labels = Uint8Array.from({ length: 60 }, (_, row) => Number(row < 10));
    const scores = Float64Array.from({ length: 60 }, (_, row) => -row);
    expect(precisionAtCalls(rankedScores(labels, scores))).toEqual([
      {
        n_called: 50,
        n_buyers: 10,
        precision: 0.2,
        low: expect.closeTo(0.1124, 4),
        high: expect.closeTo(0.3304, 4),
      },
    ]);
  });

  it('finds no distance where all scores tie', () => {
    const tied = rankedScores(Uint8Array.of(1, 0), Float64Array.of(3, 3));
    expect(ksStatistic(tied)).toEqual({ statistic: 0, threshold: 3 });
  });
});

describe('bootstrapIntervals', () => {
  const rows = drawnRows({ nRows: 300 });

  it('gives the same for the same seed, and leaves its rows alone', () => {
    const plan = { nSamples: 100, seed: 4 };
    const before = rows.probabilities.slice();
    expect(bootstrapIntervals(rows, 0.2, plan)).toEqual(bootstrapIntervals(rows, 0.2, plan));
    expect(bootstrapIntervals(rows, 0.2, plan)).not.toEqual(
      bootstrapIntervals(rows, 0.2, { ...plan, seed: 5 }),
    );
    expect(rows.probabilities).toEqual(before);
  });

  it('measures every sample as the metrics are measured: of one sample of two rows, themselves', () => {
    const two = calibratedRows(
      { kind: 'none' },
      { labels: Uint8Array.of(1, 0), margins: Float32Array.of(1, -1) },
    );
    const found = bootstrapIntervals(two, 0.5, { nSamples: 3, seed: 1 });
    const p = two.probabilities[0]!;
    expect(found).toEqual({
      average_precision: { low: 1, high: 1 },
      f1_score: { low: 1, high: 1 },
      recall: { low: 1, high: 1 },
      precision: { low: 1, high: 1 },
      log_loss: { low: expect.closeTo(-Math.log(p), 6), high: expect.closeTo(-Math.log(p), 6) },
      brier_score: { low: expect.closeTo((1 - p) ** 2, 6), high: expect.closeTo((1 - p) ** 2, 6) },
    });
  });

  it('refuses one class, and draws fewer samples of many rows', () => {
    const one = calibratedRows({ kind: 'none' }, { labels: Uint8Array.of(0), margins: Float32Array.of(1) });
    expect(() => bootstrapIntervals(one, 0.5, { nSamples: 3, seed: 1 })).toThrow('both classes');
    expect([0, 4000, 8000, 1e6].map(nBootstrapSamples)).toEqual([1000, 1000, 500, 200]);
  });
});

describe('intervals of ROC AUC', () => {
  it('are cut at 0 and 1, and are none with one buyer', () => {
    expect(delongInterval({ value: 0.99, variance: 0.01 })).toEqual({
      low: expect.closeTo(0.794, 3),
      high: 1,
    });
    expect(rocAucWithInterval(Uint8Array.of(1, 0, 0), Float64Array.of(3, 2, 1))).toEqual({
      value: 1,
      interval: null,
    });
    expect(
      aucDifference(Uint8Array.of(1, 0, 0), Float64Array.of(3, 2, 1), Float64Array.of(1, 2, 3)),
    ).toBeNull();
  });

  it('find no difference of a model from itself', () => {
    const { labels, margins } = drawnRows({ nRows: 200 });
    expect(aucDifference(labels, margins, margins)).toEqual({ value: 0, low: 0, high: 0, p_value: 1 });
  });

  it('hold the truth of drawn lists about as often as they say', () => {
    const truth = rocAucWithInterval(...pair(drawnRows({ nRows: 200_000, seed: 7 }))).value;
    let nHeld = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { interval } = rocAucWithInterval(...pair(drawnRows({ nRows: 600, seed: 10_000 + seed })));
      nHeld += Number(interval !== null && interval.low <= truth && truth <= interval.high);
    }
    expect(nHeld / 200).toBeGreaterThanOrEqual(0.9);
    expect(nHeld / 200).toBeLessThanOrEqual(0.985);
  });
});

const pair = ({ labels, margins }: ReturnType<typeof drawnRows>) => [labels, margins] as const;

describe('the scorecard in the report', () => {
  it('says what calibration mended', () => {
    const skewed = drawnReport({ slope: 0.4 });
    const { before, after } = skewed.calibration;
    expect(before).toEqual(after);
    const mended = drawnReport({
      slope: 0.4,
      calibration: { kind: 'platt', slope: 0.4, intercept: 0.4 * 3 - 3 },
    });
    expect(mended.calibration.before.expected_calibration_error).toBeCloseTo(
      before.expected_calibration_error,
      12,
    );
    expect(mended.calibration.after.expected_calibration_error).toBeLessThan(
      before.expected_calibration_error / 2,
    );
    expect(mended.log_loss).toBe(mended.calibration.after.log_loss);
    // Calibration leaves the order alone, and with it all that needs an order only.
    expect([mended.roc_auc, mended.gains]).toEqual([skewed.roc_auc, skewed.gains]);
  });

  it('compares with the baseline on the same rows', () => {
    const { baseline, roc_auc } = drawnReport();
    expect(baseline?.roc_auc_difference?.value).toBeCloseTo(roc_auc - (baseline?.roc_auc ?? 0), 12);
    expect(baseline?.roc_auc_difference?.p_value).toBeLessThan(0.05);
  });
});

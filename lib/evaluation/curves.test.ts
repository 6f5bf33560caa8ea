import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { precisionRecallCurve, rocCurve } from './curves';
import { rankedScores } from './ranked-scores';
import { thinnedCurvePoints } from './thinned-curve';

const labels = new Uint8Array([0, 0, 1, 1, 0, 1, 0, 0, 1, 0]);
const scores = new Float64Array([0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.9, 0.65, 0.1]);
const noPoints = { x: [], y: [], threshold: [] };

/** Area under a drawn curve, by trapezoids. */
function areaUnder(curve: { x: number[]; y: number[] }): number {
  let area = 0;
  for (let i = 1; i < curve.x.length; i++) {
    area += ((curve.x[i]! - curve.x[i - 1]!) * (curve.y[i]! + curve.y[i - 1]!)) / 2;
  }
  return area;
}

/** Rows whose buyers tend to score higher, every score distinct. */
function manyRows(nRows: number) {
  const labels = new Uint8Array(nRows);
  const scores = new Float32Array(nRows);
  for (let row = 0; row < nRows; row++) {
    scores[row] = row / nRows;
    labels[row] = ((row * 7919) % 1000) / 1000 < 0.02 + 0.2 * (row / nRows) ** 3 ? 1 : 0;
  }
  return rankedScores(labels, scores);
}

describe('rocCurve', () => {
  it('equals scikit-learn 1.9.1 roc_curve without the points on straight lines', () => {
    expect(rocCurve(rankedScores(labels, scores))).toEqual({
      x: [0, 1 / 6, 1 / 6, 0.5, 0.5, 1],
      y: [0, 0, 0.5, 0.75, 1, 1],
      threshold: [0.9000000000000001, 0.9, 0.65, 0.4, 0.35, 0.05],
    });
  });

  it('is a diagonal when all scores tie, and empty without rows or with one class', () => {
    expect(rocCurve(rankedScores(new Uint8Array([0, 1]), new Float32Array([0.5, 0.5])))).toEqual({
      x: [0, 1],
      y: [0, 1],
      threshold: [0.5000000000000001, 0.5],
    });
    expect(rocCurve(rankedScores(new Uint8Array(0), new Float32Array(0)))).toEqual(noPoints);
    expect(rocCurve(rankedScores(new Uint8Array([1]), new Float32Array([0.5])))).toEqual(noPoints);
    expect(rocCurve(rankedScores(new Uint8Array([0]), new Float32Array([0.5])))).toEqual(noPoints);
  });

  it('gives finite first thresholds above zero and negative scores', () => {
    const start = (score: number) =>
      rocCurve(rankedScores(new Uint8Array([0, 1]), new Float64Array([score, score]))).threshold[0];
    expect(start(0)).toBe(5e-324);
    expect(start(-0.5)).toBe(-0.49999999999999994);
  });

  it('keeps the area under 100,000 rows with 400 points', () => {
    const ranked = manyRows(100_000);
    const curve = rocCurve(ranked);
    expect(curve.x).toHaveLength(400);
    expect(areaUnder(curve)).toBeCloseTo(areaUnder(rocCurve(ranked, 100_001)), 3);
    expect(curve.threshold).toEqual([...curve.threshold].sort((a, b) => b - a));
  });
});

describe('precisionRecallCurve', () => {
  it('equals scikit-learn 1.9.1 precision_recall_curve read backwards, without the point on a straight line', () => {
    expect(precisionRecallCurve(rankedScores(labels, scores))).toEqual({
      x: [0, 0, 0.25, 0.5, 0.75, 1, 1],
      y: [1, 0, 0.5, 2 / 3, 0.5, 4 / 7, 0.4],
      threshold: [0.9000000000000001, 0.9, 0.8, 0.65, 0.4, 0.35, 0.05],
    });
  });

  it('is level at 1 without negatives and empty without positives', () => {
    expect(precisionRecallCurve(rankedScores(new Uint8Array([1, 1]), new Float32Array([0.5, 0.25])))).toEqual(
      {
        x: [0, 1],
        y: [1, 1],
        threshold: [0.5000000000000001, 0.25],
      },
    );
    expect(precisionRecallCurve(rankedScores(new Uint8Array([0]), new Float32Array([0.5])))).toEqual(
      noPoints,
    );
  });

  it('thins 100,000 rows to 400 points that all lie on the full curve', () => {
    const ranked = manyRows(100_000);
    const curve = precisionRecallCurve(ranked);
    expect(curve.x).toHaveLength(400);
    expect(areaUnder(curve)).toBeCloseTo(areaUnder(precisionRecallCurve(ranked, 100_001)), 3);
  });
});

describe('thinnedCurvePoints', () => {
  it('keeps ends and corners and drops points on straight lines', () => {
    expect(
      thinnedCurvePoints(new Float64Array([0, 0, 0, 0.5, 1]), new Float64Array([0, 0.5, 1, 1, 1]), 9),
    ).toEqual([0, 2, 4]);
    expect(thinnedCurvePoints(new Float64Array([3]), new Float64Array([4]), 2)).toEqual([0]);
    expect(() => thinnedCurvePoints(new Float64Array([3]), new Float64Array([4]), 1)).toThrow('at least 2');
  });

  it('keeps a point far away although the ends meet', () => {
    expect(thinnedCurvePoints(new Float64Array([0, 1, 0]), new Float64Array([0, 1, 0]), 3)).toEqual([
      0, 1, 2,
    ]);
  });

  it('never keeps more points than asked for, nor loses an end', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          {
            minLength: 2,
            maxLength: 50,
          },
        ),
        fc.integer({ min: 2, max: 20 }),
        (points, nPoints) => {
          const x = Float64Array.from(points, (point) => point[0]);
          const kept = thinnedCurvePoints(
            x,
            Float64Array.from(points, (point) => point[1]),
            nPoints,
          );
          expect(kept.length).toBeLessThanOrEqual(nPoints);
          expect(kept[0]).toBe(0);
          expect(kept.at(-1)).toBe(x.length - 1);
          expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        },
      ),
    );
  });
});

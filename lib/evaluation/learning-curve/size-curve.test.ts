import { describe, expect, it } from 'vitest';
import { sizeCurveSentence } from './sentence';
import { curveSizes, type SizePoint, sizeCurve } from './size-curve';

const SIZES = [400, 650, 1_000, 1_650, 2_700, 4_400, 7_300, 12_000];
/** Five samples a size about a curve, one of all rows. */
const pointsOf = (value: (n: number) => number, spread: number): SizePoint[] =>
  SIZES.map((n, i) => {
    const offsets = i === SIZES.length - 1 ? [0] : [-2, -1, 0, 1, 2];
    const width = spread * Math.sqrt(SIZES[0]! / n);
    return { n, nBuyers: Math.round(n / 20), values: offsets.map((k) => value(n) + k * width) };
  });
const covarianceOf = (shared: number, own: number) =>
  Float64Array.from({ length: SIZES.length ** 2 }, (_, i) =>
    i % (SIZES.length + 1) === 0 ? shared + own : shared,
  );
const OPTIONS = { seed: 1, nValidation: 4_000, covariance: covarianceOf(0, 0) };

describe('curveSizes', () => {
  it('rises in equal ratios from ten buyers to all rows', () => {
    const sizes = curveSizes(12_000, 600);
    expect(sizes).toEqual({ ok: true, value: [375, 615, 1_009, 1_656, 2_717, 4_458, 7_314, 12_000] });
    expect(curveSizes(1_000, 40)).toMatchObject({ ok: true, value: { 0: 250, 7: 1_000 } });
  });

  it('refuses a list with few of a kind', () => {
    for (const [n, buyers] of [
      [1_000, 39],
      [1_000, 961],
      [0, 0],
    ] as const) {
      expect(curveSizes(n, buyers)).toMatchObject({ ok: false, error: { code: 'too_few_for_curve' } });
    }
  });
});

describe('sizeCurve', () => {
  it('says how many more conversions a rising curve needs', () => {
    const curve = sizeCurve(
      pointsOf((n) => 0.85 - 4 * n ** -0.5, 0.003),
      OPTIONS,
    );
    // 4·12,000^−0.5 − 4·24,000^−0.5
    expect(curve.gainOfDouble.value).toBeCloseTo(0.010695, 5);
    expect(curve.gainOfDouble.low).toBeLessThan(0.0107);
    expect(curve.gainOfDouble.high).toBeGreaterThan(0.0106);
    expect(curve.isEnough).toBe(false);
    // (4 / (4·12,000^−0.5 − 0.005))² / 12,000
    expect(curve.timesForGain.value).toBeCloseTo(1.3425, 3);
    expect(sizeCurveSentence(curve, 1_000)).toMatch(
      /^Not enough: ROC AUC stands at 0\.813; about 34\d more conversions \(95 % [\d,]+ to [\d,]+\) bring 0\.005 more/,
    );
  });

  it('widens the interval by what validation rows make of single sizes, not by what they make of all', () => {
    const points = pointsOf((n) => 0.85 - 4 * n ** -0.5, 0.003);
    const widthOf = (covariance: Float64Array) => {
      const { low, high } = sizeCurve(points, { ...OPTIONS, covariance }).gainOfDouble;
      return high - low;
    };
    const alone = widthOf(covarianceOf(0, 0));
    expect(widthOf(covarianceOf(0.01 ** 2, 0))).toBeLessThan(1.5 * alone);
    expect(widthOf(covarianceOf(0, 0.01 ** 2))).toBeGreaterThan(2 * alone);
  });

  it('says enough of a flat one, and gives the same for the same seed', () => {
    const points = pointsOf(() => 0.8, 0.002);
    const curve = sizeCurve(points, OPTIONS);
    expect(curve.isEnough).toBe(true);
    expect(curve.timesForGain.value).toBeNull();
    expect(sizeCurveSentence(curve, 1_000)).toMatch(
      /^Enough: ROC AUC stands at 0\.800, and no number of rows/,
    );
    expect(sizeCurve(points, OPTIONS)).toEqual(curve);
  });
});

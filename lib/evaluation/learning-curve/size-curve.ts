import { dotProduct, factorCholesky } from '@/lib/core/cholesky';
import { normalDraw } from '@/lib/core/normal-distribution';
import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import { fail, type Result, succeed } from '@/lib/core/result';
import { fittedPowerLaw, type PowerLaw, powerLawAt, rowsForValue, type SizedValue } from './power-law';

/** Sizes measured, the last of them all training rows. */
export const N_SIZES = 8;
/** Samples of each size but the last, which is the same rows each time. */
export const N_REPEATS = 5;
/** Buyers that the smallest sample holds at least. */
const LEAST_BUYERS = 10;
/** The smallest sample is no smaller than this part of the training rows. */
const SMALLEST_SHARE = 1 / 32;
/** Buyers among the training rows below which there is no curve to measure. */
const LEAST_BUYERS_FOR_CURVE = 40;
/** More ROC AUC than this is worth more rows. */
export const WORTHWHILE_GAIN = 0.005;
const N_BOOTSTRAPS = 400;

/** ROC AUC on the validation rows of models trained on samples of one size. */
export interface SizePoint {
  /** Training rows. */
  readonly n: number;
  readonly nBuyers: number;
  /** One a sample. */
  readonly values: readonly number[];
}

/** A value read off the curve, with its 95 % interval over samples. */
export interface CurveValue {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How ROC AUC grows with the number of training rows. */
export interface SizeCurve {
  readonly seed: number;
  readonly nValidation: number;
  readonly points: readonly SizePoint[];
  readonly fit: PowerLaw;
  /** What twice the training rows would bring. */
  readonly gainOfDouble: CurveValue;
  /** Training rows for `WORTHWHILE_GAIN` more, as a multiple of those there are; infinite as null. */
  readonly timesForGain: {
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
  };
  /** Whether twice the rows would bring less than `WORTHWHILE_GAIN`. */
  readonly isEnough: boolean;
}

/**
 * Choose the sizes to measure: in equal ratios up to all training rows, the smallest with ten buyers at least.
 *
 * @returns a failure `too_few_for_curve` with fewer than 40 buyers or others among the training rows
 */
export function curveSizes(nRows: number, nBuyers: number): Result<readonly number[]> {
  if (nBuyers < LEAST_BUYERS_FOR_CURVE || nRows - nBuyers < LEAST_BUYERS_FOR_CURVE) {
    return fail(
      'too_few_for_curve',
      `The training rows hold ${nBuyers} buyers and ${nRows - nBuyers} others; a learning curve needs ${LEAST_BUYERS_FOR_CURVE} of each.`,
      'Use a list with more buyers: this one is not enough.',
    );
  }
  const share = Math.max(SMALLEST_SHARE, LEAST_BUYERS / nBuyers, LEAST_BUYERS / (nRows - nBuyers));
  const sizes = Array.from({ length: N_SIZES }, (_, i) =>
    Math.round(nRows * share ** (1 - i / (N_SIZES - 1))),
  );
  return succeed([...new Set(sizes)]);
}

/**
 * Fit the curve and say what more rows would bring. The interval is a bootstrap (percentile, 400 times): the samples of each
 * size are drawn again, and with them the ROC AUCs move as other validation rows would move them, all sizes together, by
 * their DeLong covariance. A larger size counts more, in proportion to its rows.
 *
 * @param points two sizes at least, rising; the last is all training rows
 * @param options.covariance of the sizes' ROC AUCs over validation rows, row-major, sizes × sizes
 */
export function sizeCurve(
  points: readonly SizePoint[],
  options: { readonly seed: number; readonly nValidation: number; readonly covariance: Float64Array },
): SizeCurve {
  const { seed, nValidation, covariance } = options;
  const nAll = points.at(-1)?.n ?? 0;
  const fit = fittedPowerLaw(sizedValues(points));
  const gain = (law: PowerLaw) => powerLawAt(law, 2 * nAll) - powerLawAt(law, nAll);
  const times = (law: PowerLaw) => rowsForValue(law, powerLawAt(law, nAll) + WORTHWHILE_GAIN) / nAll;
  const random = randomSource(derivedSeed(seed, 'learning-curve-bootstrap'));
  const shiftsOf = jointNormal(covariance, points.length);
  const drawn = Array.from({ length: N_BOOTSTRAPS }, () => {
    const shifts = shiftsOf(random);
    const samples = points.map((point, i) => ({
      ...point,
      values: point.values.map(() => point.values[Math.floor(random() * point.values.length)]! + shifts[i]!),
    }));
    return fittedPowerLaw(sizedValues(samples));
  });
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const ofGain = interval(drawn.map(gain));
  const ofTimes = interval(drawn.map(times));
  return {
    seed,
    nValidation,
    points,
    fit,
    gainOfDouble: { value: gain(fit), ...ofGain },
    timesForGain: { value: finite(times(fit)), low: finite(ofTimes.low), high: finite(ofTimes.high) },
    isEnough: gain(fit) < WORTHWHILE_GAIN,
  };
}

/** Draw numbers that vary together, each about 0. */
function jointNormal(covariance: Float64Array, n: number): (random: RandomSource) => Float64Array {
  const factor = covariance.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += factor[i * n + i]!;
  // Two sizes that rank all rows alike would leave no room for a factor.
  for (let i = 0; i < n; i++) factor[i * n + i]! += (1e-9 * trace) / n;
  const isVarying = factorCholesky(factor, n);
  return (random) => {
    const drawn = Float64Array.from({ length: n }, () => normalDraw(random));
    return Float64Array.from({ length: n }, (_, i) =>
      isVarying ? dotProduct(factor, i * n, drawn, 0, i + 1) : 0,
    );
  };
}

/** The mean of each size, which least squares fits as it fits the values themselves. */
function sizedValues(points: readonly SizePoint[]): readonly SizedValue[] {
  return points.map(({ n, values }) => ({
    n,
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    weight: n * values.length,
  }));
}

function interval(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at(0.025), high: at(0.975) };
}

import type { RandomSource } from '@/lib/core/random';

const SERIES_LIMIT = 3;

/**
 * Give the standard normal distribution function, to about 1e-15 absolute.
 * Near zero by the series with all terms positive (Abramowitz & Stegun 26.2.11), farther out by the continued fraction
 * of the upper tail (26.2.14), so a small tail keeps its relative accuracy.
 *
 * @example normalCdf(1.96) // 0.9750021048517795
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) > SERIES_LIMIT) return x > 0 ? 1 - upperTail(x) : upperTail(-x);
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

function upperTail(x: number): number {
  let fraction = x;
  for (let k = 40; k >= 1; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

/**
 * Give the probability that a standard normal number lies between two bounds, without cancellation in either tail.
 *
 * @example normalMass(-1, 1) // 0.682689492137086
 */
export function normalMass(from: number, to: number): number {
  return from > 0 ? normalCdf(-from) - normalCdf(-to) : normalCdf(to) - normalCdf(from);
}

/**
 * Draw from a normal distribution cut off at two bounds, by rejection. The centre must lie within the bounds and
 * `sigma` must not exceed their distance: then at least a third of the draws are kept.
 */
export function truncatedNormalDraw(
  bounds: { readonly low: number; readonly high: number },
  centre: number,
  sigma: number,
  random: RandomSource,
): number {
  for (;;) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const drawn = centre + sigma * radius * Math.cos(2 * Math.PI * random());
    if (drawn >= bounds.low && drawn <= bounds.high) return drawn;
  }
}

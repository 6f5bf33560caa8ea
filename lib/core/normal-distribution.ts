import type { RandomSource } from '@/lib/core/random';

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);
const INVERSE_SQRT_PI = 1 / Math.sqrt(Math.PI);

/** Give the density of the standard normal distribution. @example normalDensity(0) // 0.3989422804014327 */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x - LOG_SQRT_2_PI);
}

/**
 * Give the probability that a standard normal number is above `x` ≥ 0, to about 1e-15 of itself however small it is
 * (Cody, "Rational Chebyshev approximations for the error function", 1969). Written out, because it is the samplers' core.
 */
function upperTail(x: number): number {
  const y = x * Math.SQRT1_2;
  const square = 0.5 * x * x;
  if (y <= 0.46875) return 0.5 - 0.5 * y * erfRatio(square);
  if (y <= 4) return 0.5 * Math.exp(-square) * erfcRatio(y);
  if (y > 28) return 0;
  const inverse = 1 / square;
  return (0.5 * Math.exp(-square) * (INVERSE_SQRT_PI - inverse * tailRatio(inverse))) / y;
}

function erfRatio(s: number): number {
  return (
    ((((0.18577770618460315 * s + 3.1611237438705655) * s + 113.86415415105016) * s + 377.485237685302) * s +
      3209.3775891384694) /
    ((((s + 23.601290952344122) * s + 244.02463793444417) * s + 1282.6165260773723) * s + 2844.236833439171)
  );
}

function erfcRatio(y: number): number {
  const above =
    (((((((2.1531153547440383e-8 * y + 0.5641884969886701) * y + 8.883149794388377) * y + 66.11919063714163) *
      y +
      298.6351381974001) *
      y +
      881.952221241769) *
      y +
      1712.0476126340707) *
      y +
      2051.0783778260716) *
      y +
    1230.3393547979972;
  const below =
    (((((((y + 15.744926110709835) * y + 117.6939508913125) * y + 537.1811018620099) * y +
      1621.3895745666903) *
      y +
      3290.7992357334597) *
      y +
      4362.619090143247) *
      y +
      3439.3676741437216) *
      y +
    1230.3393548037495;
  return above / below;
}

function tailRatio(s: number): number {
  return (
    (((((0.016315387137302097 * s + 0.30532663496123236) * s + 0.36034489994980445) * s +
      0.12578172611122926) *
      s +
      0.016083785148742275) *
      s +
      0.0006587491615298378) /
    (((((s + 2.568520192289822) * s + 1.8729528499234604) * s + 0.5279051029514285) * s +
      0.06051834131244132) *
      s +
      0.0023352049762686918)
  );
}

/**
 * Give the standard normal distribution function, to about 1e-15 of itself in the lower tail.
 *
 * @example normalCdf(1.96) // 0.9750021048517795
 */
export function normalCdf(x: number): number {
  return x > 0 ? 1 - upperTail(x) : upperTail(-x);
}

/**
 * Give the probability that a standard normal number lies between two bounds, without cancellation in either tail.
 *
 * @example normalMass(-1, 1) // 0.682689492137086
 */
export function normalMass(from: number, to: number): number {
  return from > 0 ? upperTail(from) - upperTail(to) : normalCdf(to) - normalCdf(from);
}

/**
 * Give 1 / (x + 2 / (x + 3 / …)), for `x` from 3: the upper tail is the density over `x` plus it (Abramowitz & Stegun
 * 26.2.14).
 */
function tailFraction(x: number): number {
  let fraction = x;
  for (let k = 60; k >= 2; k--) fraction = x + k / fraction;
  return 1 / fraction;
}

/** Expected gain of a standard normal number over a bar, on the logarithm, with its slope in the bar's distance. */
export interface LogGain {
  readonly value: number;
  readonly slope: number;
}

/**
 * Give log E[max(0, z + N)] for a standard normal N, and its derivative in `z`: the expected improvement of a Gaussian
 * process in units of its standard deviation. On the logarithm it neither underflows nor goes flat far below the best
 * (Ament et al., "Unexpected improvements to expected improvement for Bayesian optimization", 2023).
 *
 * @example logExpectedGain(0).value // −0.9189385332046727
 */
export function logExpectedGain(z: number): LogGain {
  if (z > -3) {
    const cdf = normalCdf(z);
    const gain = normalDensity(z) + z * cdf;
    return { value: Math.log(gain), slope: cdf / gain };
  }
  const fraction = tailFraction(-z);
  return {
    value: -0.5 * z * z - LOG_SQRT_2_PI + Math.log(fraction / (fraction - z)),
    slope: 1 / fraction,
  };
}

/** Draw a standard normal number (Box & Muller 1958, one of the two). */
export function normalDraw(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
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
    const drawn = centre + sigma * normalDraw(random);
    if (drawn >= bounds.low && drawn <= bounds.high) return drawn;
  }
}

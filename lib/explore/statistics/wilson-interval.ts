/** A range of a share, both ends in [0, 1]. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** 0.975 quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Give the 95 % Wilson score interval of a share (Wilson 1927, without continuity correction;
 * as statsmodels `proportion_confint(method='wilson')`). Null when nothing was observed.
 *
 * @param nSuccesses 0 … n
 * @param n observations
 * @example wilsonInterval(5, 10) // { low: 0.2366, high: 0.7634 }, rounded
 */
export function wilsonInterval(nSuccesses: number, n: number): ShareInterval | null {
  if (n === 0) return null;
  const share = nSuccesses / n;
  const z2 = Z_95 * Z_95;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  // At the ends the formula gives exactly 0 or 1, but for rounding.
  return {
    low: nSuccesses === 0 ? 0 : Math.max(0, centre - half),
    high: nSuccesses === n ? 1 : Math.min(1, centre + half),
  };
}

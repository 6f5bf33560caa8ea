import { logGamma } from '@/lib/core/special-functions';
import type { ValueInterval } from './strategy-interval';

/**
 * Bound how many of `n` trials hit when `nSeenHits` of `nSeen` like them did: the 2.5 and 97.5 % quantiles of the beta-binomial
 * distribution under Jeffreys' prior, Beta(½, ½), so that both the luck of what was seen and that of what comes are in it.
 *
 * @example middleOfCounts({ n: 10, nSeen: 0, nSeenHits: 0 }) // { low: 0, high: 10 }
 */
export function middleOfCounts(counts: {
  readonly n: number;
  readonly nSeen: number;
  readonly nSeenHits: number;
}): ValueInterval {
  const { n, nSeen, nSeenHits } = counts;
  const a = nSeenHits + 0.5;
  const b = nSeen - nSeenHits + 0.5;
  // log P(0), then each from the one before; summed from below, so that no chance is lost to rounding.
  let logChance = logGamma(n + b) - logGamma(b) - (logGamma(n + a + b) - logGamma(a + b));
  let sum = 0;
  let low: number | null = null;
  for (let k = 0; k <= n; k++) {
    sum += Math.exp(logChance);
    if (low === null && sum >= 0.025) low = k;
    if (sum >= 0.975) return { low: low ?? k, high: k };
    logChance += Math.log(((n - k) / (k + 1)) * ((a + k) / (n - k - 1 + b)));
  }
  return { low: low ?? n, high: n };
}

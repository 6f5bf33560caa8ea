import { incompleteBeta } from '@/lib/core/special-functions';

/** Which of two models is right about how many rows. */
export interface RightAndWrong {
  readonly bothRight: number;
  readonly onlyFirstRight: number;
  readonly onlySecondRight: number;
  readonly bothWrong: number;
}

/** McNemar's test of whether two models are right equally often. */
export interface McNemar extends RightAndWrong {
  /** Two-sided, exact (conditional binomial), as statsmodels `mcnemar(exact=True)`. */
  readonly exactPValue: number;
  /** Two-sided mid-p, twice the one-sided one (Fagerland, Lydersen and Laake 2013): less cautious, and nearly exact. */
  readonly midPValue: number;
}

/**
 * Test whether two models are right equally often, by the rows that one alone is right about. Both p-values are 1 where
 * there is none.
 *
 * @example mcnemar({ bothRight: 10, onlyFirstRight: 2, onlySecondRight: 8, bothWrong: 1 }).exactPValue // 0.109375
 */
export function mcnemar(counts: RightAndWrong): McNemar {
  const { onlyFirstRight, onlySecondRight } = counts;
  const n = onlyFirstRight + onlySecondRight;
  if (n === 0) return { ...counts, exactPValue: 1, midPValue: 1 };
  const fewer = Math.min(onlyFirstRight, onlySecondRight);
  const upTo = fairCoins(fewer, n);
  const below = fewer === 0 ? 0 : fairCoins(fewer - 1, n);
  return { ...counts, exactPValue: Math.min(1, 2 * upTo), midPValue: Math.min(1, upTo + below) };
}

/** Probability of at most k heads of n fair coins. */
function fairCoins(k: number, n: number): number {
  return k >= n ? 1 : incompleteBeta(0.5, n - k, k + 1);
}

/**
 * Count the rows that each of two models is right about, each at its own threshold.
 *
 * @param labels 0 or 1 a row
 */
export function rightAndWrong(
  labels: Uint8Array,
  first: { readonly probabilities: Float32Array; readonly threshold: number },
  second: { readonly probabilities: Float32Array; readonly threshold: number },
): RightAndWrong {
  const counts = { bothRight: 0, onlyFirstRight: 0, onlySecondRight: 0, bothWrong: 0 };
  for (let row = 0; row < labels.length; row++) {
    const isBuyer = labels[row] === 1;
    const isFirstRight = first.probabilities[row]! >= first.threshold === isBuyer;
    const isSecondRight = second.probabilities[row]! >= second.threshold === isBuyer;
    if (isFirstRight && isSecondRight) counts.bothRight += 1;
    else if (isFirstRight) counts.onlyFirstRight += 1;
    else if (isSecondRight) counts.onlySecondRight += 1;
    else counts.bothWrong += 1;
  }
  return counts;
}

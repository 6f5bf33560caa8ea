import { type ShareInterval, wilsonInterval } from '@/lib/explore/statistics/wilson-interval';
import type { RankedScores } from '../ranked-scores';

/** What calling the best-ranked share of the rows finds. */
export interface GainPoint {
  readonly share_called: number;
  readonly n_called: number;
  /** Buyers among them; not whole where the last rows called tie with rows not called. */
  readonly n_buyers: number;
  /** Of all buyers. */
  readonly share_found: number;
  /** Times as many buyers as among as many rows called at random. */
  readonly lift: number;
}

/** Precision among the best-ranked rows. */
export interface PrecisionAt extends ShareInterval {
  readonly n_called: number;
  readonly n_buyers: number;
  readonly precision: number;
}

/** The largest distance between the rates at which buyers and others are called. */
export interface KsStatistic {
  readonly statistic: number;
  /** Score that reaches it; the largest of several. */
  readonly threshold: number;
}

const SHARES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
const CALLS = [50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;

/**
 * Count the buyers among the first rows of a ranking. Where the last of them tie with rows beyond, they hold the buyers of
 * the tie in its proportion: the mean over all orders of the tie.
 *
 * @param nCalled 0 … all rows
 */
export function buyersAmongFirst(ranked: RankedScores, nCalled: number): number {
  const { truePositive, falsePositive } = ranked;
  let [before, buyersBefore] = [0, 0];
  for (let i = 0; i < truePositive.length; i++) {
    const reached = truePositive[i]! + falsePositive[i]!;
    if (reached >= nCalled) {
      const share = (nCalled - before) / (reached - before);
      return buyersBefore + share * (truePositive[i]! - buyersBefore);
    }
    [before, buyersBefore] = [reached, truePositive[i]!];
  }
  return buyersBefore;
}

/**
 * Follow cumulative gains and lift down the ranking, at 1, 2, 5, 10 … 100 % of the rows; shares of less than one row are left
 * out. Empty without buyers.
 */
export function cumulativeGains(ranked: RankedScores): GainPoint[] {
  const n = ranked.nPositive + ranked.nNegative;
  if (ranked.nPositive === 0) return [];
  return SHARES.flatMap((share): GainPoint[] => {
    const nCalled = Math.round(share * n);
    if (nCalled === 0) return [];
    const nBuyers = buyersAmongFirst(ranked, nCalled);
    const shareFound = nBuyers / ranked.nPositive;
    return [
      {
        share_called: nCalled / n,
        n_called: nCalled,
        n_buyers: nBuyers,
        share_found: shareFound,
        lift: (shareFound * n) / nCalled,
      },
    ];
  });
}

/** Give precision among the first 50, 100, 200, 500 … rows, as far as there are rows, with Wilson intervals (95 %). */
export function precisionAtCalls(ranked: RankedScores): PrecisionAt[] {
  const n = ranked.nPositive + ranked.nNegative;
  return CALLS.filter((nCalled) => nCalled <= n).map((nCalled) => {
    const nBuyers = buyersAmongFirst(ranked, nCalled);
    return {
      n_called: nCalled,
      n_buyers: nBuyers,
      precision: nBuyers / nCalled,
      ...wilsonInterval(nBuyers, nCalled)!,
    };
  });
}

/**
 * Measure the Kolmogorov–Smirnov statistic between the scores of buyers and of others (scipy `ks_2samp`): the largest
 * difference of their call rates over all thresholds, which is 0 where nobody is told apart. Null where a class is missing.
 */
export function ksStatistic(ranked: RankedScores): KsStatistic | null {
  const { threshold, truePositive, falsePositive, nPositive, nNegative } = ranked;
  if (nPositive === 0 || nNegative === 0) return null;
  let [statistic, at] = [-1, 0];
  for (let i = 0; i < threshold.length; i++) {
    const apart = Math.abs(truePositive[i]! / nPositive - falsePositive[i]! / nNegative);
    if (apart > statistic) [statistic, at] = [apart, i];
  }
  return { statistic, threshold: threshold[at]! };
}

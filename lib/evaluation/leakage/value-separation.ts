import { type ShareInterval, wilsonInterval } from '@/lib/explore/statistics/wilson-interval';
import { type Measured, measuredAuc } from './measured-auc';
import type { ValueCounts } from './value-counts';

/** How a single value of a feature tells buyers from others. */
export interface ValueShare {
  readonly value: number;
  readonly buyers: number;
  readonly n: number;
  /** Of the rows that have the value, how many bought. */
  readonly conversion: number;
  readonly conversionInterval: ShareInterval;
  /** Of the buyers, how many have the value. */
  readonly shareOfBuyers: number;
  readonly shareOfBuyersInterval: ShareInterval;
  /** Of the others, how many have the value. */
  readonly shareOfOthers: number;
  readonly shareOfOthersInterval: ShareInterval;
}

/** How well a feature tells buyers from others by itself. */
export interface Separation {
  /** ROC AUC of the feature as a score, turned so that it is at least 0.5. */
  readonly rocAuc: Measured;
  /** Whether larger values go with buying. */
  readonly isRising: boolean;
  /** The value whose conversion is highest for certain: the one with the highest lower bound. */
  readonly purest: ValueShare;
  /** The value that holds buyers most and others least: the one with the largest difference of shares. */
  readonly mostCapturing: ValueShare;
}

/**
 * Measure how well a feature alone tells buyers from others: its ROC AUC with DeLong's interval, reckoned from counts (as
 * `rocAucVariance`, in the time of the distinct values), and the values that do it.
 *
 * @returns null with fewer than two buyers or two others
 */
export function separationOf(counts: ValueCounts): Separation | null {
  if (counts.nBuyers < 2 || counts.nOthers < 2) return null;
  const { value, variance } = countedRocAuc(counts);
  const isRising = value >= 0.5;
  const shares = Array.from(counts.values, (_, place) => valueShare(counts, place));
  return {
    rocAuc: measuredAuc(isRising ? value : 1 - value, variance),
    isRising,
    purest: shares.reduce((best, share) =>
      share.conversionInterval.low > best.conversionInterval.low ? share : best,
    ),
    mostCapturing: shares.reduce((best, share) =>
      share.shareOfBuyers - share.shareOfOthers > best.shareOfBuyers - best.shareOfOthers ? share : best,
    ),
  };
}

/**
 * Reckon the ROC AUC of values as scores from counts, ties counting half, and its variance after DeLong, DeLong and
 * Clarke-Pearson (1988). NaN with fewer than two buyers or two others.
 */
export function countedRocAuc({ buyers, others, nBuyers, nOthers }: ValueCounts): {
  readonly value: number;
  readonly variance: number;
} {
  let othersBelow = 0;
  let sum = 0;
  for (let place = 0; place < buyers.length; place++) {
    sum += buyers[place]! * (othersBelow + others[place]! / 2);
    othersBelow += others[place]!;
  }
  const value = sum / nBuyers / nOthers;
  let buyersBelow = 0;
  othersBelow = 0;
  let squaresOfBuyers = 0;
  let squaresOfOthers = 0;
  for (let place = 0; place < buyers.length; place++) {
    const ofBuyer = (othersBelow + others[place]! / 2) / nOthers;
    const ofOther = (nBuyers - buyersBelow - buyers[place]! / 2) / nBuyers;
    squaresOfBuyers += buyers[place]! * (ofBuyer - value) ** 2;
    squaresOfOthers += others[place]! * (ofOther - value) ** 2;
    buyersBelow += buyers[place]!;
    othersBelow += others[place]!;
  }
  return {
    value,
    variance: squaresOfBuyers / (nBuyers - 1) / nBuyers + squaresOfOthers / (nOthers - 1) / nOthers,
  };
}

function valueShare({ values, buyers, others, nBuyers, nOthers }: ValueCounts, place: number): ValueShare {
  const bought = buyers[place]!;
  const notBought = others[place]!;
  const n = bought + notBought;
  return {
    value: values[place]!,
    buyers: bought,
    n,
    conversion: bought / n,
    conversionInterval: interval(bought, n),
    shareOfBuyers: bought / nBuyers,
    shareOfBuyersInterval: interval(bought, nBuyers),
    shareOfOthers: notBought / nOthers,
    shareOfOthersInterval: interval(notBought, nOthers),
  };
}

function interval(nSuccesses: number, n: number): ShareInterval {
  const known = wilsonInterval(nSuccesses, n);
  if (known === null) throw new Error('Expected observations, got none');
  return known;
}

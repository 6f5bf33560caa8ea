import { wilsonInterval } from '@/lib/explore/statistics/wilson-interval';
import { measuredAuc } from '../leakage/measured-auc';
import { aucFromComponents, rocAucComponents } from '../paired-roc-auc';

/** A number with its 95 % interval. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Rows that a model is judged on, one entry a row. */
export interface JudgedRows {
  /** 0 or 1. */
  readonly labels: Uint8Array;
  /** 0–1. */
  readonly probabilities: Float32Array;
}

/** What a model comes to on some rows. Null where there is nothing to measure on. */
export interface SliceMeasures {
  readonly n: number;
  readonly nBuyers: number;
  /** Sum of the probabilities. */
  readonly expectedBuyers: number;
  /** Share of buyers; Wilson's interval. */
  readonly conversion: Bounded | null;
  /** DeLong's interval; null with fewer than two buyers or two others. */
  readonly rocAuc: Bounded | null;
  /** Buyers over the sum of the probabilities, 1 where they mean what they say; the interval is Wilson's of the buyers. */
  readonly observedToExpected: Bounded | null;
  /** Share of the buyers whose probability reaches the threshold; Wilson's interval. */
  readonly recall: Bounded | null;
  /** Share of buyers among those whose probability reaches the threshold; Wilson's interval. */
  readonly precision: Bounded | null;
  /** Of the threshold. */
  readonly nReached: number;
  readonly nBuyersReached: number;
}

/** Take the judged rows at some places. */
export function rowsAt({ labels, probabilities }: JudgedRows, members: Uint32Array): JudgedRows {
  const taken = { labels: new Uint8Array(members.length), probabilities: new Float32Array(members.length) };
  for (let i = 0; i < members.length; i++) {
    taken.labels[i] = labels[members[i]!]!;
    taken.probabilities[i] = probabilities[members[i]!]!;
  }
  return taken;
}

/** Measure a model on rows. A probability equal to the threshold reaches it. */
export function sliceMeasures(rows: JudgedRows, threshold: number): SliceMeasures {
  const { labels, probabilities } = rows;
  let [nBuyers, nReached, nBuyersReached, expectedBuyers] = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    const probability = probabilities[row]!;
    nBuyers += label;
    expectedBuyers += probability;
    if (probability >= threshold) {
      nReached += 1;
      nBuyersReached += label;
    }
  }
  const n = labels.length;
  const conversion = share(nBuyers, n);
  return {
    n,
    nBuyers,
    expectedBuyers,
    conversion,
    rocAuc: boundedAuc(rows),
    observedToExpected:
      conversion === null || expectedBuyers === 0 ? null : scaled(conversion, n / expectedBuyers),
    recall: share(nBuyersReached, nBuyers),
    precision: share(nBuyersReached, nReached),
    nReached,
    nBuyersReached,
  };
}

function boundedAuc({ labels, probabilities }: JudgedRows): Bounded | null {
  const estimate = aucFromComponents(labels, rocAucComponents(labels, probabilities));
  if (Number.isNaN(estimate.variance)) return null;
  const { value, low, high } = measuredAuc(estimate.value, estimate.variance);
  return { value, low, high };
}

function share(nSuccesses: number, n: number): Bounded | null {
  const interval = wilsonInterval(nSuccesses, n);
  return interval === null ? null : { value: nSuccesses / n, ...interval };
}

function scaled({ value, low, high }: Bounded, factor: number): Bounded {
  return { value: value * factor, low: low * factor, high: high * factor };
}

/**
 * Give the difference of two numbers measured on rows that do not overlap, with an interval made of theirs (MOVER, Zou and
 * Donner 2008; of Wilson's intervals it is Newcombe's method 10, as statsmodels
 * `confint_proportions_2indep(method='newcomb')`).
 */
export function boundedDifference(first: Bounded, second: Bounded): Bounded {
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  };
}

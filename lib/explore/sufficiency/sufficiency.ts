import type { ShareInterval } from '../statistics/wilson-interval';

const Z_95 = 1.959963984540054;

/**
 * Give the standard error that a ROC AUC has with so many buyers and others (Hanley & McNeil 1982, eq. 2, with their
 * exponential approximation of Q1 and Q2).
 */
export function rocAucError(rocAuc: number, nBuyers: number, nOthers: number): number {
  const q1 = rocAuc / (2 - rocAuc);
  const q2 = (2 * rocAuc * rocAuc) / (1 + rocAuc);
  const variance =
    (rocAuc * (1 - rocAuc) + (nBuyers - 1) * (q1 - rocAuc ** 2) + (nOthers - 1) * (q2 - rocAuc ** 2)) /
    (nBuyers * nOthers);
  return Math.sqrt(Math.max(0, variance));
}

/** What a list of this size can show. */
export interface Sufficiency {
  readonly n: number;
  readonly buyers: number;
  /** Of the rows that the model will be judged on. */
  readonly test: { readonly buyers: number; readonly others: number };
  /** The ROC AUC that a good model of such a list has, and its 95 % interval on those rows; null without buyers or others there. */
  readonly expected: (ShareInterval & { readonly rocAuc: number }) | null;
  /** Buyers for each feature to be learnt, on the training rows. */
  readonly buyersPerFeature: number | null;
  readonly isEnough: boolean;
  /** Subscribers to come, at this conversion, until it is enough; 0 where it is, null where nobody bought. */
  readonly nMore: number | null;
}

/** Half the interval of ROC AUC may be at most this for a verdict to mean anything. */
export const WIDEST_HALF_INTERVAL = 0.05;
/** Rule of thumb of the fewest buyers for each feature (Peduzzi et al. 1996). */
export const LEAST_BUYERS_PER_FEATURE = 10;

/** Best ROC AUC that published models of such a list reach, for reckoning what its size can show. */
const EXPECTED_ROC_AUC = 0.81;
/** Features that carry something: rating, tag count, opt-in date, country and the e-mail, some with several levels. */
const N_TELLING_FEATURES = 12;
/** Parts of the design's split. */
const SHARES = { train: 0.6, test: 0.2 };

/** Say whether a list is enough for a model as good as published ones, of the design's features and split. */
export function listSufficiency(counts: { readonly n: number; readonly buyers: number }): Sufficiency {
  return sufficiencyOf(counts, { rocAuc: EXPECTED_ROC_AUC, nFeatures: N_TELLING_FEATURES, shares: SHARES });
}

/**
 * Say whether a list holds enough conversions: the ROC AUC on the test rows must be known to ±0.05, and ten buyers of the
 * training rows must stand behind each feature that carries something.
 *
 * @param options.rocAuc the height to reckon with, 0.5–1
 * @param options.nFeatures features that carry something
 * @param options.shares parts of the split
 */
export function sufficiencyOf(
  counts: { readonly n: number; readonly buyers: number },
  options: {
    readonly rocAuc: number;
    readonly nFeatures: number;
    readonly shares: { readonly train: number; readonly test: number };
  },
): Sufficiency {
  const { n, buyers } = counts;
  const { rocAuc, nFeatures, shares } = options;
  const judged = (size: number) => {
    const of = (n === 0 ? 0 : size / n) * shares.test;
    return { buyers: Math.round(of * buyers), others: Math.round(of * (n - buyers)) };
  };
  const halfAt = (size: number) => {
    const test = judged(size);
    if (test.buyers === 0 || test.others === 0) return Number.POSITIVE_INFINITY;
    return Z_95 * rocAucError(rocAuc, test.buyers, test.others);
  };
  const perFeatureAt = (size: number) =>
    n === 0 || nFeatures === 0 ? Number.POSITIVE_INFINITY : (size * (buyers / n) * shares.train) / nFeatures;
  const isEnoughAt = (size: number) =>
    halfAt(size) <= WIDEST_HALF_INTERVAL && perFeatureAt(size) >= LEAST_BUYERS_PER_FEATURE;
  const test = judged(n);
  const half = halfAt(n);
  return {
    n,
    buyers,
    test,
    expected: Number.isFinite(half)
      ? { rocAuc, low: Math.max(0, rocAuc - half), high: Math.min(1, rocAuc + half) }
      : null,
    buyersPerFeature: n === 0 || nFeatures === 0 ? null : perFeatureAt(n),
    isEnough: isEnoughAt(n),
    nMore: buyers === 0 || buyers === n ? null : leastSize(isEnoughAt, n) - n,
  };
}

/** Find the least size from `from` on at which a rule holds that holds from there on. */
function leastSize(holds: (size: number) => boolean, from: number): number {
  if (holds(from)) return from;
  let low = from;
  let high = from * 2;
  while (!holds(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

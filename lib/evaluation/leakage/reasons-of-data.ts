import { percentText } from '@/lib/explore/summary/plain-numbers';
import type { SuspectReason } from './suspects';
import type { ValueCounts } from './value-counts';
import type { Separation } from './value-separation';

/** Below so many buyers or others nothing is graded by what the rows show. */
export const LEAST_FOR_DATA = 20;
/** What makes a feature suspect by its rows. Lower and upper are ends of 95 % intervals. */
export const DATA_RULES = {
  /** Lower end of the feature's own ROC AUC at which it as good as is the target. */
  certainRocAuc: 0.95,
  /** Lower end of its own ROC AUC from which it is looked at … */
  likelyRocAuc: 0.8,
  /** … if it lies so far above the upper end of the next best feature. */
  likelyLead: 0.05,
  /** Lower ends of the conversion of those who have one value. */
  certainConversion: 0.9,
  likelyConversion: 0.6,
  /** A list of which more than this bought has such groups by chance. */
  largestOverall: 0.5,
  /** Lower end of the share of buyers who have one value that hardly any of the others (upper end) have … */
  certainlyCapturedBuyers: 0.85,
  certainlySparedOthers: 0.05,
  /** … or that at most half of the others have. */
  likelyCapturedBuyers: 0.9,
  likelySparedOthers: 0.5,
} as const;

/** Say why a feature may know of the purchase by what the rows show; nothing for most. */
export function reasonsOfData(feature: {
  readonly counts: ValueCounts;
  readonly separation: Separation;
  /** Largest upper end of the ROC AUC of the other features by themselves. */
  readonly bestOther: number;
  /** What the rows that have a value have, in words. */
  readonly valueText: (value: number) => string;
}): readonly SuspectReason[] {
  const { counts, separation, bestOther, valueText } = feature;
  if (counts.nBuyers < LEAST_FOR_DATA || counts.nOthers < LEAST_FOR_DATA) return [];
  return [
    separates(separation, bestOther),
    isPure(counts, separation, valueText),
    captures(separation, valueText),
  ].filter((reason) => reason !== null);
}

function separates({ rocAuc }: Separation, bestOther: number): SuspectReason | null {
  const { certainRocAuc, likelyRocAuc, likelyLead } = DATA_RULES;
  const alone = `Alone it has a ROC AUC of ${rocAuc.value.toFixed(3)} (95 % ${rocAuc.low.toFixed(3)} to ${rocAuc.high.toFixed(3)})`;
  if (rocAuc.low >= certainRocAuc) {
    return byData('certain', `${alone}: it as good as is the purchase.`);
  }
  if (rocAuc.low < likelyRocAuc || rocAuc.low < bestOther + likelyLead) return null;
  return byData('likely', `${alone}, far above every other feature (at most ${bestOther.toFixed(3)}).`);
}

function isPure(
  { nBuyers, nOthers }: ValueCounts,
  { purest }: Separation,
  valueText: (value: number) => string,
): SuspectReason | null {
  const { low, high } = purest.conversionInterval;
  const { certainConversion, likelyConversion, largestOverall } = DATA_RULES;
  const overall = nBuyers / (nBuyers + nOthers);
  if (overall > largestOverall || low < likelyConversion) return null;
  const text = `Of the ${purest.n} who have ${valueText(purest.value)}, ${percentText(purest.conversion, 1)} bought (95 % ${percentText(low, 1)} to ${percentText(high, 1)}); of all, ${percentText(overall, 1)}.`;
  return byData(low >= certainConversion ? 'certain' : 'likely', text);
}

function captures({ mostCapturing }: Separation, valueText: (value: number) => string): SuspectReason | null {
  const { value, shareOfBuyers, shareOfBuyersInterval, shareOfOthers, shareOfOthersInterval } = mostCapturing;
  const isWithin = (leastBuyers: number, mostOthers: number) =>
    shareOfBuyersInterval.low >= leastBuyers && shareOfOthersInterval.high <= mostOthers;
  const isCertain = isWithin(DATA_RULES.certainlyCapturedBuyers, DATA_RULES.certainlySparedOthers);
  if (!isCertain && !isWithin(DATA_RULES.likelyCapturedBuyers, DATA_RULES.likelySparedOthers)) return null;
  return byData(
    isCertain ? 'certain' : 'likely',
    `${percentText(shareOfBuyers, 1)} of the buyers have ${valueText(value)}, and ${percentText(shareOfOthers, 1)} of the others.`,
  );
}

function byData(grade: 'certain' | 'likely', text: string): SuspectReason {
  return { basis: 'data', grade, text };
}

import { type Economics, monthlyLossPerReaderUsd } from './economics';

/** What comes of writing to the leads above a cut-off and leaving the others in peace, a month. */
export interface ThresholdValue {
  /** Lowest score that is written to; infinite where nobody is. */
  readonly threshold: number;
  /** Leads of the scored list at or above it. */
  readonly nHot: number;
  readonly nCold: number;
  /** Buyers among the hot leads. */
  readonly nBuyersKept: number;
  /** Share of all buyers among the hot leads: the gain. */
  readonly gain: number;
  readonly monthlySalesUsd: number;
  /** Customers a month, of the list scaled up, that cold leads do not lose the sender by unsubscribing. */
  readonly nCustomersSaved: number;
  /** What these are worth. */
  readonly savingsUsd: number;
  /** Sales kept, less sales missed, plus savings. */
  readonly expectedValueUsd: number;
}

/** Leads to choose among: not those that the model was trained on. */
export interface ScoredLeads {
  /** Higher is hotter; finite, one a lead. */
  readonly scores: Float32Array | Float64Array;
  /** 1 where the lead bought. */
  readonly labels: Uint8Array;
}

/**
 * Value every cut-off there is: one a distinct score, hottest first, after writing to nobody. One pass over the leads in order of
 * their scores. Empty where there are no leads or no buyers among them, for then nothing can be valued.
 *
 * The value is that of the design's source: salesKept − salesMissed + savings, where sales follow the share of buyers kept, and
 * savings are what cold leads would have lost by unsubscribing.
 */
export function thresholdValues(leads: ScoredLeads, economics: Economics): readonly ThresholdValue[] {
  const { scores, labels } = leads;
  const nLeads = labels.length;
  if (scores.length !== nLeads) throw new Error(`Expected ${nLeads} scores, got ${scores.length}`);
  let nBuyers = 0;
  for (const label of labels) nBuyers += label;
  if (nBuyers === 0) return [];
  const order = Uint32Array.from(labels.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const worth = valuer({ nLeads, nBuyers }, economics);
  const values = [worth(Number.POSITIVE_INFINITY, 0, 0)];
  let nKept = 0;
  for (let i = 0; i < nLeads; i++) {
    nKept += labels[order[i]!]!;
    const threshold = scores[order[i]!]!;
    if (i + 1 < nLeads && scores[order[i + 1]!] === threshold) continue;
    values.push(worth(threshold, i + 1, nKept));
  }
  return values;
}

/** Value one cut-off of a list of which only counts are known. */
export function valuer(
  { nLeads, nBuyers }: { readonly nLeads: number; readonly nBuyers: number },
  economics: Economics,
): (threshold: number, nHot: number, nBuyersKept: number) => ThresholdValue {
  const { listSize, salesPerMonthUsd, customerValueUsd } = economics;
  const lossPerLeadUsd = (listSize / nLeads) * monthlyLossPerReaderUsd(economics);
  return (threshold, nHot, nBuyersKept) => {
    const nCold = nLeads - nHot;
    const gain = nBuyersKept / nBuyers;
    const monthlySalesUsd = gain * salesPerMonthUsd;
    const savingsUsd = nCold * lossPerLeadUsd;
    return {
      threshold,
      nHot,
      nCold,
      nBuyersKept,
      gain,
      monthlySalesUsd,
      nCustomersSaved: customerValueUsd === 0 ? 0 : savingsUsd / customerValueUsd,
      savingsUsd,
      expectedValueUsd: monthlySalesUsd - (salesPerMonthUsd - monthlySalesUsd) + savingsUsd,
    };
  };
}

/**
 * Find the cut-off worth most among those that keep a share of the monthly sales; the one that writes to fewer where two are worth
 * the same. Null where there is none.
 *
 * @param leastSalesShare the safeguard, 0–1: such as 0.9 for "keep at least 90 % of monthly sales"
 */
export function bestThreshold(
  values: readonly ThresholdValue[],
  leastSalesShare: number,
): ThresholdValue | null {
  let best: ThresholdValue | null = null;
  for (const value of values) {
    if (value.gain < leastSalesShare) continue;
    if (best === null || value.expectedValueUsd > best.expectedValueUsd) best = value;
  }
  return best;
}

/** The cut-off that writes to no more leads than there is room for; null where even the hottest are too many. */
export function thresholdOfCapacity(
  values: readonly ThresholdValue[],
  nLeadsAtMost: number,
): ThresholdValue | null {
  return values.findLast(({ nHot }) => nHot > 0 && nHot <= nLeadsAtMost) ?? null;
}

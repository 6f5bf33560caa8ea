import { randomSource } from '@/lib/core/random';
import type { Economics } from './economics';
import { type ScoredLeads, type ThresholdValue, valuer } from './threshold-value';

/** A range that holds the truth in 95 of 100 lists. */
export interface ValueInterval {
  readonly low: number;
  readonly high: number;
}

/** How sure the value of a cut-off is. */
export interface StrategyIntervals {
  /** Of the expected value at the cut-off, US dollars a month. */
  readonly expectedValueUsd: ValueInterval;
  readonly monthlySalesUsd: ValueInterval;
  /** Of the share of leads that the best cut-off writes to, were it chosen anew on each resampled list. */
  readonly bestHotShare: ValueInterval;
}

/**
 * Bootstrap a cut-off's value by drawing leads with replacement (Efron 1979, percentile intervals of 95 %): how it would vary on
 * other lists of this size. Null where nothing can be valued.
 *
 * @param options.threshold lowest score that is written to
 * @param options.seed the same gives the same intervals
 */
export function strategyIntervals(
  leads: ScoredLeads,
  economics: Economics,
  options: {
    readonly threshold: number;
    readonly leastSalesShare: number;
    readonly nResamples: number;
    readonly seed: number;
  },
): StrategyIntervals | null {
  const random = randomSource(options.seed);
  const curve = orderedLeads(leads);
  const counts = new Uint16Array(leads.labels.length);
  const [values, sales, shares]: [number[], number[], number[]] = [[], [], []];
  for (let resample = 0; resample < options.nResamples; resample++) {
    drawCounts(counts, random);
    const found = valuedResample(curve, counts, economics, options);
    if (found === null) continue;
    values.push(found.here.expectedValueUsd);
    sales.push(found.here.monthlySalesUsd);
    if (found.best !== null) shares.push(found.best.nHot / counts.length);
  }
  if (values.length === 0) return null;
  return {
    expectedValueUsd: middle95(values),
    monthlySalesUsd: middle95(sales),
    bestHotShare: middle95(shares),
  };
}

/** Scores and labels, hottest first: sorted once for all resamples. */
function orderedLeads({ scores, labels }: ScoredLeads): ScoredLeads {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => scores[b]! - scores[a]!);
  return {
    scores: Float64Array.from(order, (row) => scores[row]!),
    labels: Uint8Array.from(order, (row) => labels[row]!),
  };
}

/** Draw as many leads as there are, with replacement: how often each is in the resample. */
function drawCounts(counts: Uint16Array, random: () => number): void {
  counts.fill(0);
  for (let i = 0; i < counts.length; i++) counts[Math.floor(random() * counts.length)]! += 1;
}

/** Value of the cut-off in a resample, and of the best there; null where the resample holds no buyer. */
function valuedResample(
  { scores, labels }: ScoredLeads,
  counts: Uint16Array,
  economics: Economics,
  { threshold, leastSalesShare }: { readonly threshold: number; readonly leastSalesShare: number },
): { readonly here: ThresholdValue; readonly best: ThresholdValue | null } | null {
  let nBuyers = 0;
  for (let i = 0; i < counts.length; i++) nBuyers += labels[i]! * counts[i]!;
  if (nBuyers === 0) return null;
  const valued = valuer({ nLeads: counts.length, nBuyers }, economics);
  // The value is a line in both counts: worked out without an object a lead.
  const nothing = valued(threshold, 0, 0).expectedValueUsd;
  const ofHot = valued(threshold, 1, 0).expectedValueUsd - nothing;
  const ofBuyer = valued(threshold, 0, 1).expectedValueUsd - nothing;
  const here = { nHot: 0, nKept: 0 };
  let best: { score: number; nHot: number; nKept: number; worth: number } | null = null;
  let [nHot, nKept] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    nHot += counts[i]!;
    nKept += labels[i]! * counts[i]!;
    const score = scores[i]!;
    if (scores[i + 1] === score) continue;
    if (score >= threshold) {
      here.nHot = nHot;
      here.nKept = nKept;
    }
    if (nKept < leastSalesShare * nBuyers) continue;
    const worth = nHot * ofHot + nKept * ofBuyer;
    if (best === null || worth > best.worth) best = { score, nHot, nKept, worth };
  }
  return {
    here: valued(threshold, here.nHot, here.nKept),
    best: best === null ? null : valued(best.score, best.nHot, best.nKept),
  };
}

function middle95(values: readonly number[]): ValueInterval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
  };
  return { low: at(0.025), high: at(0.975) };
}

import { type CapacityPlan, capacityPlan } from './capacity-plan';
import type { StrategyIntervals } from './strategy-interval';
import { strategyIntervals } from './strategy-interval';
import type { StrategyPlan } from './strategy-plan';
import {
  bestThreshold,
  type ScoredLeads,
  type ThresholdValue,
  thresholdValues,
  valuer,
} from './threshold-value';

/** Points of a curve that are drawn at most. */
const MOST_POINTS = 400;
/** Resampled lists of an interval. */
export const N_RESAMPLES = 200;

/** Whom to write to, how that was chosen, and what it comes to on rows that chose nothing. */
export interface ChosenStrategy {
  readonly plan: StrategyPlan;
  /** Of the resampled lists. */
  readonly seed: number;
  /** Rows that the cut-off is chosen on, scored by a model that has not seen them. */
  readonly chosenOn: RowCounts;
  /** Rows that judge it: no model was trained on them, and they choose nothing. */
  readonly judgedOn: RowCounts;
  /** Every cut-off of the rows that choose, hottest first, thinned to 400 at most; the best ones are among them. */
  readonly curve: readonly ThresholdValue[];
  /** Worth most among those that keep the safeguard; null where nothing can be valued. */
  readonly best: ThresholdValue | null;
  /** Worth most, were there no safeguard. */
  readonly unguarded: ThresholdValue | null;
  /** What `best` comes to on the rows that judge. */
  readonly judged: { readonly value: ThresholdValue; readonly intervals: StrategyIntervals } | null;
  /** What a week's capacity comes to, those who opted out left alone. */
  readonly capacity: CapacityPlan;
  /** Of those who may be contacted, at or above `best`, and below. */
  readonly list: { readonly nHot: number; readonly nCold: number };
}

/** How many rows, and how many of them bought. */
export interface RowCounts {
  readonly n: number;
  readonly nBuyers: number;
}

/**
 * Choose the cut-off that is worth most on one set of rows and judge it on another, so that what it promises is not what made
 * it be chosen.
 *
 * @param rows.chosenOn validation rows, scored by a model of the training rows alone
 * @param rows.judgedOn test rows, scored by the final model
 * @param rows.list scores by the final model of everybody who may be contacted, best first
 */
export function chosenStrategy(
  rows: {
    readonly chosenOn: ScoredLeads;
    readonly judgedOn: ScoredLeads;
    readonly list: Float32Array;
  },
  plan: StrategyPlan,
  seed: number,
): ChosenStrategy {
  const values = thresholdValues(rows.chosenOn, plan.economics);
  const best = bestThreshold(values, plan.leastSalesShare);
  const unguarded = bestThreshold(values, 0);
  const nHot = best === null ? 0 : countAtLeast(rows.list, best.threshold);
  return {
    plan,
    seed,
    chosenOn: countsOf(rows.chosenOn),
    judgedOn: countsOf(rows.judgedOn),
    curve: thinned(values, [best, unguarded]),
    best,
    unguarded,
    judged: best === null ? null : judgedThreshold(rows.judgedOn, best.threshold, plan, seed),
    capacity: capacityPlan(rows.list, rows.judgedOn, plan),
    list: { nHot, nCold: rows.list.length - nHot },
  };
}

function judgedThreshold(
  leads: ScoredLeads,
  threshold: number,
  { economics, leastSalesShare }: StrategyPlan,
  seed: number,
): ChosenStrategy['judged'] {
  const { n, nBuyers } = countsOf(leads);
  const options = { threshold, leastSalesShare, nResamples: N_RESAMPLES, seed };
  const intervals = strategyIntervals(leads, economics, options);
  if (intervals === null) return null;
  const [nHot, nKept] = [countAtLeast(leads.scores, threshold), keptAtLeast(leads, threshold)];
  return { value: valuer({ nLeads: n, nBuyers }, economics)(threshold, nHot, nKept), intervals };
}

function countsOf({ labels }: ScoredLeads): RowCounts {
  return { n: labels.length, nBuyers: labels.reduce((sum, label) => sum + label, 0) };
}

function countAtLeast(scores: Float32Array | Float64Array, threshold: number): number {
  let n = 0;
  for (const score of scores) if (score >= threshold) n++;
  return n;
}

function keptAtLeast({ scores, labels }: ScoredLeads, threshold: number): number {
  let n = 0;
  for (let row = 0; row < labels.length; row++) if (scores[row]! >= threshold) n += labels[row]!;
  return n;
}

/** Points at even steps, the ends and the given ones kept. */
function thinned(
  values: readonly ThresholdValue[],
  kept: readonly (ThresholdValue | null)[],
): readonly ThresholdValue[] {
  if (values.length <= MOST_POINTS) return values;
  const step = (values.length - 1) / (MOST_POINTS - 1 - kept.length);
  const places = new Set(
    Array.from({ length: MOST_POINTS - kept.length }, (_, i) =>
      Math.min(values.length - 1, Math.round(i * step)),
    ),
  );
  for (const value of kept) if (value !== null) places.add(values.indexOf(value));
  return [...places].sort((a, b) => a - b).map((place) => values[place]!);
}

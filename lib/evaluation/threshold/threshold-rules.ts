import { nextNumberAbove } from '../curves';
import type { RankedScores } from '../ranked-scores';
import { rankedLargestF1Threshold } from '../threshold-metrics';

/** How a threshold is chosen on rows that the model has not seen. */
export type ThresholdChoice =
  /** The largest F1. */
  | { readonly rule: 'largest_f1' }
  /** The largest threshold that still finds this share of the buyers. */
  | { readonly rule: 'recall_floor'; readonly recall: number }
  /** As many rows as can be called, and not one more: a share of all rows. */
  | { readonly rule: 'capacity'; readonly share: number }
  /** The largest profit: what buyers bring less what calls cost. */
  | { readonly rule: 'profit'; readonly saleValueUsd: number; readonly contactCostUsd: number };

/** What calling everyone from a threshold on comes to. */
export interface ThresholdOutcome {
  readonly threshold: number;
  readonly nCalled: number;
  readonly nBuyers: number;
  readonly share: number;
  /** 0 where nobody is called. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Find the threshold that a rule means. Where a rule means that nobody is called, it is the next number above every score.
 *
 * @throws where there are no rows
 */
export function thresholdByRule(ranked: RankedScores, choice: ThresholdChoice): number {
  const { threshold, truePositive, falsePositive, nPositive, nNegative } = ranked;
  if (threshold.length === 0)
    throw new Error('Expected at least one row to choose a threshold from, got none.');
  const nobody = nextNumberAbove(threshold[0]!);
  switch (choice.rule) {
    case 'largest_f1':
      return rankedLargestF1Threshold(ranked);
    case 'recall_floor': {
      const nWanted = choice.recall * nPositive * (1 - Number.EPSILON);
      return threshold[truePositive.findIndex((n) => n >= nWanted)] ?? threshold.at(-1)!;
    }
    case 'capacity': {
      const nMost = choice.share * (nPositive + nNegative) * (1 + Number.EPSILON);
      const nWithin = truePositive.findIndex((n, i) => n + falsePositive[i]! > nMost);
      if (nWithin === 0) return nobody;
      return threshold[(nWithin < 0 ? threshold.length : nWithin) - 1]!;
    }
    case 'profit': {
      let [best, most] = [nobody, 0];
      for (let i = 0; i < threshold.length; i++) {
        const profit = profitUsd(truePositive[i]!, truePositive[i]! + falsePositive[i]!, choice);
        if (profit > most) [best, most] = [threshold[i]!, profit];
      }
      return best;
    }
    default:
      return choice satisfies never;
  }
}

/** US dollars that buyers bring, less what the calls cost. */
export function profitUsd(
  nBuyers: number,
  nCalled: number,
  economics: { readonly saleValueUsd: number; readonly contactCostUsd: number },
): number {
  return nBuyers * economics.saleValueUsd - nCalled * economics.contactCostUsd;
}

/** Say what calling everyone from a threshold on comes to. */
export function thresholdOutcome(ranked: RankedScores, threshold: number): ThresholdOutcome {
  const { nPositive, nNegative } = ranked;
  const below = ranked.threshold.findIndex((value) => value < threshold);
  const last = (below < 0 ? ranked.threshold.length : below) - 1;
  const nBuyers = last < 0 ? 0 : ranked.truePositive[last]!;
  const nCalled = last < 0 ? 0 : nBuyers + ranked.falsePositive[last]!;
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    threshold,
    nCalled,
    nBuyers,
    share: ratio(nCalled, nPositive + nNegative),
    precision: ratio(nBuyers, nCalled),
    recall: ratio(nBuyers, nPositive),
    f1: ratio(2 * nBuyers, nCalled + nPositive),
  };
}

import type { ValueInterval } from './strategy-interval';
import type { StrategyPlan } from './strategy-plan';
import { middleOfCounts } from './sure-counts';
import type { ScoredLeads } from './threshold-value';

/** Leads that are dealt with alike. */
export interface LeadBand {
  readonly nLeads: number;
  /** Lowest score among them; null where there are none. */
  readonly cutoff: number | null;
  /** Test rows of the same scores, and how many of them bought. */
  readonly nTest: number;
  readonly nTestBuyers: number;
  /** Buyers to expect among the leads if they buy as the test rows of the same scores did; null without such rows. */
  readonly expectedBuyers: number | null;
  /** Holds the number of buyers in 95 of 100 such lists. */
  readonly buyersInterval: ValueInterval;
  /** Value of the buyers, less what contact costs; US dollars. */
  readonly profitUsd: number | null;
  readonly profitInterval: ValueInterval;
}

/** What a week's capacity comes to. */
export interface CapacityPlan {
  /** The hottest, called. */
  readonly called: LeadBand;
  /** The hottest after them, written to. */
  readonly written: LeadBand;
  /** Both together. */
  readonly contacted: LeadBand;
  /** Everybody else: what is left on the table. */
  readonly left: LeadBand;
}

/**
 * Plan a week: call the hottest, write to the next. Buyers are expected at the rate of test rows of the same scores; their number
 * varies with the luck of these rows and with that of the leads (beta-binomial, Jeffreys' prior).
 *
 * @param descendingScores of the leads that may be contacted, best first
 * @param judgedOn test rows
 */
export function capacityPlan(
  descendingScores: Float32Array,
  judgedOn: ScoredLeads,
  { capacity, economics }: StrategyPlan,
): CapacityPlan {
  const { customerValueUsd, unsubscribeRate, conversion } = economics;
  const nAll = descendingScores.length;
  const nCalled = Math.min(capacity.nCalls, nAll);
  const nContacted = Math.min(nCalled + capacity.nEmails, nAll);
  const cutoffAt = (n: number) => (n === 0 ? Number.POSITIVE_INFINITY : descendingScores[n - 1]!);
  const callCutoff = cutoffAt(nCalled);
  const contactCutoff = cutoffAt(nContacted);
  const emailUsd = capacity.costPerEmailUsd + unsubscribeRate * conversion * customerValueUsd;
  const band = (from: number, to: number, scores: { below: number; atLeast: number }, costUsd: number) =>
    bandOf(
      {
        nLeads: to - from,
        cutoff: to === from ? null : descendingScores[to - 1]!,
        ...countsBetween(judgedOn, scores),
      },
      { customerValueUsd, costUsd },
    );
  const callsUsd = nCalled * capacity.costPerCallUsd;
  const emailsUsd = (nContacted - nCalled) * emailUsd;
  const [most, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    called: band(0, nCalled, { below: most, atLeast: callCutoff }, callsUsd),
    written: band(nCalled, nContacted, { below: callCutoff, atLeast: contactCutoff }, emailsUsd),
    contacted: band(0, nContacted, { below: most, atLeast: contactCutoff }, callsUsd + emailsUsd),
    left: band(nContacted, nAll, { below: contactCutoff, atLeast: least }, 0),
  };
}

/** Test rows with scores in [atLeast, below); an infinite `below` takes all above. */
function countsBetween(
  { scores, labels }: ScoredLeads,
  { below, atLeast }: { readonly below: number; readonly atLeast: number },
): { readonly nTest: number; readonly nTestBuyers: number } {
  let [nTest, nTestBuyers] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row]!;
    if (score < atLeast || score >= below) continue;
    nTest += 1;
    nTestBuyers += labels[row]!;
  }
  return { nTest, nTestBuyers };
}

function bandOf(
  counts: Pick<LeadBand, 'nLeads' | 'cutoff' | 'nTest' | 'nTestBuyers'>,
  { customerValueUsd, costUsd }: { readonly customerValueUsd: number; readonly costUsd: number },
): LeadBand {
  const { nLeads, nTest, nTestBuyers } = counts;
  const expectedBuyers = nTest === 0 ? (nLeads === 0 ? 0 : null) : (nLeads * nTestBuyers) / nTest;
  const buyersInterval = middleOfCounts({ n: nLeads, nSeen: nTest, nSeenHits: nTestBuyers });
  const profitOf = (buyers: number) => buyers * customerValueUsd - costUsd;
  return {
    ...counts,
    expectedBuyers,
    buyersInterval,
    profitUsd: expectedBuyers === null ? null : profitOf(expectedBuyers),
    profitInterval: { low: profitOf(buyersInterval.low), high: profitOf(buyersInterval.high) },
  };
}

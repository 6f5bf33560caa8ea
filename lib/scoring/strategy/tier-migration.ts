import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { Tier, TierCutoffs } from '../model-metadata';
import { tierOf } from '../tiers';

const TIERS: readonly Tier[] = ['A', 'B', 'C', 'D'];

/** Scores of the same leads by one model, with its cut-offs. */
export interface TieredScores {
  /** Probabilities a lead, in the same order for both models. */
  readonly scores: Float32Array | Float64Array;
  readonly cutoffs: TierCutoffs;
}

/** Who moves between tiers when a model takes another's place. */
export interface TierMigration {
  readonly nLeads: number;
  /** Leads by tier before (rows, A to D) and after (columns, A to D). */
  readonly counts: readonly (readonly number[])[];
  /** To a better tier. */
  readonly nUp: number;
  readonly nDown: number;
  readonly nSame: number;
}

/**
 * Count who moves between tiers when one model takes the place of another.
 *
 * @param before the model in use
 * @param after the other one
 * @throws where the models scored different numbers of leads, or a score is NaN
 */
export function tierMigration(before: TieredScores, after: TieredScores): TierMigration {
  const nLeads = before.scores.length;
  if (after.scores.length !== nLeads) {
    throw new Error(`Expected ${nLeads} scores by the other model, got ${after.scores.length}`);
  }
  const counts = TIERS.map(() => TIERS.map(() => 0));
  let [nUp, nDown] = [0, 0];
  for (let lead = 0; lead < nLeads; lead++) {
    const from = TIERS.indexOf(tierOf(before.scores[lead]!, before.cutoffs));
    const to = TIERS.indexOf(tierOf(after.scores[lead]!, after.cutoffs));
    counts[from]![to]! += 1;
    if (to < from) nUp += 1;
    else if (to > from) nDown += 1;
  }
  return { nLeads, counts, nUp, nDown, nSame: nLeads - nUp - nDown };
}

/** Say who moves. */
export function tierMigrationSentence({ nLeads, counts, nUp, nDown, nSame }: TierMigration): string {
  if (nLeads === 0) return 'There are no leads to move.';
  const [fromA] = counts;
  const nA = fromA!.reduce((sum, n) => sum + n, 0);
  const stay = `${countText(nSame)} of ${countText(nLeads)} leads (${percentText(nSame / nLeads)}) keep their tier, ${countText(nUp)} move up and ${countText(nDown)} down`;
  if (nA === 0) return `${stay}; tier A was empty.`;
  const kept = `${countText(fromA![0]!)} of the ${countText(nA)} in tier A stay there`;
  return `${stay}; ${kept}.`;
}

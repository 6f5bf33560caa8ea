import type { Tier, TierCutoffs } from './model-metadata';
import { tierOf } from './tiers';

export const TIER_NAMES: readonly Tier[] = ['A', 'B', 'C', 'D'];

/** Scores of the same rows by two models, each tiered by its own cut-offs. */
export interface TieredScores {
  readonly probabilities: Float32Array;
  readonly cutoffs: TierCutoffs;
}

/** Who would move from which tier to which. */
export interface TierMigration {
  readonly n: number;
  /** By the first model's tier, then the second's; A to D. */
  readonly counts: readonly (readonly number[])[];
  readonly nRisen: number;
  readonly nFallen: number;
}

/**
 * Count rows by the tier that each of two models puts them in.
 *
 * @throws where lengths differ or a score is NaN
 */
export function tierMigration(from: TieredScores, to: TieredScores): TierMigration {
  const n = from.probabilities.length;
  if (to.probabilities.length !== n) throw new Error(`Expected ${n} scores, got ${to.probabilities.length}`);
  const counts = TIER_NAMES.map(() => TIER_NAMES.map(() => 0));
  let [nRisen, nFallen] = [0, 0];
  for (let row = 0; row < n; row++) {
    const before = TIER_NAMES.indexOf(tierOf(from.probabilities[row]!, from.cutoffs));
    const after = TIER_NAMES.indexOf(tierOf(to.probabilities[row]!, to.cutoffs));
    counts[before]![after]! += 1;
    if (after < before) nRisen += 1;
    if (after > before) nFallen += 1;
  }
  return { n, counts, nRisen, nFallen };
}

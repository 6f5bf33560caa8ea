import { descendingOrder } from '@/lib/evaluation/descending-order';
import type { Tier, TierCutoffs } from './model-metadata';

/** One in how many validation rows reaches a tier or a better one: the top 5 %, 20 % and 50 %. */
const ONE_IN = { A: 20, B: 5, C: 2 } as const;

/**
 * Choose the lowest scores of the tiers from validation rows: A holds the top 5 %, B the next 15 %, C the next 30 %.
 * A cut-off is the score of the last row within the share, the share rounded up to whole rows, so each is a score that
 * occurs; rows that tie with it belong to the better tier, which is then larger than its share.
 *
 * @param validationProbabilities of rows that the scoring model was not trained on
 * @throws where there are no rows or a probability is NaN
 * @example tierCutoffs(new Float32Array([0.125, 0.5, 0.25, 0.75])) // { A: 0.75, B: 0.75, C: 0.5 }
 */
export function tierCutoffs(validationProbabilities: Float32Array | Float64Array): TierCutoffs {
  const nRows = validationProbabilities.length;
  if (nRows === 0) throw new Error('Expected at least one validation row to choose tiers from, got none.');
  const order = descendingOrder(validationProbabilities);
  const lowestOf = (oneIn: number) => validationProbabilities[order[Math.ceil(nRows / oneIn) - 1]!]!;
  return { A: lowestOf(ONE_IN.A), B: lowestOf(ONE_IN.B), C: lowestOf(ONE_IN.C) };
}

/**
 * Name the tier of a score. A score equal to a cut-off belongs to the better tier.
 *
 * @throws where the score is NaN
 * @example tierOf(0.5, { A: 0.75, B: 0.5, C: 0.25 }) // 'B'
 */
export function tierOf(score: number, cutoffs: TierCutoffs): Tier {
  if (Number.isNaN(score)) throw new Error('Expected a number as score, got NaN.');
  if (score >= cutoffs.A) return 'A';
  if (score >= cutoffs.B) return 'B';
  return score >= cutoffs.C ? 'C' : 'D';
}

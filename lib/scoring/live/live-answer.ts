import { z } from 'zod';
import type { TierCutoffs } from '../model-metadata';
import { tierOf } from '../tiers';
import type { LiveLead } from './live-lead';

/** Reasons that a lead is answered with, unless asked otherwise. */
export const DEFAULT_LIVE_REASONS = 3;
export const MAX_LIVE_REASONS = 5;

const scoredLeadSchema = z.strictObject({
  /** As it was sent; absent where it was not. */
  id: z.string().optional(),
  /** 0–100: the calibrated probability of a purchase, in per cent, with four decimals. */
  score: z.number().min(0).max(100),
  tier: z.enum(['A', 'B', 'C', 'D']),
  /** Strongest first, each for or against. */
  reasons: z.array(z.string()),
});

/** What scoring a batch answers, in the order of its leads. */
export const liveAnswerSchema = z.strictObject({ model_id: z.string(), leads: z.array(scoredLeadSchema) });

export type LiveAnswer = z.infer<typeof liveAnswerSchema>;

/** Write the answer to a batch. @param probabilities calibrated, one a lead */
export function liveAnswer(
  leads: readonly LiveLead[],
  scored: {
    readonly modelId: string;
    readonly probabilities: Float32Array;
    readonly cutoffs: TierCutoffs;
    readonly reasons: readonly (readonly string[])[];
  },
): LiveAnswer {
  const { modelId, probabilities, cutoffs, reasons } = scored;
  return {
    model_id: modelId,
    leads: leads.map(({ id }, row) => ({
      ...(id === undefined ? {} : { id }),
      score: Math.round(probabilities[row]! * 1e6) / 1e4,
      tier: tierOf(probabilities[row]!, cutoffs),
      reasons: [...(reasons[row] ?? [])],
    })),
  };
}

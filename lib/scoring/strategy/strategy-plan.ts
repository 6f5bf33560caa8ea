import { z } from 'zod';
import { economicsSchema } from './economics';

/** What can be done in a week, and what it costs. */
export const capacitySchema = z.strictObject({
  /** People who can be called, the hottest first. */
  nCalls: z.number().int().min(0).max(1e9).default(500),
  /** People who can be written to, the hottest after those who are called. */
  nEmails: z.number().int().min(0).max(1e9).default(5_000),
  /** Of one call, US dollars; an assumption of ours, since the design's source names none. */
  costPerCallUsd: z.number().min(0).max(1e6).default(10),
  /** Of one e-mail, US dollars, beside what unsubscribing costs. */
  costPerEmailUsd: z.number().min(0).max(1e6).default(0),
});

export type Capacity = z.infer<typeof capacitySchema>;

/** What the user sets of the strategy. */
export const strategyPlanSchema = z.strictObject({
  economics: economicsSchema.prefault({}),
  /** The safeguard: share of monthly sales that a cut-off must keep at least. */
  leastSalesShare: z.number().min(0).max(1).default(0.9),
  capacity: capacitySchema.prefault({}),
});

export type StrategyPlan = z.infer<typeof strategyPlanSchema>;

/** The design's figures. */
export const DEFAULT_STRATEGY_PLAN: StrategyPlan = strategyPlanSchema.parse({});

import { DEFAULT_STRATEGY_PLAN, strategyPlanSchema } from '@/lib/scoring/strategy/strategy-plan';
import type { StrategyKeeper } from '@/lib/store/strategy-keepers';

const KEY = 'leadbench.strategy';

/** Remember what writing and calling cost and earn. What cannot be read is the design's figures again. */
export const keptStrategyPlan: StrategyKeeper = {
  kept() {
    const text = localStorage.getItem(KEY);
    if (text === null) return DEFAULT_STRATEGY_PLAN;
    const kept = strategyPlanSchema.safeParse(jsonOrNull(text));
    if (kept.success) return kept.data;
    console.warn('Kept figures of the strategy that make no sense were put back to the defaults.');
    return DEFAULT_STRATEGY_PLAN;
  },
  keep(plan) {
    localStorage.setItem(KEY, JSON.stringify(plan));
  },
};

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

import type { StrategyPlan } from '@/lib/scoring/strategy/strategy-plan';

/** Keeps who opted out in the browser's private file system. */
export interface SuppressionKeeper {
  kept(): Promise<readonly string[]>;
  keep(addresses: readonly string[]): Promise<void>;
}

/** Remembers what writing and calling cost and earn. */
export interface StrategyKeeper {
  kept(): StrategyPlan;
  keep(plan: StrategyPlan): void;
}

import type { StoreApi } from 'zustand/vanilla';
import type { StrategyPlan } from '@/lib/scoring/strategy/strategy-plan';
import type { StrategyKeeper } from './services';
import type { WorkbenchState } from './workbench-state';

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly keeper: StrategyKeeper;
  /** Choose again whom to write to. */
  readonly onChanged: () => Promise<void>;
}

/** What writing and calling cost and earn, from which it follows whom to write to. */
export class StrategyDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.setState({ strategyPlan: parts.keeper.kept() });
  }

  /** Take other figures, and keep them for the next visit. */
  async setPlan(strategyPlan: StrategyPlan): Promise<void> {
    const { store, keeper, onChanged } = this.#parts;
    store.setState({ strategyPlan });
    keeper.keep(strategyPlan);
    if (store.getState().scores !== null) await onChanged();
  }
}

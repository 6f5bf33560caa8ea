import type { StoreApi } from 'zustand/vanilla';
import type { OfferedStep } from '@/lib/quality/repair/offered-steps';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { ExploreDesk } from './explore-desk';
import type { CrmService, RepairStepKeeper } from './services';
import type { WorkbenchState } from './workbench-state';

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly crm: CrmService;
  readonly keeper: RepairStepKeeper;
  readonly explore: ExploreDesk;
  /** Join again, and run what reads the joined table. */
  readonly onChanged: () => Promise<void>;
}

/** What is mended and left out of the opened file before its tables are joined: a list of steps, each of which can be taken back. */
export class RepairDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Take up the steps kept for the file that was opened. */
  takeUp(): void {
    const { store, keeper } = this.#parts;
    const { source } = store.getState();
    const kept = source === null ? null : keeper.kept(source.crm);
    store.setState({
      repairSteps: kept?.ok ? kept.value : [],
      repairFailure: kept?.ok === false ? kept.error : null,
    });
  }

  /** Fixes that would change something in the tables as they are now. */
  offers(): Promise<readonly OfferedStep[]> {
    return this.#parts.crm.offeredSteps();
  }

  /** Do one thing more. */
  add(step: RepairStep): Promise<void> {
    return this.replace([...this.#parts.store.getState().repairSteps, step]);
  }

  /** Take one step back; those after it are carried out without it. */
  takeBack(index: number): Promise<void> {
    return this.replace(this.#parts.store.getState().repairSteps.filter((_, i) => i !== index));
  }

  /** Carry out these steps and no others. */
  async replace(repairSteps: readonly RepairStep[]): Promise<void> {
    const { store, keeper, explore, onChanged } = this.#parts;
    const { source, view } = store.getState();
    if (source === null) return;
    store.setState({ repairSteps, repairFailure: null });
    keeper.keep(source.crm, repairSteps);
    // A check that found rows may find others now, or none.
    const filters = view.filters.filter(({ dimension }) => dimension !== 'failing_check');
    if (filters.length < view.filters.length) await explore.look({ filters });
    await onChanged();
  }
}

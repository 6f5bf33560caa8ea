import type { StoreApi } from 'zustand/vanilla';
import { type SuppressionList, suppressionList } from '@/lib/scoring/export/suppression';
import type { StrategyPlan } from '@/lib/scoring/strategy/strategy-plan';
import type { AskedExport } from '@/lib/workers/crm-api';
import packageInfo from '@/package.json';
import type { CrmService, WorkbenchServices } from './services';
import type { WorkbenchState } from './workbench-state';

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly services: Pick<WorkbenchServices, 'crm' | 'strategyPlan' | 'suppression'>;
  /** Choose again whom to write to. */
  readonly onChanged: () => Promise<void>;
}

/** What writing and calling cost and earn, who must be left alone, and the list that comes of it. */
export class StrategyDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.setState({ strategyPlan: parts.services.strategyPlan.kept() });
  }

  /** Take up who opted out, as the last visit kept it. Before leads are scored, so that nobody slips through. */
  async takeUp(): Promise<void> {
    const { store, services } = this.#parts;
    try {
      store.setState({ suppressed: await services.suppression.kept() });
    } catch (error) {
      console.error('Who opted out could not be read', error);
      store.setState({ suppressed: null });
    }
  }

  /** Take other figures, and keep them for the next visit. */
  async setPlan(strategyPlan: StrategyPlan): Promise<void> {
    const { store, services } = this.#parts;
    store.setState({ strategyPlan });
    services.strategyPlan.keep(strategyPlan);
    await this.#chooseAgain();
  }

  /** Leave more people alone, whose addresses a text names; they are kept for the next visit. */
  async suppress(text: string): Promise<SuppressionList> {
    const found = suppressionList(text);
    const { suppressed } = this.#parts.store.getState();
    await this.#setSuppressed([...new Set([...(suppressed ?? []), ...found.addresses])]);
    return found;
  }

  /** Forget who opted out. */
  clearSuppressed(): Promise<void> {
    return this.#setSuppressed([]);
  }

  /** The lead list in a format, and its manifest. */
  exportLeads(asked: Omit<AskedExport, 'origin'>): ReturnType<CrmService['exportLeads']> {
    const { model } = this.#parts.store.getState();
    if (!model) throw new Error('Leads are exported of a model');
    const { model_id: modelId, feature_spec_sha256: specSha256 } = model.metadata;
    const origin = { modelId, specSha256, leadbenchVersion: packageInfo.version };
    return this.#parts.services.crm.exportLeads({ ...asked, origin });
  }

  async #setSuppressed(suppressed: readonly string[]): Promise<void> {
    const { store, services } = this.#parts;
    store.setState({ suppressed });
    await services.suppression.keep(suppressed);
    await this.#chooseAgain();
  }

  async #chooseAgain(): Promise<void> {
    if (this.#parts.store.getState().scores !== null) await this.#parts.onChanged();
  }
}

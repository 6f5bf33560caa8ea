import type { StoreApi } from 'zustand/vanilla';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import { newestDayAt } from '@/lib/quality/newest-day';
import { suitesWith } from '@/lib/quality/suites/default-suites';
import type { LeadQuery } from '@/lib/scoring/lead-query';
import type { CellId, CellProgress } from './cells';
import type { ExploreDesk } from './explore-desk';
import type { WorkbenchServices } from './services';
import { BEST_FIRST, type WorkbenchState } from './workbench-state';

/** A cell that runs by itself as soon as it can. */
export type SelfRunningCell = Exclude<CellId, 'source' | 'tuning' | 'evaluation'>;

/** Say whether a cell runs by itself. */
export function runsByItself(id: CellId): id is SelfRunningCell {
  return id !== 'source' && id !== 'tuning' && id !== 'evaluation';
}

const SUPPRESSION_UNREADABLE: Failure = {
  code: 'suppression_unreadable',
  message: 'Who opted out is kept in this browser but cannot be read, so no list is made.',
  hint: 'Hand the list over again under “People who opted out”, or clear it there.',
};

type OnProgress = (progress: CellProgress) => void;
type Outputs = Promise<Partial<WorkbenchState>>;

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly services: WorkbenchServices;
  readonly explore: ExploreDesk;
}

/** Works out what the cells that run by themselves show. */
export class CellOutputs {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What a cell shows, of the state as it is now. */
  async of(id: SelfRunningCell, onProgress: OnProgress): Outputs {
    const { store, services, explore } = this.#parts;
    const { crm } = services;
    const state = store.getState();
    switch (id) {
      case 'ingest':
        return { ingest: await crm.ingest(state.repairSteps) };
      case 'quality':
        return this.#judged();
      case 'pareto': {
        const filtered = await explore.filtered(state.view.filters);
        return { filtered, ...(await explore.outputs(id)) };
      }
      case 'rating':
      case 'tags':
      case 'interactions':
      case 'drift':
        return explore.outputs(id);
      case 'anomalies':
        return { anomalies: await crm.anomalies() };
      case 'sufficiency':
        return { sufficiency: await crm.sufficiency() };
      case 'features':
        return { features: await crm.prepare(state.params) };
      case 'leakage':
        return { suspects: await crm.suspects() };
      case 'model_tests':
        return this.#tested();
      case 'scoring':
        return this.#scored(onProgress);
      case 'slices': {
        if (!state.model) throw new Error('Slices need a model');
        return { slices: await crm.slices(state.model.metadata.threshold) };
      }
      case 'models':
        return { registry: { listing: await services.training.models(), isBusy: false, failure: null } };
      case 'strategy':
        return this.#strategy();
      case 'leads':
        return this.leads(state.leads?.query ?? BEST_FIRST);
      default:
        return id satisfies never;
    }
  }

  /** The leads that a query asks for. */
  async leads(query: LeadQuery): Outputs {
    const { store, services } = this.#parts;
    const answer = await services.crm.queryLeads(query);
    const revision = (store.getState().leads?.revision ?? 0) + 1;
    return { leads: { query, ...answer, revision } };
  }

  async #strategy(): Outputs {
    const { store, services } = this.#parts;
    const { model, strategyPlan, params, suppressed } = store.getState();
    if (!model) throw new Error('The strategy needs a model');
    if (suppressed === null) throw new ExpectedFailure(SUPPRESSION_UNREADABLE);
    const { validation } = model;
    return {
      strategy: await services.crm.strategy({
        validation,
        plan: strategyPlan,
        seed: params.seed,
        suppressed,
      }),
    };
  }

  async #judged(): Outputs {
    const { store, services } = this.#parts;
    const suites = suitesWith(store.getState().ownSuites);
    const quality = await services.crm.validate({ suites, newestDay: newestDayAt(services.now()) });
    const { source } = store.getState();
    const isOverridable = !quality.gate.open && source !== null;
    const gateOverrideReason = isOverridable ? services.gateReasons.kept(source.crm) : null;
    return { quality, gateOverrideReason };
  }

  async #tested(): Outputs {
    const { store, services } = this.#parts;
    const { model } = store.getState();
    if (!model) throw new Error('Tests need a model');
    const modelComparison = { result: null, isRunning: false, failure: null };
    return { keptTests: await services.training.modelTests(model.metadata.model_id), modelComparison };
  }

  async #scored(onProgress: OnProgress): Outputs {
    const { store, services } = this.#parts;
    const { model } = store.getState();
    if (!model) throw new Error('Scoring needs a model');
    const { training, crm } = services;
    const { model_id: modelId, tier_cutoffs: cutoffs } = model.metadata;
    const [modelOnnx, nativeTestMargins, explainer] = await Promise.all([
      training.modelOnnx(modelId),
      training.nativeTestMargins(modelId),
      training.explainerFiles(modelId),
    ]);
    const scores = await crm.score({ modelOnnx, nativeTestMargins, cutoffs, explainer }, onProgress);
    return { scores };
  }
}

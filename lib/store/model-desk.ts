import type { StoreApi } from 'zustand/vanilla';
import { DEFAULT_TEST_SUITE, type TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import { failureOf } from './cell-runs';
import type { MeasurementDesk } from './measurement-desk';
import type { WorkbenchServices } from './services';
import type { WorkbenchState } from './workbench-state';

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly services: Pick<WorkbenchServices, 'crm' | 'training' | 'testSuites'>;
  readonly measurements: MeasurementDesk;
}

/** Tests models, compares them, and puts them to use. */
export class ModelDesk {
  readonly #parts: Parts;
  /** Grows with each comparison, so that an older one's answer is dropped. */
  #comparison = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.setState({ ownTests: parts.services.testSuites.kept() });
  }

  /** Test by these in the place of the default ones; null goes back to those. */
  replaceTests(suite: TestSuite | null): void {
    this.#parts.services.testSuites.keep(suite);
    this.#parts.store.setState({ ownTests: suite });
  }

  /** Run the tests of the model that the page shows, against the one in use. */
  async test(): Promise<void> {
    const { store, measurements } = this.#parts;
    await this.refresh();
    const { model, registry, ownTests } = store.getState();
    if (model === null || registry.listing === null) return;
    await measurements.measureModelTests({
      modelId: model.metadata.model_id,
      championId: registry.listing.championId,
      suite: ownTests ?? DEFAULT_TEST_SUITE,
    });
    await this.refresh();
  }

  /** Read the list of models again. */
  async refresh(): Promise<void> {
    await this.#change('The list of models', async () => undefined);
  }

  /** Put a model to use. @param overrideReason why, although its tests say no; null where they do not */
  async promote(modelId: string, overrideReason: string | null): Promise<void> {
    await this.#change('Publishing', () =>
      this.#parts.services.training.promote({ modelId, overrideReason }),
    );
  }

  /** Go back to the model that was in use before. */
  async revert(reason: string | null): Promise<void> {
    const championId = this.#parts.store.getState().registry.listing?.championId ?? null;
    if (championId === null) return;
    await this.#change('Reverting', () =>
      this.#parts.services.training.revert({ fromModelId: championId, reason }),
    );
  }

  /** Compare the model that the page shows with another, on the page's test rows. */
  async compare(otherId: string): Promise<void> {
    const { store, services } = this.#parts;
    const { model, registry } = store.getState();
    if (model === null) return;
    this.#comparison += 1;
    const asked = this.#comparison;
    const tell = (change: Partial<WorkbenchState['modelComparison']>) => {
      if (this.#comparison === asked)
        store.setState((state) => ({ modelComparison: { ...state.modelComparison, ...change } }));
    };
    tell({ isRunning: true, failure: null });
    try {
      const { training, crm } = services;
      const [other, modelOnnx, spec] = await Promise.all([
        training.model(otherId),
        training.modelOnnx(otherId),
        training.modelSpec(otherId),
      ]);
      const shown = model.metadata;
      // The one in use comes first; where neither is, the one chosen.
      const isChampion = registry.listing?.championId !== shown.model_id;
      const value = await crm.compareModels({
        other: {
          modelOnnx,
          spec,
          threshold: other.metadata.threshold,
          cutoffs: other.metadata.tier_cutoffs,
          rows: { splitSeed: spec.split.seed, testRowsSha256: other.metadata.test_rows_sha256 },
          isChampion,
        },
        shown: { threshold: shown.threshold, cutoffs: shown.tier_cutoffs },
      });
      const [championId, challengerId] = isChampion ? [otherId, shown.model_id] : [shown.model_id, otherId];
      tell({ isRunning: false, result: { ...value, championId, challengerId } });
    } catch (error) {
      tell({ isRunning: false, failure: failureOf(error, 'Comparison of models') });
    }
  }

  async #change(what: string, command: () => Promise<void>): Promise<void> {
    const { store, services } = this.#parts;
    const tell = (change: Partial<WorkbenchState['registry']>) =>
      store.setState(({ registry }) => ({ registry: { ...registry, ...change } }));
    tell({ isBusy: true, failure: null });
    try {
      await command();
      tell({ isBusy: false, listing: await services.training.models() });
    } catch (error) {
      tell({ isBusy: false, failure: failureOf(error, what) });
    }
  }
}

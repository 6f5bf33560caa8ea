import type { StoreApi } from 'zustand/vanilla';
import type {
  MeasurementKind,
  MeasurementOrder,
  MeasurementValues,
} from '@/lib/evaluation/probe/measurement-order';
import { failureOf } from './cell-runs';
import type { WorkbenchServices } from './services';
import type { Measuring, WorkbenchState } from './workbench-state';

type Change = Partial<Measuring<MeasurementValues[MeasurementKind]>>;

/** Orders measurements of the prepared dataset and follows them until they are over. */
export class MeasurementDesk {
  readonly #store: StoreApi<WorkbenchState>;
  readonly #services: Pick<WorkbenchServices, 'crm' | 'training'>;
  /** What runs, by kind. */
  readonly #running = new Map<MeasurementKind, AbortController>();

  constructor(parts: { store: StoreApi<WorkbenchState>; services: WorkbenchServices }) {
    this.#store = parts.store;
    this.#services = parts.services;
  }

  /** End all that runs: it is of what the page no longer shows. */
  leave(): void {
    for (const kind of [...this.#running.keys()]) this.stop(kind);
  }

  /** End the measurement of a kind, if one runs. The last result stays. */
  stop(kind: MeasurementKind): void {
    this.#running.get(kind)?.abort(new Error('The measurement was stopped.'));
    this.#running.delete(kind);
    this.#change(kind, { running: null });
  }

  /** Measure ROC AUC with and without each suspect. Does nothing where suspects are not worked out. */
  async measureLeakage(): Promise<void> {
    const { features, suspects, statuses, params } = this.#store.getState();
    if (features === null || suspects === null || statuses.leakage.kind !== 'done') return;
    const { spec, datasetDigest } = features;
    const days = spec.features.find(({ source }) => source.type === 'optin' && source.part === 'days');
    await this.#measure({
      kind: 'leakage',
      datasetDigest,
      seed: params.seed,
      suspects: suspects.suspects.map(({ id, features: names }) => ({ id, features: [...names] })),
      daysFeature: days?.name ?? null,
      missingValue: spec.missingValue,
    });
  }

  /** Measure how ROC AUC grows with the training rows. Does nothing where the features are not prepared. */
  async measureLearningCurve(): Promise<void> {
    const { features, statuses, params } = this.#store.getState();
    if (features === null || statuses.features.kind !== 'done') return;
    const training = features.parts.find(({ part }) => part === 'train');
    if (training === undefined) throw new Error('Expected training rows among the parts of the split');
    await this.#measure({
      kind: 'learning_curve',
      datasetDigest: features.datasetDigest,
      seed: params.seed,
      nTrainingRows: training.n,
      nTrainingBuyers: training.buyers,
    });
  }

  /** Run tests on a model of the prepared dataset. Does nothing where the features are not prepared. */
  async measureModelTests(
    order: Pick<Extract<MeasurementOrder, { kind: 'model_tests' }>, 'modelId' | 'championId' | 'suite'>,
  ): Promise<void> {
    const { features, statuses, params } = this.#store.getState();
    if (features === null || statuses.features.kind !== 'done') return;
    const { datasetDigest } = features;
    await this.#measure({ kind: 'model_tests', datasetDigest, seed: params.seed, ...order });
  }

  async #measure(order: MeasurementOrder): Promise<void> {
    const { kind, datasetDigest } = order;
    const { training, crm } = this.#services;
    this.stop(kind);
    const run = new AbortController();
    this.#running.set(kind, run);
    const tell = (change: Change) => {
      if (this.#running.get(kind) === run) this.#change(kind, change);
    };
    tell({ running: { done: 0, total: 0, elapsedMs: 0 }, failure: null });
    try {
      await training.putDataset(datasetDigest, await crm.dataset());
      run.signal.throwIfAborted();
      const { value, elapsedMs } = await training.measure(order, {
        signal: run.signal,
        onProgress: (running) => tell({ running }),
      });
      tell({ running: null, result: { value, elapsedMs, datasetDigest } });
    } catch (error) {
      if (!run.signal.aborted) tell({ running: null, failure: failureOf(error, 'Measurement') });
    } finally {
      if (this.#running.get(kind) === run) this.#running.delete(kind);
    }
  }

  /** What comes of an order is of its kind, as the server answers it. */
  #change(kind: MeasurementKind, change: Change): void {
    this.#store.setState(({ measurements }) => ({
      measurements: { ...measurements, [kind]: { ...measurements[kind], ...change } },
    }));
  }
}

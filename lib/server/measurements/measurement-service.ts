import { sha256HexOfText } from '@/lib/core/digest';
import { ExpectedFailure, type Failure, fail, type Result, succeed } from '@/lib/core/result';
import type { MeasurementOrder, MeasurementView } from '@/lib/evaluation/probe/measurement-order';
import { datasetFacts } from '@/lib/server/storage/dataset-store';
import type { Home } from '@/lib/server/storage/home';
import type { EngineOpener } from '@/lib/server/studies/open-training-engine';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import { TrialFailure } from '@/lib/server/xgboost/trial-executor';
import { type MeasurementContext, measureLeakage } from './measure-leakage';
import { measureModelTests } from './measure-model-tests';
import { measureSizeCurve } from './measure-size-curve';

/** Measures datasets by models that are thrown away. One measurement of a kind runs at a time; the newest wins. */
export interface MeasurementService {
  /**
   * Begin a measurement and give its id. The same order again is the same measurement, be it that it runs or is done.
   * Fails with `feature_unknown`, or as `datasetFacts` and the engine do.
   */
  start(order: MeasurementOrder): Promise<Result<string>>;
  /** Tell how one stands. Fails with `measurement_unknown`. */
  view(id: string): Result<MeasurementView>;
  /** End one; does nothing when it is over. Fails with `measurement_unknown`. */
  stop(id: string): Result<MeasurementView>;
  /** Stop all and resolve when their processes are given back. */
  close(): Promise<void>;
}

/** Results kept in memory: a measurement that is asked for again beyond these is made again, with the same numbers. */
const MOST_KEPT = 16;

interface Kept {
  readonly kind: MeasurementOrder['kind'];
  view: MeasurementView;
  readonly startedAtMs: number;
  readonly stopping: AbortController;
  over: Promise<void>;
}

/** Why a measurement was ended. */
class Stopped extends Error {}

/** Create the service. @param parts.elapsed milliseconds of a clock that does not go backwards */
export function createMeasurementService(parts: {
  readonly home: Home;
  readonly engine: EngineOpener;
  readonly elapsed: () => number;
}): MeasurementService {
  const { home, engine, elapsed } = parts;
  const kept = new Map<string, Kept>();

  const begin = (id: string, order: MeasurementOrder, ready: TrainingEngine): void => {
    for (const other of kept.values()) if (other.kind === order.kind) stopped(other);
    const entry: Kept = {
      kind: order.kind,
      view: { state: 'running', progress: { done: 0, total: 0, elapsedMs: 0 } },
      startedAtMs: elapsed(),
      stopping: new AbortController(),
      over: Promise.resolve(),
    };
    kept.delete(id);
    kept.set(id, entry);
    forgetOldest(kept);
    entry.over = runEntry(entry, order, ready);
  };
  const runEntry = async (entry: Kept, order: MeasurementOrder, ready: TrainingEngine): Promise<void> => {
    const executor = ready.openExecutor(ready.processesFor(Number.MAX_SAFE_INTEGER));
    const { signal } = entry.stopping;
    const elapsedMs = () => elapsed() - entry.startedAtMs;
    const onProgress = (done: number, total: number) => {
      if (!signal.aborted)
        entry.view = { state: 'running', progress: { done, total, elapsedMs: elapsedMs() } };
    };
    const dataset = { digest: order.datasetDigest, path: home.datasetPath(order.datasetDigest) };
    try {
      const value = await measuredValue(order, { dataset, executor, signal, onProgress, home, elapsed });
      entry.view = { state: 'done', result: { ...value, elapsedMs: elapsedMs() } };
    } catch (error) {
      entry.view = signal.aborted ? { state: 'stopped' } : { state: 'failed', failure: failureOf(error) };
    } finally {
      await executor.close();
    }
  };
  const known = (id: string): Result<Kept> => {
    const entry = kept.get(id);
    if (entry !== undefined) return succeed(entry);
    return fail(
      'measurement_unknown',
      'The server does not know this measurement; it was started anew since.',
      'Measure again: the same order gives the same numbers.',
    );
  };

  return {
    async start(order) {
      const fault = await orderFault(home, order);
      if (!fault.ok) return fault;
      const ready = await engine();
      if (!ready.ok) return ready;
      const id = measurementId(order, ready.value.info.version);
      const state = kept.get(id)?.view.state;
      // Tests leave a file beside the model, and the newest order is whose file it is to be.
      const isKnown = state === 'running' || (state === 'done' && order.kind !== 'model_tests');
      if (!isKnown) begin(id, order, ready.value);
      return succeed(id);
    },
    view(id) {
      const entry = known(id);
      if (!entry.ok) return entry;
      const { view, startedAtMs } = entry.value;
      if (view.state !== 'running') return succeed(view);
      return succeed({ ...view, progress: { ...view.progress, elapsedMs: elapsed() - startedAtMs } });
    },
    stop(id) {
      const entry = known(id);
      if (!entry.ok) return entry;
      stopped(entry.value);
      return succeed(entry.value.view);
    },
    async close() {
      for (const entry of kept.values()) stopped(entry);
      await Promise.all([...kept.values()].map(({ over }) => over));
    },
  };
}

function stopped(entry: Kept): void {
  if (entry.view.state !== 'running') return;
  entry.view = { state: 'stopped' };
  entry.stopping.abort(new Stopped('The measurement was stopped.'));
}

function forgetOldest(kept: Map<string, Kept>): void {
  for (const [id, { view }] of kept) {
    if (kept.size <= MOST_KEPT) return;
    if (view.state !== 'running') kept.delete(id);
  }
}

async function measuredValue(
  order: MeasurementOrder,
  context: MeasurementContext & { readonly home: Home; readonly elapsed: () => number },
) {
  switch (order.kind) {
    case 'leakage':
      return { kind: order.kind, value: await measureLeakage(order, context) };
    case 'learning_curve':
      return { kind: order.kind, value: await measureSizeCurve(order, context) };
    case 'model_tests':
      return { kind: order.kind, value: await measureModelTests(order, context) };
    default:
      return order satisfies never;
  }
}

async function orderFault(home: Home, order: MeasurementOrder): Promise<Result<void>> {
  const facts = await datasetFacts(home, order.datasetDigest);
  if (!facts.ok) return facts;
  if (order.kind !== 'leakage') return succeed(undefined);
  const known = new Set(facts.value.featureNames);
  const named = [...order.suspects.flatMap(({ features }) => features), order.daysFeature].filter(
    (name) => name !== null,
  );
  if (named.every((name) => known.has(name))) return succeed(undefined);
  return fail(
    'feature_unknown',
    'The measurement names a feature that the dataset does not have.',
    'Prepare the features again, then measure again.',
  );
}

/** The same order to the same library gives the same numbers, so it is the same measurement. */
function measurementId(order: MeasurementOrder, engineVersion: string): string {
  return `measurement-${sha256HexOfText(JSON.stringify([engineVersion, order])).slice(0, 20)}`;
}

function failureOf(error: unknown): Failure {
  if (error instanceof TrialFailure && error.cause instanceof ExpectedFailure) return error.cause.failure;
  if (error instanceof ExpectedFailure) return error.failure;
  if (!(error instanceof TrialFailure)) console.error('Bug in a measurement:', error);
  return {
    code: 'measurement_failed',
    message: `The measurement failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Measure again.',
  };
}

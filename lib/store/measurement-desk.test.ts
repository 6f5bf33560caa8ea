import { beforeEach, describe, expect, it } from 'vitest';
import type { MeasurementOrder, MeasurementResult } from '@/lib/evaluation/probe/measurement-order';
import { failureOf, fileNamed, settled, smallServices } from '@/lib/testing/small-services';
import type { TrainingService } from './services';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

type Measure = TrainingService['measure'];

interface Call {
  readonly order: MeasurementOrder;
  readonly options: Parameters<Measure>[1];
  readonly done: (value: string) => void;
  readonly failed: (error: unknown) => void;
}

let workbench: Workbench;
let calls: Call[];
let parts: ReturnType<typeof smallServices>;
const state = () => workbench.store.getState();
const lastCall = (): Call => {
  const call = calls.at(-1);
  if (call === undefined) throw new Error('Nothing was measured');
  return call;
};

beforeEach(async () => {
  calls = [];
  parts = smallServices();
  const measure: Measure = (order, options) =>
    new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
      const done = (value: string) =>
        resolve({ kind: order.kind, value, elapsedMs: 5 } as unknown as MeasurementResult);
      calls.push({ order, options, done, failed: reject });
    });
  const training = { ...parts.services.training, measure };
  workbench = new Workbench({ ...parts.services, training }, NOTHING_KEPT);
  await workbench.start();
});

describe('MeasurementDesk', () => {
  it('sends the matrix, then orders, shows how far it is, and keeps the result with its dataset', async () => {
    parts.asked.length = 0;
    const measuring = workbench.measurements.measureLeakage();
    await settled();
    expect(parts.asked.slice(0, 2)).toEqual(['dataset', 'put d0.85-42']);
    const digest = state().features?.datasetDigest;
    expect(lastCall().order).toMatchObject({ kind: 'leakage', datasetDigest: digest, seed: 42 });
    lastCall().options.onProgress({ done: 2, total: 9, elapsedMs: 1 });
    expect(state().measurements.leakage.running).toEqual({ done: 2, total: 9, elapsedMs: 1 });
    lastCall().done('measured');
    await measuring;
    expect(state().measurements.leakage).toEqual({
      running: null,
      failure: null,
      result: { value: 'measured', elapsedMs: 5, datasetDigest: digest },
    });
    expect(state().measurements.learning_curve.result).toBeNull();
  });

  it('stops without a failure, and tells one that the server words', async () => {
    const stopped = workbench.measurements.measureLeakage();
    await settled();
    workbench.measurements.stop('leakage');
    await stopped;
    expect(lastCall().options.signal.aborted).toBe(true);
    expect(state().measurements.leakage).toEqual({ running: null, failure: null, result: null });
    const failing = workbench.measurements.measureLeakage();
    await settled();
    lastCall().failed(failureOf('engine_missing'));
    await failing;
    expect(state().measurements.leakage).toMatchObject({
      running: null,
      failure: { code: 'engine_missing' },
    });
  });

  it('ends what runs when another file opens, and forgets what was measured of the one before', async () => {
    const first = workbench.measurements.measureLeakage();
    await settled();
    lastCall().done('of the first file');
    await first;
    const second = workbench.measurements.measureLeakage();
    await settled();
    await workbench.openFile(fileNamed('other'));
    await second;
    expect(lastCall().options.signal.aborted).toBe(true);
    expect(state().measurements.leakage).toEqual({ running: null, failure: null, result: null });
  });

  it('measures nothing before the features are prepared', async () => {
    parts.knobs.prepareFails = true;
    await workbench.setParams({ seed: 7 });
    await workbench.measurements.measureLeakage();
    await workbench.measurements.measureLearningCurve();
    expect(calls).toEqual([]);
  });
});

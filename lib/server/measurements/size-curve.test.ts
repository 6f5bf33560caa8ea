import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import type { MeasurementOrder, MeasurementView } from '@/lib/evaluation/probe/measurement-order';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { SplitPart } from '@/lib/features/matrix';
import { putDataset } from '@/lib/server/storage/dataset-store';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import { createChildPool } from '@/lib/server/xgboost/child-pool';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { createMeasurementService, type MeasurementService } from './measurement-service';

const DATASET = drawnDataset({ nRows: 2_000, nFeatures: 5, seed: 7 });
const BYTES = encodeDataset(DATASET);
const countOf = (label: number) =>
  DATASET.labels.filter((value, row) => DATASET.split[row] === SplitPart.train && value === label).length;
const ORDER: MeasurementOrder = {
  kind: 'learning_curve',
  datasetDigest: sha256Hex(BYTES),
  seed: 3,
  nTrainingRows: countOf(0) + countOf(1),
  nTrainingBuyers: countOf(1),
};

let library: TestEngine;
let folder: string;
let home: Home;

beforeAll(async () => {
  library = await openTestEngine();
  folder = mkdtempSync(join(tmpdir(), 'leadbench-measurements-'));
  home = homeAt(folder);
  await prepareHome(home);
  const stream = (async function* () {
    yield BYTES;
  })();
  unwrapped(await putDataset(home, stream, { capBytes: 10_000_000 }));
}, 120_000);
afterAll(async () => {
  await library.close();
  rmSync(folder, { recursive: true, force: true });
});

function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function service(nProcesses: number): MeasurementService {
  const engine: TrainingEngine = {
    info: { version: '3.4.1', path: '', source: 'project cache', features: {} },
    processesFor: () => nProcesses,
    openExecutor: () =>
      createChildPool({
        childPath: library.childPath,
        engine: library.engine,
        onLog: () => undefined,
        nProcesses,
        trialTimeoutMs: 60_000,
      }),
    warm: async () => undefined,
  };
  const open = Object.assign(async () => succeed(engine), { close: async () => undefined });
  return createMeasurementService({ home, engine: open, elapsed: () => performance.now() });
}

/** Ask until it no longer runs. */
async function ended(measurements: MeasurementService, id: string): Promise<MeasurementView> {
  for (;;) {
    const view = unwrapped(measurements.view(id));
    if (view.state !== 'running') return view;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('createMeasurementService', () => {
  it('measures a learning curve that rises, the same on one process as on two', async () => {
    const [one, two] = [service(1), service(2)];
    const views = [];
    for (const measurements of [one, two]) {
      views.push(await ended(measurements, unwrapped(await measurements.start(ORDER))));
      await measurements.close();
    }
    const [first, second] = views.map((view) => (view.state === 'done' ? view.result.value : null));
    expect(first).not.toBeNull();
    expect(second).toEqual(first);
    expect(first).toMatchObject({ seed: 3, nValidation: 400 });
    if (first === null || first === undefined || !('points' in first)) throw new Error('Expected a curve');
    expect(first.points).toHaveLength(8);
    expect(first.points.at(-1)).toMatchObject({ n: 1_200, nBuyers: ORDER.nTrainingBuyers });
    expect(first.fit.drop).toBeGreaterThan(0);
    const meanOf = (values: readonly number[] = []) => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(meanOf(first.points.at(-1)?.values)).toBeGreaterThan(meanOf(first.points[0]?.values) + 0.05);
  });

  it('takes the same order for the same measurement, ends one when told to, and begins it again', async () => {
    const measurements = service(1);
    const id = unwrapped(await measurements.start(ORDER));
    expect(unwrapped(await measurements.start(ORDER))).toBe(id);
    expect(unwrapped(measurements.stop(id))).toEqual({ state: 'stopped' });
    expect(unwrapped(await measurements.start(ORDER))).toBe(id);
    expect(unwrapped(measurements.view(id)).state).toBe('running');
    const newer = unwrapped(await measurements.start({ ...ORDER, seed: 4 }));
    expect(unwrapped(measurements.view(id)).state).toBe('stopped');
    await measurements.close();
    expect(unwrapped(measurements.view(newer)).state).toBe('stopped');
  });

  it('refuses what it does not know, and tells why one failed', async () => {
    const measurements = service(1);
    const leakage = { kind: 'leakage', seed: 1, daysFeature: null, missingValue: -999 } as const;
    const { datasetDigest } = ORDER;
    const suspects = [{ id: 'x', features: ['no_such_feature'] }];
    expect(await measurements.start({ ...leakage, datasetDigest, suspects })).toMatchObject({
      ok: false,
      error: { code: 'feature_unknown' },
    });
    expect(
      await measurements.start({ ...leakage, datasetDigest: '0'.repeat(64), suspects: [] }),
    ).toMatchObject({ ok: false, error: { code: 'dataset_missing' } });
    expect(measurements.view('measurement-0')).toMatchObject({
      ok: false,
      error: { code: 'measurement_unknown' },
    });
    const id = unwrapped(await measurements.start({ ...ORDER, nTrainingBuyers: 3 }));
    expect(await ended(measurements, id)).toMatchObject({
      state: 'failed',
      failure: { code: 'too_few_for_curve' },
    });
    await measurements.close();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { leakageSuspects, type SuspectReport } from '@/lib/evaluation/leakage/suspects';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { PreparedDataset } from '@/lib/features/prepare-dataset';
import { type ChildPool, createChildPool } from '@/lib/server/xgboost/child-pool';
import type { DatasetFile } from '@/lib/server/xgboost/trial-executor';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { BOUGHT_SQL, preparedCrm } from '@/lib/testing/prepared-crm';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { type LeakageOrder, measureLeakage } from './measure-leakage';

let library: TestEngine;
let pool: ChildPool;
let folder: string;

beforeAll(async () => {
  library = await openTestEngine();
  pool = openPool(2);
  folder = mkdtempSync(join(tmpdir(), 'leadbench-leakage-'));
}, 120_000);
afterAll(async () => {
  await pool.close();
  await library.close();
  rmSync(folder, { recursive: true, force: true });
});

const openPool = (nProcesses: number) =>
  createChildPool({
    childPath: library.childPath,
    engine: library.engine,
    onLog: () => undefined,
    nProcesses,
    trialTimeoutMs: 60_000,
  });
const stored = (dataset: TrainingDataset): DatasetFile => {
  const bytes = encodeDataset(dataset);
  const digest = sha256Hex(bytes);
  const path = join(folder, `${digest}.arrow`);
  writeFileSync(path, bytes);
  return { digest, path };
};
const orderOf = ({ suspects }: SuspectReport): LeakageOrder => ({
  seed: 42,
  suspects,
  daysFeature: 'optin_days',
  missingValue: -999,
});
const measured = async ({ spec, dataset }: PreparedDataset, executor = pool) => {
  const order = orderOf(leakageSuspects(spec, dataset));
  const progress: [number, number][] = [];
  const measurement = await measureLeakage(order, {
    dataset: stored(dataset),
    executor,
    signal: new AbortController().signal,
    onProgress: (done, total) => progress.push([done, total]),
  });
  return { measurement, progress };
};

describe('measureLeakage', () => {
  it('shows what a planted tag is worth, and that nothing is like it', async () => {
    const sql = `INSERT INTO Tags SELECT mailchimp_id, 'welcome pack' FROM Subscribers WHERE
      (${BOUGHT_SQL} AND rowid % 20 > 0) OR (NOT ${BOUGHT_SQL} AND rowid % 100 = 0)`;
    const prepared = await preparedCrm({ nSubscribers: 2_000, seed: 3, sql });
    const { measurement, progress } = await measured(prepared);
    const { all, without, timeSplit, nRows } = measurement;
    expect(nRows).toBe(prepared.dataset.split.filter((part) => part !== SplitPart.test).length);
    expect(all.low).toBeGreaterThan(0.9);
    const [planted, ...others] = without;
    expect(planted?.id).toBe('tag_welcome_pack');
    expect(planted?.rocAuc.high).toBeLessThan(0.9);
    expect(planted?.gain.low).toBeGreaterThan(0.08);
    expect(planted?.gain.value).toBeCloseTo(all.value - (planted?.rocAuc.value ?? 0), 12);
    for (const { id, gain } of others.filter(({ id }) => id !== 'group:all tags and their counts')) {
      expect(gain.low, id).toBeLessThan(0.02);
    }
    expect(timeSplit?.nScored).toBeGreaterThan(200);
    expect(progress[0]).toEqual([0, 26]);
    expect(progress.at(-1)).toEqual([26, 26]);
  });

  it('gives the same numbers whatever the number of processes, and never looks at test rows', async () => {
    const prepared = await preparedCrm({ nSubscribers: 1_000, seed: 4 });
    const { measurement } = await measured(prepared);
    const { dataset } = prepared;
    const stride = dataset.matrix.featureNames.length;
    // Test rows turned into nonsense: whoever looks at them gives other numbers.
    const values = dataset.matrix.values.map((value, i) =>
      dataset.split[Math.floor(i / stride)] === SplitPart.test ? 12_345 : value,
    );
    const alone = openPool(1);
    const changed = { ...prepared, dataset: { ...dataset, matrix: { ...dataset.matrix, values } } };
    expect((await measured(changed, alone)).measurement).toEqual(measurement);
    await alone.close();
  });

  it('says why a list cannot be split by time', async () => {
    const context = {
      dataset: stored(drawnDataset({ nRows: 300, nFeatures: 3, seed: 1 })),
      executor: pool,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    const order = { seed: 1, suspects: [], missingValue: -999 };
    const without = await measureLeakage({ ...order, daysFeature: null }, context);
    expect(without).toMatchObject({
      timeSplit: null,
      noTimeSplit: 'The features say nothing of the opt-in date.',
    });
    const dataset = drawnDataset({ nRows: 300, nFeatures: 3, seed: 1 });
    dataset.matrix.values.forEach((_, i) => {
      if (i % 3 === 2) dataset.matrix.values[i] = 7;
    });
    const sameDay = await measureLeakage(
      { ...order, daysFeature: 'feature_2' },
      { ...context, dataset: stored(dataset) },
    );
    expect(sameDay.noTimeSplit).toContain('cannot be split by time');
    expect(sameDay.all.value).toBeGreaterThan(0.5);
  });

  it('ends at once with the signal’s reason, and fails whole where a model cannot be trained', async () => {
    const dataset = stored(drawnDataset({ nRows: 300, nFeatures: 3, seed: 2 }));
    const stopping = new AbortController();
    const own = openPool(1);
    const order = { seed: 1, suspects: [], daysFeature: null, missingValue: -999 };
    const running = measureLeakage(order, {
      dataset,
      executor: own,
      signal: stopping.signal,
      onProgress: (done) => {
        if (done === 1) stopping.abort(new Error('Enough.'));
      },
    });
    await expect(running).rejects.toThrow('Enough.');
    const everything = { id: 'all', features: ['feature_0', 'feature_1', 'feature_2'] };
    await expect(
      measureLeakage(
        { ...order, suspects: [everything] },
        { dataset, executor: own, signal: new AbortController().signal, onProgress: () => undefined },
      ),
    ).rejects.toThrow('Without the features left out none is left to train on.');
    await own.close();
    expect(own.pids()).toEqual([]);
  });
});

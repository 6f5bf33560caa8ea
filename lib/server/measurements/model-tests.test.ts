import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { type TestSuite, testSuiteSchema } from '@/lib/evaluation/model-tests/test-suite';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { PreparedDataset } from '@/lib/features/prepare-dataset';
import { specDigest } from '@/lib/features/spec-json';
import { buildModel } from '@/lib/server/models/build-model';
import { finalFitJob } from '@/lib/server/models/final-fit-job';
import { DIGEST_FILE, digestList } from '@/lib/server/models/model-files';
import { type VerifiedModel, verifiedModel } from '@/lib/server/models/verified-model';
import { type ChildPool, createChildPool } from '@/lib/server/xgboost/child-pool';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { preparedCrm } from '@/lib/testing/prepared-crm';
import { unwrapped } from '@/lib/testing/real-studies';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import { testedModel } from './measure-model-tests';

let engine: TestEngine;
let pool: ChildPool;
let folder: string;
let prepared: PreparedDataset;
let champion: VerifiedModel;

beforeAll(async () => {
  engine = await openTestEngine();
  pool = createChildPool({
    childPath: engine.childPath,
    engine: engine.engine,
    nProcesses: 2,
    trialTimeoutMs: 60_000,
    onLog: () => undefined,
  });
  folder = mkdtempSync(join(tmpdir(), 'leadbench-model-tests-'));
  prepared = await preparedCrm({ nSubscribers: 6_000, seed: 9 });
  champion = await modelOf(prepared.dataset);
}, 60_000);
afterAll(async () => {
  await pool.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

const { signal } = new AbortController();

function stored(dataset: TrainingDataset) {
  const bytes = encodeDataset(dataset);
  const digest = sha256Hex(bytes);
  const path = join(folder, `${digest}.arrow`);
  writeFileSync(path, bytes);
  return { path, digest };
}

/** Train a model on a dataset and read it back as it would be published. */
async function modelOf(dataset: TrainingDataset): Promise<VerifiedModel> {
  const file = stored(dataset);
  const { spec } = prepared;
  const config = studyConfigOf(DEFAULT_PIPELINE_PARAMS, {
    datasetDigest: file.digest,
    featureSpecDigest: specDigest(spec),
  });
  const params = { max_depth: 4, learning_rate: 0.1, n_estimators: 40, subsample: 1, colsample_bytree: 1 };
  const zeros = { f1_score: 0, recall: 0, roc_auc: 0, average_precision: 0, logloss: 0, expected_profit: 0 };
  const best = { number: 1, params, rounds: 40, metrics: zeros, standardError: null };
  const finalFit = await pool.runFinalFit(finalFitJob(config, best), file, signal);
  const { files, modelId } = unwrapped(
    await buildModel({
      config,
      best,
      xgboostVersion: '3.4.1',
      leadbenchVersion: '0.1.0',
      codeDigest: 'c'.repeat(64),
      gateOverrideReason: null,
      featureSpec: spec,
      dataset,
      finalFit,
    }),
  );
  const own = join(folder, modelId);
  mkdirSync(own);
  for (const [name, bytes] of Object.entries({ ...files, [DIGEST_FILE]: digestList(files) })) {
    writeFileSync(join(own, name), bytes);
  }
  return unwrapped(await verifiedModel(own, modelId));
}

const suiteOf = (...tests: readonly Record<string, unknown>[]): TestSuite =>
  testSuiteSchema.parse({
    version: 1,
    name: 'x',
    tests: tests.map((test, i) => ({ name: `test ${i}`, ...test })),
  });

const tested = (
  model: VerifiedModel,
  dataset: TrainingDataset,
  suite: TestSuite,
  against: VerifiedModel | null,
) =>
  testedModel(
    { model, champion: against, championDataset: prepared.dataset, dataset, suite, seed: 1 },
    { dataset: stored(dataset), executor: pool, signal, onProgress: () => undefined, elapsed: () => 0 },
  );

/** Labels of the training and validation rows of a country turned round, as a broken import would. */
function turnedRound({ dataset, spec }: PreparedDataset, country: string): TrainingDataset {
  const column = spec.features.findIndex(({ source }) => source.type === 'country_code');
  const level = spec.countryLevels.indexOf(country);
  const stride = spec.features.length;
  const labels = dataset.labels.map((label, row) =>
    dataset.split[row] !== SplitPart.test && dataset.matrix.values[row * stride + column] === level
      ? 1 - label
      : label,
  );
  return { ...dataset, labels };
}

describe('testedModel', () => {
  it('passes a model against itself, gives the same file again, and trains its like', async () => {
    const suite = suiteOf(
      { type: 'onnx_parity' },
      { type: 'stability', over: 'seeds', nModels: 2 },
      { type: 'stability', over: 'bootstrap', nModels: 2, mostSpread: 0.2, leastRankCorrelation: 0.1 },
      { type: 'baseline' },
      { type: 'champion' },
    );
    const first = await tested(champion, prepared.dataset, suite, champion);
    expect(first.results.map(({ outcome }) => outcome)).toEqual(new Array(5).fill('passed'));
    expect(first.results[0]?.measured).toEqual({ largest_difference: 0 });
    const drawn = first.results[2]?.measured ?? {};
    expect(drawn.least_roc_auc).not.toBe(drawn.most_roc_auc);
    expect(JSON.stringify(await tested(champion, prepared.dataset, suite, champion))).toBe(
      JSON.stringify(first),
    );
  });

  it('names the country that a challenger turned worse for, by slices and beside the model in use', async () => {
    const dataset = turnedRound(prepared, 'us');
    const challenger = await modelOf(dataset);
    const suite = suiteOf(
      { type: 'champion' },
      { type: 'slice_floor', slice: 'country', metric: 'observed_to_expected', lowest: 0.5, highest: 2 },
      { type: 'slice_floor', slice: 'country', metric: 'roc_auc', lowest: 0.5 },
    );
    const { results, passed } = await tested(challenger, dataset, suite, champion);
    expect(passed).toBe(false);
    const [against, calibration, ranking] = results;
    expect(against).toMatchObject({ outcome: 'failed' });
    expect(against?.sentence).toMatch(/worse beyond chance, first country us \(log loss \+/);
    expect(against?.examples[0]?.what).toMatch(
      /^country us: .* were expected by the model in use, .* by this one/,
    );
    expect(calibration).toMatchObject({ outcome: 'failed' });
    expect(calibration?.sentence).toContain('for country us');
    expect(ranking).toMatchObject({ outcome: 'failed', n_failed: 1 });
    expect(ranking?.sentence).toContain('for country us');
  });

  it('refuses to test a model on another dataset than it was made on', async () => {
    const other = turnedRound(prepared, 'in');
    await expect(tested(champion, other, suiteOf({ type: 'onnx_parity' }), null)).rejects.toThrow(
      'is to be tested on another',
    );
  });
});

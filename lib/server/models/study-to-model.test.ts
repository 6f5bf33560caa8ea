import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { putDataset } from '@/lib/server/storage/dataset-store';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import type { StudyExecutor, TrainingEngine } from '@/lib/server/studies/study-engine';
import type { StudyLaunch } from '@/lib/server/studies/study-launch';
import { createStudyService, type StudyService } from '@/lib/server/studies/study-service';
import { type ChildPool, createChildPool } from '@/lib/server/xgboost/child-pool';
import { engineInfo } from '@/lib/server/xgboost/engine-info';
import type { EngineInfo } from '@/lib/server/xgboost/trial-executor';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { DESIGN_SEARCH_SPACE } from '@/lib/tuning/search-space';
import type { StudyEvent } from '@/lib/tuning/study-events';
import { bestTrial } from '@/lib/tuning/study-state';
import type { StudyView } from '@/lib/tuning/study-view';
import { createModelMaker } from './make-model';
import { DIGEST_FILE, MODEL_FILES, readModelFile } from './model-files';

const DATASET = drawnDataset({ nRows: 300, nFeatures: 5, seed: 1 });
const BYTES = encodeDataset(DATASET);
const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['example.com'],
  features: DATASET.matrix.featureNames.map((name) => ({
    name,
    kind: 'numeric',
    source: { type: 'tag', tag: name },
  })),
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};
const LAUNCH: StudyLaunch = {
  idempotencyKey: 'the one launch',
  config: {
    datasetDigest: sha256Hex(BYTES),
    featureSpecDigest: specDigest(SPEC),
    nTrials: 8,
    workers: 6,
    sampler: 'bayesian',
    seed: 42,
    objective: 'roc_auc',
    searchSpace: DESIGN_SEARCH_SPACE,
  },
  spec: SPEC,
  gateOverrideReason: null,
};

const parent = mkdtempSync(join(tmpdir(), 'leadbench-models-'));
const services: StudyService[] = [];
let library: TestEngine;
let info: EngineInfo;
let nHomes = 0;
let reference: Home;

beforeAll(async () => {
  library = await openTestEngine();
  const options = { childPath: library.childPath, engine: library.engine, onLog: () => undefined };
  info = unwrapped(await engineInfo(options));
  reference = await newHome();
  const { service, studyId } = await launched(reference, { nProcesses: 1 });
  expect((await settled(service, studyId)).state.phase).toBe('evaluated');
}, 120_000);
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
afterAll(async () => {
  await library.close();
  rmSync(parent, { recursive: true });
});

function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

async function newHome(): Promise<Home> {
  const home = homeAt(join(parent, String(nHomes++)));
  await prepareHome(home);
  const stream = async function* () {
    yield BYTES;
  };
  unwrapped(await putDataset(home, stream(), { capBytes: 1e7 }));
  return home;
}

interface Machine {
  readonly nProcesses: number;
  /** Wraps the pool, to interfere with it. */
  readonly around?: (pool: ChildPool) => StudyExecutor;
}

function serviceOn(home: Home, { nProcesses, around }: Machine): StudyService {
  const engine: TrainingEngine = {
    info,
    processesFor: () => nProcesses,
    openExecutor: () => {
      const pool = createChildPool({
        childPath: library.childPath,
        engine: library.engine,
        onLog: () => undefined,
        nProcesses,
        trialTimeoutMs: 60_000,
      });
      return around?.(pool) ?? pool;
    },
  };
  const service = createStudyService({
    home,
    engine: async () => succeed(engine),
    makeModel: createModelMaker(home, '0.1.0'),
    now: () => 1_700_000_000_000,
  });
  services.push(service);
  return service;
}

async function launched(home: Home, machine: Machine) {
  const service = serviceOn(home, machine);
  const { studyId } = unwrapped(await service.launch(LAUNCH)).state;
  return { service, studyId };
}

async function settled(service: StudyService, studyId: string): Promise<StudyView> {
  await new Promise<void>((resolve) => {
    void service.subscribe(studyId, 0, {
      onEvent: () => undefined,
      onActivity: ({ kind }) => kind === 'idle' && resolve(),
    });
  });
  return unwrapped(await service.get(studyId));
}

function eventOf(
  service: StudyService,
  studyId: string,
  isWanted: (event: StudyEvent) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    void service.subscribe(studyId, 0, {
      onEvent: (event) => isWanted(event) && resolve(),
      onActivity: () => undefined,
    });
  });
}

const nthCompletion = (n: number) => {
  let nSeen = 0;
  return (event: StudyEvent) => event.type === 'trial_completed' && ++nSeen === n;
};

/** Every file under a folder by its path in it, as the digest of its bytes. */
function digestsUnder(folder: string, path = ''): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(join(folder, path), { withFileTypes: true }).map((entry) => {
      const name = join(path, entry.name);
      return entry.isDirectory()
        ? digestsUnder(folder, name)
        : { [name]: sha256Hex(readFileSync(join(folder, name))) };
    }),
  );
}

function published(home: Home) {
  return {
    ...digestsUnder(home.root, 'models'),
    ...digestsUnder(home.root, 'checkpoints'),
    ...digestsUnder(home.root, 'data'),
  };
}

const modelIdOf = (home: Home) => readdirSync(home.modelsFolder)[0] ?? '';

describe('a study with the real library', () => {
  it('leaves the files of the design', () => {
    const id = modelIdOf(reference);
    const study = readdirSync(join(reference.root, 'checkpoints'))[0];
    expect(Object.keys(published(reference)).sort()).toEqual(
      [
        ...[...MODEL_FILES, DIGEST_FILE].map((name) => join('models', id, name)),
        ...['best.json', 'best.ubj'].map((name) => join('checkpoints', study ?? '', name)),
        'data/X_test.csv',
        'data/y_test.csv',
      ].sort(),
    );
    const xTest = readFileSync(join(reference.dataFolder, 'X_test.csv'), 'utf8').split('\n');
    expect(xTest).toHaveLength(62);
    expect(xTest[0]).toBe('feature_0,feature_1,feature_2,feature_3,feature_4');
  });

  it('records what made the model, and proves it', async () => {
    const id = modelIdOf(reference);
    const served = unwrapped(await readModelFile(reference, id, 'metadata.json'));
    const metadata = unwrapped(parseModelMetadata(new TextDecoder().decode(served.bytes)));
    const service = serviceOn(reference, { nProcesses: 1 });
    const [study] = (await service.list()).studies;
    expect(metadata).toMatchObject({
      model_id: id,
      study: LAUNCH.config,
      best_trial_number: study && bestTrial(study.state)?.number,
      params: study && bestTrial(study.state)?.params,
      xgboost_seed: 42,
      xgboost_version: info.version,
      onnx_max_margin_difference: 0,
      n_train: 180,
      n_validation: 60,
      n_test: 60,
    });
    const report = unwrapped(await readModelFile(reference, id, 'evaluation_report.json'));
    const parsed = evaluationReportSchema.parse(JSON.parse(new TextDecoder().decode(report.bytes)));
    expect(parsed.roc_auc).toBeGreaterThan(0.6);
    expect(parsed.roc_auc).toBe(metadata.test_roc_auc);
    const margins = unwrapped(await readModelFile(reference, id, 'test_margins.f32'));
    expect(new Float32Array(margins.bytes.buffer)).toHaveLength(60);
    execFileSync('sha256sum', ['--check', '--status', DIGEST_FILE], { cwd: reference.modelFolder(id) });
  });

  it('gives the same files with two processes as with one, six workers asked', async () => {
    const home = await newHome();
    const { service, studyId } = await launched(home, { nProcesses: 2 });
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(published(home)).toEqual(published(reference));
  });

  it('gives the same files when a training process is killed in the middle of a trial', async () => {
    const home = await newHome();
    let nKilled = 0;
    const around = (pool: ChildPool): StudyExecutor => ({
      ...pool,
      async run(job, dataset, signal) {
        const outcome = pool.run(job, dataset, signal);
        if (job.trialNumber === 3 && nKilled === 0) nKilled += killedChildren();
        return outcome;
      },
    });
    const { service, studyId } = await launched(home, { nProcesses: 1, around });
    const { state } = await settled(service, studyId);
    expect(nKilled).toBe(1);
    expect(state.trials[2]?.attempts).toBe(2);
    expect(state.phase).toBe('evaluated');
    expect(published(home)).toEqual(published(reference));
  });

  it('gives the same files when the service ends in the middle and another goes on', async () => {
    const home = await newHome();
    const before = await launched(home, { nProcesses: 2 });
    await eventOf(before.service, before.studyId, nthCompletion(3));
    await before.service.close();
    const after = serviceOn(home, { nProcesses: 1 });
    unwrapped(await after.resume(before.studyId));
    expect((await settled(after, before.studyId)).state.phase).toBe('evaluated');
    expect(published(home)).toEqual(published(reference));
  });

  it('stops in the middle, makes a model of what there is when asked, and the whole one when resumed', async () => {
    const home = await newHome();
    const { service, studyId } = await launched(home, { nProcesses: 1 });
    await eventOf(service, studyId, nthCompletion(2));
    unwrapped(await service.stop(studyId));
    const stopped = unwrapped(await service.get(studyId));
    expect(stopped.state.phase).toBe('tuned');
    expect(readdirSync(home.modelsFolder)).toEqual([]);
    unwrapped(await service.evaluate(studyId));
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(readdirSync(home.modelsFolder)).toHaveLength(1);
    unwrapped(await service.resume(studyId));
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(published(home)).toMatchObject(published(reference));
  });

  it('publishes the same model twice, and refuses to touch one that was changed', async () => {
    const home = await newHome();
    const { service, studyId } = await launched(home, { nProcesses: 1 });
    await settled(service, studyId);
    const again = unwrapped(await service.launch({ ...LAUNCH, idempotencyKey: 'another launch' }));
    expect((await settled(service, again.state.studyId)).state.phase).toBe('evaluated');
    expect(readdirSync(home.modelsFolder)).toEqual([modelIdOf(reference)]);
    expect(digestsUnder(home.root, 'models')).toEqual(digestsUnder(reference.root, 'models'));

    writeFileSync(join(home.modelFolder(modelIdOf(home)), 'evaluation_report.json'), '{}');
    const third = unwrapped(await service.launch({ ...LAUNCH, idempotencyKey: 'a third launch' }));
    const { state } = await settled(service, third.state.studyId);
    expect(state.phase).toBe('failed');
    expect(state.failure).toContain('evaluation_report.json');
  });
});

/** Kill the engine processes that this process started, as the system does when memory runs out. Gives their number. */
function killedChildren(): number {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  const pids = listed.split('\n').flatMap((line) => {
    const [, pid, args] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid !== undefined && args?.includes(library.childPath) ? [Number(pid)] : [];
  });
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}

describe('readModelFile', () => {
  it('refuses every file that is not as published, and knows which models there are', async () => {
    const home = await newHome();
    const { service, studyId } = await launched(home, { nProcesses: 2 });
    await settled(service, studyId);
    const id = modelIdOf(home);
    for (const name of MODEL_FILES) {
      const path = join(home.modelFolder(id), name);
      const whole = readFileSync(path);
      expect(new Uint8Array(unwrapped(await readModelFile(home, id, name)).bytes)).toEqual(
        new Uint8Array(whole),
      );
      const changed = Buffer.from(String(whole.toString('latin1')).replace(/.$/s, '#'), 'latin1');
      writeFileSync(path, changed);
      expect(await readModelFile(home, id, name)).toMatchObject({
        ok: false,
        error: { code: 'model_damaged' },
      });
      rmSync(path);
      expect(await readModelFile(home, id, name)).toMatchObject({
        ok: false,
        error: { code: 'model_damaged' },
      });
      writeFileSync(path, whole);
    }
    expect(await readModelFile(home, `model-${'0'.repeat(20)}`, 'model.onnx')).toMatchObject({
      ok: false,
      error: { code: 'model_unknown' },
    });
  });
});

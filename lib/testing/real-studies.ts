import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import { createModelMaker } from '@/lib/server/models/make-model';
import { putDataset } from '@/lib/server/storage/dataset-store';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import type { StudyExecutor, TrainingEngine } from '@/lib/server/studies/study-engine';
import type { StudyLaunch } from '@/lib/server/studies/study-launch';
import { createStudyService, type StudyService } from '@/lib/server/studies/study-service';
import { type ChildPool, createChildPool } from '@/lib/server/xgboost/child-pool';
import { engineInfo } from '@/lib/server/xgboost/engine-info';
import type { EngineInfo } from '@/lib/server/xgboost/trial-executor';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyView } from '@/lib/tuning/study/study-view';
import { openTestEngine, type TestEngine } from './engine';
import { drawnDataset } from './training-dataset';

/** 300 rows of 5 features, of which 60 are test rows. */
export const STUDY_DATASET = drawnDataset({ nRows: 300, nFeatures: 5, seed: 1 });
/** The dataset as it is stored. */
export const STUDY_DATASET_BYTES = encodeDataset(STUDY_DATASET);

const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['example.com'],
  features: STUDY_DATASET.matrix.featureNames.map((name) => ({
    name,
    kind: 'numeric',
    source: { type: 'tag', tag: name },
  })),
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};

/** Order a study of 8 trials of the design's space, 6 workers asked, on the dataset. */
export function studyLaunch(idempotencyKey: string, change: Partial<StudyConfig> = {}): StudyLaunch {
  const data = { datasetDigest: sha256Hex(STUDY_DATASET_BYTES), featureSpecDigest: specDigest(SPEC) };
  const config = { ...studyConfigOf({ ...DEFAULT_PIPELINE_PARAMS, nTrials: 8 }, data), ...change };
  return { idempotencyKey, config, spec: SPEC, gateOverrideReason: null };
}

/** How studies run. */
export interface Machine {
  readonly nProcesses: number;
  /** Wraps the pool, to interfere with it. */
  readonly around?: (pool: ChildPool) => StudyExecutor;
}

/** Studies with the real library, in homes of their own. */
export interface RealStudies {
  readonly info: EngineInfo;
  readonly engine: TestEngine;
  /** Make a home that holds the dataset. */
  newHome(): Promise<Home>;
  serviceOn(home: Home, machine: Machine): StudyService;
  /** Open a pool of processes; close it. */
  openPool(nProcesses: number): ChildPool;
  /** Run a study to its end and give it. */
  finished(home: Home, machine: Machine, launch: StudyLaunch): Promise<StudyView>;
  /** Close the services opened so far; after each test. */
  closeServices(): Promise<void>;
  /** Remove all homes and the bundle; after all tests. */
  close(): Promise<void>;
}

/** Prepare studies with the real library. Call once a test file, in `beforeAll`. */
export async function openRealStudies(): Promise<RealStudies> {
  const library = await openTestEngine();
  const options = { childPath: library.childPath, engine: library.engine, onLog: () => undefined };
  const info = unwrapped(await engineInfo(options));
  const parent = mkdtempSync(join(tmpdir(), 'leadbench-studies-'));
  const services: StudyService[] = [];
  let nHomes = 0;
  const openPool = (nProcesses: number) =>
    createChildPool({ ...options, nProcesses, trialTimeoutMs: 60_000 });

  const serviceOn = (home: Home, { nProcesses, around }: Machine): StudyService => {
    const engine: TrainingEngine = {
      info,
      processesFor: () => nProcesses,
      openExecutor: () => {
        const pool = openPool(nProcesses);
        return around?.(pool) ?? pool;
      },
      warm: async () => undefined,
    };
    const service = createStudyService({
      home,
      engine: async () => succeed(engine),
      makeModel: createModelMaker(home, '0.1.0'),
      now: () => 1_700_000_000_000,
    });
    services.push(service);
    return service;
  };

  return {
    info,
    engine: library,
    serviceOn,
    openPool,
    async newHome() {
      const home = homeAt(join(parent, String(nHomes++)));
      await prepareHome(home);
      const stream = async function* () {
        yield STUDY_DATASET_BYTES;
      };
      unwrapped(await putDataset(home, stream(), { capBytes: 1e7 }));
      return home;
    },
    async finished(home, machine, launch) {
      const service = serviceOn(home, machine);
      const { studyId } = unwrapped(await service.launch(launch)).state;
      return settled(service, studyId);
    },
    async closeServices() {
      for (const service of services.splice(0)) await service.close();
    },
    async close() {
      await library.close();
      rmSync(parent, { recursive: true });
    },
  };
}

/** Wait until nobody works on a study, and give it. */
export async function settled(service: StudyService, studyId: string): Promise<StudyView> {
  await new Promise<void>((resolve) => {
    void service.subscribe(studyId, 0, {
      onEvent: () => undefined,
      onActivity: ({ kind }) => kind === 'idle' && resolve(),
    });
  });
  return unwrapped(await service.get(studyId));
}

/** Wait until an event has happened to a study, before or from now on. */
export function eventOf(
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

/** The value of a result that must be one. @throws with its failure's words */
export function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

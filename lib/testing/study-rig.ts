import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import { putDataset } from '@/lib/server/storage/dataset-store';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import type { ModelMaker, TrainingEngine } from '@/lib/server/studies/study-engine';
import type { StudyLaunch } from '@/lib/server/studies/study-launch';
import { createStudyService, type StudyService } from '@/lib/server/studies/study-service';
import {
  createFakeExecutor,
  type FakeExecutor,
  type FakeExecutorOptions,
} from '@/lib/testing/fake-study-executor';
import { studyConfig } from '@/lib/testing/study-fixture';
import type { StudyConfig, StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { StudyView } from '@/lib/tuning/study/study-view';

/** A specification of one feature, which `RIG_DATASET` was made with. */
export const RIG_SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['example.com'],
  features: [{ name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } }],
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};
const RIG_DATASET = encodeDataset({
  matrix: { values: Float32Array.of(1, 2, 3, 4, 5, 6), nRows: 6, featureNames: ['tag_count'] },
  labels: Uint8Array.of(0, 1, 0, 1, 0, 1),
  split: Uint8Array.of(0, 0, 1, 1, 2, 2),
});
/** Eight trials, three workers. */
export const RIG_CONFIG = studyConfig({
  datasetDigest: sha256Hex(RIG_DATASET),
  featureSpecDigest: specDigest(RIG_SPEC),
  nTrials: 8,
  workers: 3,
});
/** What a client sends to launch a study. */
export const launchOf = (key: string, config: Partial<StudyConfig> = {}): StudyLaunch => ({
  idempotencyKey: `launch-${key}`,
  config: { ...RIG_CONFIG, ...config },
  spec: RIG_SPEC,
  gateOverrideReason: null,
});
/** The id of every model that a rig makes. */
export const RIG_MODEL_ID = `model-${'7'.repeat(20)}`;

/** Make a home with the dataset in it. */
export async function rigHome(folder: string): Promise<Home> {
  const home = homeAt(folder);
  await prepareHome(home);
  await putDataset(
    home,
    (async function* () {
      yield RIG_DATASET;
    })(),
    { capBytes: 1e6 },
  );
  return home;
}

/** A study service over a fake executor, with a record of what it was asked. */
export interface StudyRig {
  readonly service: StudyService;
  readonly executors: FakeExecutor[];
  readonly models: StudyState[];
}

/** What differs from a service in which all goes well. */
export interface RigChange {
  readonly executor?: Partial<FakeExecutorOptions>;
  readonly version?: string;
  readonly engine?: Result<TrainingEngine>;
  readonly makeModel?: ModelMaker;
  /** Called with each new executor. */
  readonly onExecutor?: (executor: FakeExecutor) => unknown;
}

/** Put a study service over a home. Close it in the end. */
export function openStudyRig(home: Home, change: RigChange = {}): StudyRig {
  const executors: FakeExecutor[] = [];
  const models: StudyState[] = [];
  let time = 0;
  const engine: TrainingEngine = {
    info: { version: change.version ?? '3.4.1', path: 'libxgboost.so', source: 'system', features: {} },
    processesFor: (workers) => Math.min(workers, 2),
    warm: async () => undefined,
    openExecutor: (nProcesses) => {
      const executor = createFakeExecutor({ nProcesses, ...change.executor });
      executors.push(executor);
      change.onExecutor?.(executor);
      return executor;
    },
  };
  const service = createStudyService({
    home,
    engine: async () => change.engine ?? succeed(engine),
    makeModel:
      change.makeModel ??
      (async ({ study }) => {
        models.push(study);
        return succeed(RIG_MODEL_ID);
      }),
    now: () => ++time,
    storageRetryMs: 20,
  });
  return { service, executors, models };
}

/** Give a result's value. @throws where there is none */
export function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Wait until nobody works on a study, and give its view. */
export async function settled(service: StudyService, studyId: string): Promise<StudyView> {
  await new Promise<void>((resolve, reject) => {
    const watching = service.subscribe(studyId, 0, {
      onEvent: () => undefined,
      onActivity: ({ kind }) => kind === 'idle' && resolve(),
    });
    watching.then((watched) => watched.ok || reject(new Error(watched.error.message)), reject);
  });
  return unwrapped(await service.get(studyId));
}

/** Wait for an event of a study. */
export function eventOf(
  service: StudyService,
  studyId: string,
  isWanted: (event: StudyEvent) => boolean,
): Promise<StudyEvent> {
  return new Promise((resolve) => {
    void service.subscribe(studyId, 0, {
      onEvent: (event) => isWanted(event) && resolve(event),
      onActivity: () => undefined,
    });
  });
}

/** Recognise the completion of a trial. */
export const completedTrial = (n: number) => (event: StudyEvent) =>
  event.type === 'trial_completed' && event.trialNumber === n;

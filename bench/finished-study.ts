import { join } from 'node:path';
import { specDigest } from '@/lib/features/spec-json';
import { createModelMaker } from '@/lib/server/models/make-model';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import { trainingEngineOpener } from '@/lib/server/studies/open-training-engine';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import { createStudyService, type StudyService } from '@/lib/server/studies/study-service';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { StudyConfig, StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import packageInfo from '@/package.json';
import { type StoredPreparation, storedPreparation, unwrapped } from './prepared-demo';

/** A home folder with a prepared dataset, and the study service over it. */
export interface StudyBench {
  readonly home: Home;
  readonly engine: TrainingEngine;
  readonly prepared: StoredPreparation;
  readonly service: StudyService;
  close(): Promise<void>;
}

/** A study from its launch to its model. */
export interface FinishedStudy {
  readonly state: StudyState;
  readonly events: readonly StudyEvent[];
  /** Milliseconds since 1970, as the events carry them. */
  readonly launchedAtMs: number;
}

/** Longer than any pause between two runs. */
const KEEP_WARM_MS = 600_000;

/** The wall clock with fractions of a millisecond. */
const now = () => performance.timeOrigin + performance.now();

/** How a study service is put up for a benchmark. */
export interface StudyBenchSetup {
  readonly root: string;
  /** Gets a home folder. */
  readonly folder: string;
  readonly crmPath: string;
  /** Keep the training processes between studies, as the page's server does; else each study starts its own. */
  readonly isKeptWarm?: boolean;
}

/** Put the study service over a new home folder, with the dataset of a CRM file in it. */
export async function openStudyBench(setup: StudyBenchSetup): Promise<StudyBench> {
  const { root, folder, crmPath, isKeptWarm = false } = setup;
  const home = homeAt(join(folder, isKeptWarm ? 'warm-study-home' : 'study-home'));
  await prepareHome(home);
  const openEngine = trainingEngineOpener({
    root,
    childPath: join(root, '.build', 'engine-child.mjs'),
    env: process.env,
    onLog: (line) => process.stderr.write(`${line}\n`),
    ...(isKeptWarm ? { keepWarmMs: KEEP_WARM_MS } : {}),
  });
  const engine = unwrapped(await openEngine());
  const service = createStudyService({
    home,
    engine: async () => ({ ok: true, value: engine }),
    makeModel: createModelMaker(home, packageInfo.version),
    now,
  });
  const prepared = await storedPreparation(crmPath, home);
  const close = async () => {
    await service.close();
    await openEngine.close();
  };
  return { home, engine, prepared, service, close };
}

/** Launch a study with the page's own parameters and wait for its model. @throws where it fails */
export async function finishedStudy(
  { service, prepared }: StudyBench,
  idempotencyKey: string,
): Promise<FinishedStudy> {
  const config = studyConfigOf(DEFAULT_PIPELINE_PARAMS, {
    datasetDigest: prepared.digest,
    featureSpecDigest: specDigest(prepared.spec),
  });
  const launchedAtMs = now();
  const launched = await service.launch({
    idempotencyKey,
    config,
    spec: prepared.spec,
    gateOverrideReason: null,
  });
  const { studyId } = unwrapped(launched).state;
  const events = await eventsToTheEnd(service, studyId);
  const { state } = unwrapped(await service.get(studyId));
  if (state.phase !== 'evaluated') throw new Error(`The study ended as ${state.phase}: ${state.failure}`);
  return { state, events, launchedAtMs };
}

/** Launch a study by a config of its own and wait for its model. @throws where it fails */
export async function tunedStudy(
  { service, prepared }: StudyBench,
  idempotencyKey: string,
  config: StudyConfig,
): Promise<StudyState> {
  const launch = { idempotencyKey, config, spec: prepared.spec, gateOverrideReason: null };
  const { studyId } = unwrapped(await service.launch(launch)).state;
  await eventsToTheEnd(service, studyId);
  const { state } = unwrapped(await service.get(studyId));
  if (state.phase === 'failed') throw new Error(`The study failed: ${state.failure}`);
  return state;
}

async function eventsToTheEnd(service: StudyService, studyId: string): Promise<StudyEvent[]> {
  const events: StudyEvent[] = [];
  let finish = () => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const onEvent = (event: StudyEvent) => {
    events.push(event);
    if (isLast(event)) finish();
  };
  const leave = unwrapped(await service.subscribe(studyId, 0, { onEvent, onActivity: () => undefined }));
  await over;
  leave();
  return events;
}

function isLast(event: StudyEvent): boolean {
  if (event.type === 'tuning_ended') return event.reason !== 'completed';
  return event.type === 'evaluation_completed' || event.type === 'evaluation_failed';
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { randomSource } from '@/lib/core/random';
import { specDigest } from '@/lib/features/spec-json';
import type { MlflowSync } from '@/lib/server/mlflow/mlflow-sync';
import { createModelMaker } from '@/lib/server/models/make-model';
import { publishedFiles } from '@/lib/server/published-files';
import { createStudyService } from '@/lib/server/studies/study-service';
import {
  DEFAULT_PIPELINE_PARAMS,
  DEFAULT_TUNING_PLAN,
  studyConfigOf,
} from '@/lib/tuning/study/pipeline-params';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import packageInfo from '@/package.json';
import type { BenchContext } from '../bench-context';
import type { BenchRow, BenchTable } from '../bench-table';
import type { StudyBench } from '../finished-study';
import { unwrapped } from '../prepared-demo';
import { spreadOf } from '../spread';
import { differences, type ExpectedContent, readBack } from './compared-content';
import { allDelivered, openDelivery } from './delivery';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy';
import { killedDeliveries } from './killed-deliveries';
import { type RealServer, startRealServer } from './real-server';

const N_TRIALS = 60;
const DRAIN_LIMIT_MS = 180_000;

/** What all parts of this benchmark share. */
interface Rig {
  readonly context: BenchContext;
  readonly study: StudyBench;
  readonly python: string;
  readonly server: RealServer;
  readonly proxy: FaultyProxy;
}

/** A real study that is over. */
interface RecordedStudy extends ExpectedContent {
  readonly studyId: string;
  /** Launch to the last trial's end. */
  readonly wallMs: number;
}

/**
 * Check the synchronisation with MLflow against MLflow's own server: real studies of 60 trials under successive halving,
 * with the server there, away and hanging while they train; then one study delivered through every kind of failure, read
 * back by MLflow's own client and compared to the last digit.
 *
 * @param python with mlflow installed
 */
export async function mlflowBench(
  context: BenchContext,
  study: StudyBench,
  python: string,
): Promise<BenchTable[]> {
  context.say('starting the MLflow server');
  const server = await startRealServer(python, context.scratch);
  try {
    const rig: Rig = { context, study, python, server, proxy: await startFaultyProxy(server.url) };
    const training = await trainingTable(rig);
    const delivery = await deliveryTable(rig);
    await rig.proxy.shut();
    return [training, delivery];
  } finally {
    await server.stop();
  }
}

/** How the server behaves while a study trains. */
const CONDITIONS = {
  'without MLflow': null,
  'MLflow there': () => undefined,
  'MLflow away throughout': (proxy: FaultyProxy) => proxy.shut(),
  'MLflow hangs throughout': (proxy: FaultyProxy) => proxy.decide(() => 'hang'),
  'MLflow away for the middle third': () => undefined,
} as const;

async function trainingTable(rig: Rig): Promise<BenchTable> {
  const walls = new Map<string, number[]>();
  const drains = new Map<string, number[]>();
  const wrong = new Map<string, number>();
  for (let runNumber = 1; runNumber <= rig.context.options.nRuns; runNumber++) {
    for (const [label, prepare] of Object.entries(CONDITIONS)) {
      rig.context.say(`study ${runNumber}, ${label}`);
      const { wallMs, drainMs, nDifferences } = await trainedUnder(rig, label, prepare);
      rig.context.say(`${Math.round(wallMs)} ms, then ${Math.round(drainMs ?? 0)} ms`);
      walls.set(label, [...(walls.get(label) ?? []), wallMs]);
      if (drainMs !== null) drains.set(label, [...(drains.get(label) ?? []), drainMs]);
      if (nDifferences !== null) wrong.set(label, (wrong.get(label) ?? 0) + nDifferences);
    }
  }
  const base = spreadOf(walls.get('without MLflow') ?? []).median;
  const rows = Object.keys(CONDITIONS).map((label): BenchRow => {
    const wall = spreadOf(walls.get(label) ?? []);
    const drained = drains.get(label);
    return {
      label,
      figures: {
        wall,
        share: wall.median / base - 1,
        drain: drained === undefined ? null : spreadOf(drained),
        wrong: wrong.get(label) ?? null,
      },
    };
  });
  return {
    title: `MLflow ${rig.server.version}: ${N_TRIALS} real trials under successive halving`,
    columns: [
      { key: 'wall', label: 'launch to last trial', unit: 'ms' },
      { key: 'share', label: 'longer by', unit: 'share' },
      { key: 'drain', label: 'then all delivered in', unit: 'ms' },
      { key: 'wrong', label: 'differences', unit: 'count' },
    ],
    rows,
    notes: [
      'Aim: longer by at most 5 %; delivered within 30 s of the server’s return; no difference.',
      'The server runs on the same machine as the training. Differences are counted over all runs, by MLflow’s own client.',
    ],
  };
}

async function trainedUnder(
  rig: Rig,
  label: string,
  prepare: ((proxy: FaultyProxy) => unknown) | null,
): Promise<{
  readonly wallMs: number;
  readonly drainMs: number | null;
  readonly nDifferences: number | null;
}> {
  const { proxy, context } = rig;
  if (prepare === null) {
    const { wallMs } = await realStudy(rig, null, () => undefined);
    return { wallMs, drainMs: null, nDifferences: null };
  }
  await prepare(proxy);
  const experiment = `${label} ${randomUUID().slice(0, 8)}`;
  const events: StudyEvent[] = [];
  let nOver = 0;
  const follow = (event: StudyEvent) => {
    events.push(event);
    if (label !== 'MLflow away for the middle third' || !/completed|pruned|paused/.test(event.type)) return;
    nOver += 1;
    if (nOver === N_TRIALS / 3) void proxy.shut();
    if (nOver === (2 * N_TRIALS) / 3) void proxy.open();
  };
  const files = new Map<string, Readonly<Record<string, Uint8Array>>>();
  const holder: { sync: MlflowSync | null } = { sync: null };
  const recorded = await realStudy(
    rig,
    (studyId) => {
      holder.sync ??= openDelivery({
        folder: join(context.scratch, experiment),
        url: proxy.url,
        experiment,
        studyId,
        readEvents: async () => events,
        readFiles: async (modelId) => files.get(modelId) ?? null,
      });
      holder.sync.noteStudy(studyId);
    },
    follow,
  );
  for (const { type, ...event } of recorded.events) {
    if (type === 'evaluation_completed' && 'modelId' in event)
      files.set(String(event.modelId), recorded.files);
  }
  const { sync } = holder;
  if (sync === null) throw new Error('The study was never noted');
  proxy.decide(null);
  await proxy.shut();
  await proxy.open();
  const startedAtMs = performance.now();
  sync.noteStudy(recorded.studyId);
  await allDelivered(sync, DRAIN_LIMIT_MS);
  const drainMs = performance.now() - startedAtMs;
  await sync.close(1000);
  const { python, server } = rig;
  const read = await readBack({
    ...{ python, root: context.root, server, experiment, studyId: recorded.studyId },
  });
  const found = differences(read, recorded);
  for (const line of found) context.say(`DIFFERENCE ${line}`);
  return { wallMs: recorded.wallMs, drainMs, nDifferences: found.length };
}

/** Train a study for real, telling of it as the server does. */
async function realStudy(
  { study }: Rig,
  note: ((studyId: string) => void) | null,
  follow: (event: StudyEvent) => void,
): Promise<RecordedStudy> {
  const { home, engine, prepared } = study;
  const service = createStudyService({
    home,
    engine: async () => ({ ok: true, value: engine }),
    makeModel: createModelMaker(home, packageInfo.version),
    now: () => performance.timeOrigin + performance.now(),
    observers: [
      {
        onEvent: (event, { studyId }) => {
          follow(event);
          note?.(studyId);
        },
      },
    ],
  });
  const plan = {
    ...DEFAULT_TUNING_PLAN,
    scheduler: { type: 'asha', minRounds: 20, reductionFactor: 3 },
  } as const;
  const config = studyConfigOf(
    { ...DEFAULT_PIPELINE_PARAMS, nTrials: N_TRIALS, plan },
    { datasetDigest: prepared.digest, featureSpecDigest: specDigest(prepared.spec) },
  );
  const launch = { idempotencyKey: randomUUID(), config, spec: prepared.spec, gateOverrideReason: null };
  const { studyId } = unwrapped(await service.launch(launch)).state;
  await over(service, studyId);
  const events = unwrapped(await service.history(studyId));
  const { state } = unwrapped(await service.get(studyId));
  const files = state.modelId === null ? null : await publishedFiles(home, state.modelId, state);
  if (files === null) throw new Error(`The study made no model: ${state.phase} ${state.failure}`);
  const wallMs = (state.tunedAtMs ?? 0) - state.createdAtMs;
  return { studyId, events, files, wallMs };
}

async function over(service: ReturnType<typeof createStudyService>, studyId: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    service
      .subscribe(studyId, 0, {
        onEvent: ({ type }) => /^evaluation_(?:completed|failed)$/.test(type) && resolve(),
        onActivity: ({ problem }) => problem && reject(new Error(problem.message)),
      })
      .then(unwrapped, reject);
  });
}

async function deliveryTable(rig: Rig): Promise<BenchTable> {
  const { context, python, proxy, server } = rig;
  context.say('a study to deliver');
  const recorded = await realStudy(rig, null, () => undefined);
  const rows: BenchRow[] = [];
  const measured = async (
    label: string,
    deliver: (experiment: string) => Promise<{ readonly drainMs: number; readonly nFaults: number }>,
  ) => {
    context.say(label);
    const experiment = `delivery ${rows.length} ${randomUUID().slice(0, 8)}`;
    const before = proxy.counts();
    const { drainMs, nFaults } = await deliver(experiment);
    const after = proxy.counts();
    const read = await readBack({
      ...{ python, root: context.root, server, experiment, studyId: recorded.studyId },
      isLoaded: rows.length === 0,
    });
    const found = differences(read, recorded);
    for (const line of found) context.say(`DIFFERENCE ${line}`);
    const requests = after.nRequests - before.nRequests;
    context.say(
      `${Math.round(drainMs)} ms, ${requests} requests, ${nFaults} wrong, ${found.length} differences`,
    );
    rows.push({ label, figures: { drain: drainMs, requests, faults: nFaults, wrong: found.length } });
  };
  const open = (experiment: string) =>
    openDelivery({
      folder: join(context.scratch, experiment),
      url: proxy.url,
      experiment,
      studyId: recorded.studyId,
      readEvents: async () => recorded.events,
      readFiles: async () => recorded.files,
    });

  await measured('delivered at once', async (experiment) => {
    const sync = open(experiment);
    const drainMs = await drained(sync);
    return { drainMs, nFaults: 0 };
  });
  await measured('after the server was away for the whole study', async (experiment) => {
    await proxy.shut();
    const sync = open(experiment);
    await sync.resumeAll();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await proxy.open();
    return { drainMs: await drained(sync), nFaults: 0 };
  });
  await measured('while 30 % of the requests go wrong', async (experiment) => {
    const random = randomSource(7);
    let nFaults = 0;
    proxy.decide(() => {
      if (random() >= 0.3) return 'pass';
      nFaults += 1;
      // Few that hang: each costs the time limit, and shows no more than one does.
      const kind = Math.floor(random() * 10);
      return kind === 0 ? 'hang' : kind < 4 ? 'lost' : kind < 7 ? 'unanswered' : 'error';
    });
    const drainMs = await drained(open(experiment));
    proxy.decide(null);
    return { drainMs, nFaults };
  });
  await measured('after 20 × kill −9 with parts left to deliver', async (experiment) => {
    const folder = join(context.scratch, experiment);
    const { drainMs, nKills } = await killedDeliveries({
      ...recorded,
      root: context.root,
      folder,
      experiment,
      proxy,
    });
    return { drainMs, nFaults: nKills };
  });
  await measured('while the server itself is killed and started again 3 times', async (experiment) => {
    const sync = open(experiment);
    await sync.resumeAll();
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await server.stop();
      await server.start();
    }
    return { drainMs: await drained(sync), nFaults: 3 };
  });
  return {
    title: `MLflow ${server.version}: one study of ${N_TRIALS} trials and its model, delivered and read back`,
    columns: [
      { key: 'drain', label: 'all delivered in', unit: 'ms' },
      { key: 'requests', label: 'requests', unit: 'count' },
      { key: 'faults', label: 'of these wrong, or kills', unit: 'count' },
      { key: 'wrong', label: 'differences', unit: 'count' },
    ],
    rows,
    notes: [
      'Read back by MLflow’s own Python client: every run, parameter, tag, metric value, input, file and model version.',
      'After a doubt, doubles are looked for 3 s later here (90 s in the product); that is in the times.',
    ],
  };
}

async function drained(sync: MlflowSync): Promise<number> {
  const startedAtMs = performance.now();
  await sync.resumeAll();
  await allDelivered(sync, DRAIN_LIMIT_MS);
  const drainMs = performance.now() - startedAtMs;
  await sync.close(1000);
  return drainMs;
}

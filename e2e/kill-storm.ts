import { existsSync, mkdirSync, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { sha256Hex } from '@/lib/core/digest';
import type { RandomSource } from '@/lib/core/random';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import { putDataset } from '@/lib/server/storage/dataset-store';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import { readJournal } from '@/lib/server/storage/journal';
import { createStudyFolder, studyIdForKey, studyJournalPath } from '@/lib/server/studies/study-launch';
import { studyConfig } from '@/lib/testing/study-fixture';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { type StudyEvent, studyEventSchema } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import { isRunning, type RunningServer, startServer } from './running-server';

/** The version that `npm start` installs. */
const xgboostLock = z
  .looseObject({ version: z.string() })
  .parse(
    JSON.parse(
      readFileSync(fileURLToPath(new URL('../lib/setup/xgboost.lock.json', import.meta.url)), 'utf8'),
    ),
  );

/** A study of 60 trials in a home of its own, created and not begun: the next server there takes it up. */
export interface StormStudy {
  readonly home: Home;
  readonly studyId: string;
}

const N_TRIALS = 60;
const N_PROCESSES = 2;
const N_FEATURES = 20;

/** Make a home with a study of 60 trials whose training takes some seconds on this machine. */
export async function stormStudy(folder: string): Promise<StormStudy> {
  const home = homeAt(folder);
  await prepareHome(home);
  const dataset = drawnDataset({ nRows: 12_000, nFeatures: N_FEATURES, seed: 11 });
  const bytes = encodeDataset(dataset);
  await putDataset(home, onePiece(bytes), { capBytes: 1e8 });
  const spec: FeatureSpec = {
    version: 1,
    target: 'made_purchase',
    missingValue: -999,
    referenceDay: '2023-06-30',
    countryLevels: ['us', 'other'],
    paretoShare: 0.8,
    freeEmailDomains: ['example.com'],
    features: dataset.matrix.featureNames.map((name) => ({
      name,
      kind: 'numeric' as const,
      source: { type: 'tag_count' as const },
    })),
    split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
  };
  const studyId = studyIdForKey('a study to be killed again and again');
  const config = studyConfig({
    datasetDigest: sha256Hex(bytes),
    featureSpecDigest: specDigest(spec),
    nTrials: N_TRIALS,
  });
  await createStudyFolder(home, {
    created: {
      type: 'study_created',
      studyId,
      config,
      engineVersion: xgboostLock.version,
      nProcesses: N_PROCESSES,
      gateOverrideReason: null,
    },
    spec,
    atMs: 0,
  });
  return { home, studyId };
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Read a study as its journal tells it. */
export async function studyOnDisk({ home, studyId }: StormStudy): Promise<{
  readonly events: readonly StudyEvent[];
  readonly state: StudyState;
}> {
  const content = await readJournal(studyJournalPath(home, studyId), studyEventSchema);
  if (!content.ok) throw new Error(content.error.message);
  const events = content.value.records;
  const state = events.reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('The journal is empty');
  return { events, state };
}

/** Start a server on the study's home. */
export function serverOn({ home }: StormStudy): Promise<RunningServer> {
  return startServer({ env: { LEADBENCH_HOME: home.root } });
}

/** Events that a client was told of, so that they must never be lost. */
export interface Witness {
  readonly told: ReadonlyMap<number, string>;
  /** Follow the study on a server from where the last connection ended; resolves when the connection ends. */
  follow(server: RunningServer, onEvent: (event: StudyEvent) => void): Promise<void>;
}

/** Watch a study as an open page does, over as many servers as it takes. @throws on an event told twice or out of order */
export function createWitness({ studyId }: StormStudy): Witness {
  const told = new Map<number, string>();
  return {
    told,
    async follow(server, onEvent) {
      const parser = createParser({
        onEvent: ({ event, data }) => {
          if (event !== 'study') return;
          const parsed = studyEventSchema.parse(JSON.parse(data));
          if (parsed.sequence !== told.size + 1) {
            throw new Error(`Expected to be told of event ${told.size + 1}, heard ${parsed.sequence}`);
          }
          told.set(parsed.sequence, JSON.stringify(parsed));
          onEvent(parsed);
        },
      });
      const headers = { 'x-leadbench-token': await server.token(), 'last-event-id': String(told.size) };
      const response = await fetch(`${server.origin}/api/studies/${studyId}/events`, { headers });
      if (!response.ok || response.body === null) throw new Error(`The events answered ${response.status}`);
      const decoder = new TextDecoder();
      try {
        for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
      } catch (error) {
        // How fetch says that the server died in the middle of a chunk.
        if (!(error instanceof TypeError)) throw error;
      }
    },
  };
}

/** Where in a study's life a kill came; `suggest` is while a process waits for its next trial. */
export type KillPhase = 'start' | 'suggest' | 'train' | 'evaluate' | 'publish';

/** What one kill hit. */
export interface Kill {
  readonly phase: KillPhase;
  /** Trials that were being trained. */
  readonly nRunning: number;
  /** Milliseconds from the last write of the journal to the kill. */
  readonly sinceWriteMs: number;
  /** How soon the study was seen to go on after the start of this server; null where it was killed before. */
  readonly resumedMs: number | null;
}

/**
 * When to kill: so long after the study was seen to go on; so long after its n-th write from there on, seen in the file
 * itself, since news of an event comes only when the next one is on its way; after its evaluation began; or after the
 * checkpoint of its best model was written.
 */
export type KillMoment =
  | { readonly kind: 'delay'; readonly afterMs: number }
  | { readonly kind: 'write'; readonly nth: number; readonly afterMs: number }
  | { readonly kind: 'evaluation'; readonly afterMs: number }
  | { readonly kind: 'checkpoint'; readonly afterMs: number };

/** Draw the moments of a storm: three quarters by the clock, a quarter right at what is written. */
export function drawnMoments(nKills: number, random: RandomSource): readonly KillMoment[] {
  return Array.from({ length: nKills }, (_, i): KillMoment => {
    if (i % 4 !== 3) return { kind: 'delay', afterMs: random() * 900 };
    const place = Math.floor(i / 4) % 6;
    if (place === 1) return { kind: 'evaluation', afterMs: random() * EVALUATION_MS };
    if (place === 2) return { kind: 'checkpoint', afterMs: random() * PUBLISHING_MS };
    return { kind: 'write', nth: 1 + Math.floor(random() * 12), afterMs: random() * 1.5 };
  });
}

/** Shorter than evaluating and publishing the storm's study take. */
const EVALUATION_MS = 200;
const PUBLISHING_MS = 20;

/** What a server came to that was to be killed. */
export type Stay =
  | { readonly kind: 'killed'; readonly kill: Kill }
  /** The study was evaluated before the moment came. */
  | { readonly kind: 'done' };

/** Start a server, let it take the study up, and kill it with SIGKILL at a moment. @throws where a child outlives it by 10 s */
export async function killedStay(study: StormStudy, witness: Witness, moment: KillMoment): Promise<Stay> {
  const startedMs = performance.now();
  const server = await serverOn(study);
  const before = witness.told.size;
  const children = new Set<number>();
  let resumedMs: number | null = null;
  let isDone = false;
  let killed: { readonly atMs: number; readonly stopped: Promise<unknown> } | null = null;
  let strike = () => {};
  const struck = new Promise<void>((resolve) => {
    strike = () => {
      killed ??= { atMs: Date.now(), stopped: server.stop('SIGKILL') };
      resolve();
    };
  });
  const strikeAfter = (ms: number) => (ms < 1 ? strike() : setTimeout(strike, ms));
  const watchers = watchersOf(study, moment, { hasResumed: () => resumedMs !== null, strikeAfter });
  const followed = witness
    .follow(server, (event) => {
      for (const pid of server.children()) children.add(pid);
      if (event.sequence > before && event.type !== 'study_created' && resumedMs === null) {
        resumedMs = performance.now() - startedMs;
        if (moment.kind === 'delay') strikeAfter(moment.afterMs);
      }
      if (event.type === 'evaluation_completed') {
        isDone = true;
        strike();
      }
      if (moment.kind === 'evaluation' && event.type === 'evaluation_started') strikeAfter(moment.afterMs);
    })
    // A server that is killed while it is asked resets the connection.
    .catch((error: unknown) => {
      if (killed === null) throw error;
    });
  await Promise.race([struck, followed.then(() => struck)]);
  for (const watcher of watchers) watcher.close();
  const { atMs, stopped } = killed ?? raise('The server was struck, but not killed');
  const writtenMs = statSync(studyJournalPath(study.home, study.studyId)).mtimeMs;
  await stopped;
  await followed;
  await goneWithin([...children], 10_000);
  if (isDone) return { kind: 'done' };
  const hit = await placeOf(study);
  return { kind: 'killed', kill: { ...hit, sinceWriteMs: atMs - writtenMs, resumedMs } };
}

/** Watch the files that a moment depends on. */
function watchersOf(
  { home, studyId }: StormStudy,
  moment: KillMoment,
  {
    hasResumed,
    strikeAfter,
  }: { readonly hasResumed: () => boolean; readonly strikeAfter: (ms: number) => void },
): readonly { close(): void }[] {
  if (moment.kind === 'write') {
    let nWrites = 0;
    return [
      watch(studyJournalPath(home, studyId), () => {
        if (!hasResumed()) return;
        nWrites += 1;
        if (nWrites === moment.nth) strikeAfter(moment.afterMs);
      }),
    ];
  }
  if (moment.kind !== 'checkpoint') return [];
  const folder = home.checkpointFolder(studyId);
  // There before the first checkpoint, so that it can be watched.
  mkdirSync(folder, { recursive: true });
  let isWritten = false;
  return [
    watch(folder, () => {
      if (isWritten || !existsSync(join(folder, 'best.ubj'))) return;
      isWritten = true;
      strikeAfter(moment.afterMs);
    }),
  ];
}

function raise(message: string): never {
  throw new Error(message);
}

async function placeOf(study: StormStudy): Promise<Pick<Kill, 'phase' | 'nRunning'>> {
  const { state, events } = await studyOnDisk(study);
  const nRunning = state.trials.filter((trial) => trial?.state === 'running').length;
  if (state.phase === 'evaluating') {
    const isWritten = existsSync(join(study.home.checkpointFolder(study.studyId), 'best.ubj'));
    return { phase: isWritten ? 'publish' : 'evaluate', nRunning };
  }
  if (events.length === 1) return { phase: 'start', nRunning };
  const nLeft = N_TRIALS - state.trials.length;
  return { phase: nRunning < Math.min(N_PROCESSES, nRunning + nLeft) ? 'suggest' : 'train', nRunning };
}

async function goneWithin(pids: readonly number[], limitMs: number): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (pids.some(isRunning)) {
    if (performance.now() > deadlineMs) throw new Error(`Processes outlive their server: ${pids.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Let a study run to its model without any harm. */
export async function undisturbed(study: StormStudy, witness: Witness): Promise<void> {
  const server = await serverOn(study);
  try {
    await new Promise<void>((resolve, reject) => {
      witness
        .follow(server, ({ type }) => type === 'evaluation_completed' && resolve())
        .then(() => reject(new Error('The events ended before the study did')), reject);
    });
  } finally {
    await server.stop();
  }
}

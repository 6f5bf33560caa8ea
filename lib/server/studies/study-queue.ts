import { setTimeout as delay } from 'node:timers/promises';
import { ExpectedFailure, type Failure, fail, type Result, succeed } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import { freeBytes, storageFailure, storageHealth } from '@/lib/server/storage/storage-health';
import type { StudyChange } from '@/lib/tuning/study/study-events';
import { resumption, type StudyView } from '@/lib/tuning/study/study-view';
import { StudyHalt } from './run-study';
import type { ModelMaker, TrainingEngine } from './study-engine';
import type { StudyEntry } from './study-entry';
import type { StudyObserver } from './study-observer';
import { type StudyTask, workOnStudy } from './study-work';

/** Works on one study at a time, in the order of asking: two at once would only share the cores. */
export interface StudyQueue {
  /** Put an idle study in line; gives its view, running already if nothing was before it. */
  add(entry: StudyEntry, task: StudyTask, engine: TrainingEngine): StudyView;
  /** Stop a study that runs, waits or was interrupted, and resolve when it has ended. */
  stop(entry: StudyEntry): Promise<Result<StudyView>>;
  /**
   * Let the trials that run come to their end and begin no more, until the study is resumed; one that waits in line leaves
   * it. Resolves when that is recorded, not when the trials have ended. `study_not_running` where there is nothing to pause.
   */
  pause(entry: StudyEntry): Promise<Result<StudyView>>;
  /** Halt the running study, let the waiting ones go, and take no more. */
  close(): Promise<void>;
}

/** What a queue works with. */
export interface StudyQueueOptions {
  readonly home: Home;
  readonly makeModel: ModelMaker;
  readonly observer: Required<StudyObserver>;
  /** Milliseconds of a clock that does not go backwards. */
  readonly elapsed: () => number;
  /** How long to wait before asking again whether the disk takes what is written; 2 s when left out. */
  readonly storageRetryMs?: number;
}

const DEFAULT_STORAGE_RETRY_MS = 2_000;

interface QueuedWork {
  readonly entry: StudyEntry;
  readonly task: StudyTask;
  readonly engine: TrainingEngine;
}

interface CurrentWork extends QueuedWork {
  readonly halt: AbortController;
  done: Promise<void>;
}

/** Create a queue; see `StudyQueue`. */
export function createStudyQueue(options: StudyQueueOptions): StudyQueue {
  const waiting: QueuedWork[] = [];
  let current: CurrentWork | null = null;
  let isClosed = false;

  const startNext = () => {
    if (current !== null || isClosed) return;
    const next = waiting.shift();
    if (next === undefined) return;
    const halt = new AbortController();
    current = { ...next, halt, done: Promise.resolve() };
    current.done = workedToTheEnd(options, next, halt.signal).finally(() => {
      current = null;
      startNext();
    });
  };
  const leaveLine = (entry: StudyEntry): boolean => {
    const place = waiting.findIndex((work) => work.entry === entry);
    if (place !== -1) waiting.splice(place, 1);
    return place !== -1;
  };

  return {
    add(entry, task, engine) {
      if (entry.view().activity.kind !== 'idle') return entry.view();
      waiting.push({ entry, task, engine });
      entry.setActivity('queued');
      startNext();
      return entry.view();
    },
    async stop(entry) {
      if (current?.entry === entry) {
        current.halt.abort(new StudyHalt('stopped'));
        await current.done;
        return succeed(entry.view());
      }
      // Somebody else is stopping it just now.
      if (entry.view().activity.kind === 'running') return succeed(entry.view());
      const wasInLine = leaveLine(entry);
      const { phase } = entry.log.state();
      if (!['tuning', 'stopping', 'pausing', 'paused'].includes(phase)) {
        entry.setActivity('idle');
        return wasInLine ? succeed(entry.view()) : notRunning('stop');
      }
      await writtenWhileIdle(options.home, entry, async () => {
        if (phase !== 'stopping') await entry.log.record({ type: 'study_stop_requested' });
        await entry.log.record({ type: 'tuning_ended', reason: 'stopped', message: null });
      });
      return succeed(entry.view());
    },
    async pause(entry) {
      const { phase } = entry.log.latest();
      if (phase === 'pausing' || phase === 'paused') return succeed(entry.view());
      if (phase !== 'tuning') return notRunning('pause');
      if (current?.entry === entry && entry.view().activity.kind === 'running') {
        return recordedOpen(entry, { type: 'study_pause_requested' });
      }
      leaveLine(entry);
      if (current?.entry === entry) {
        current.halt.abort(new StudyHalt('shutdown'));
        await current.done;
      }
      await writtenWhileIdle(options.home, entry, async () => {
        await entry.log.record({ type: 'study_pause_requested' });
        await entry.log.record({ type: 'study_paused' });
      });
      return succeed(entry.view());
    },
    async close() {
      isClosed = true;
      for (const { entry } of waiting.splice(0)) entry.setActivity('idle');
      current?.halt.abort(new StudyHalt('shutdown'));
      await current?.done;
    },
  };
}

/**
 * Work on a study. While the disk takes nothing the study is held, and goes on by itself when it does again: a full disk is
 * no fault of the study's. Never rejects: what went wrong becomes the study's problem.
 */
async function workedToTheEnd(
  options: StudyQueueOptions,
  { entry, task, engine }: QueuedWork,
  signal: AbortSignal,
): Promise<void> {
  const { home, makeModel, observer, elapsed, storageRetryMs = DEFAULT_STORAGE_RETRY_MS } = options;
  for (let next: StudyTask | null = task; next !== null; ) {
    const now: StudyTask = next;
    entry.setActivity('running');
    const outcome = await withOpenLog(home, entry, () =>
      workOnStudy({
        log: entry.log,
        task: now,
        home,
        engine,
        makeModel,
        signal,
        elapsed,
        onReport: (report) => entry.report(report),
        onSuggested: observer.onSuggested,
      }),
    );
    if (outcome.kind !== 'storage') {
      entry.setActivity('idle', outcome.kind === 'failed' ? outcome.failure : undefined);
      return;
    }
    entry.setActivity('held', outcome.failure);
    const isBack = await storageIsBack({
      folder: home.studiesFolder,
      entry,
      signal,
      retryMs: storageRetryMs,
    });
    if (!isBack) {
      entry.setActivity('idle', outcome.failure);
      return;
    }
    next = taskAfterHold(entry, now);
    if (next === null) entry.setActivity('idle');
  }
}

/** What is left of a study that was held. A launch that got no further than its first event is a launch still. */
function taskAfterHold(entry: StudyEntry, task: StudyTask): StudyTask | null {
  const { state } = entry.view();
  if (task === 'launch' && state.lastSequence === 1) return 'launch';
  return resumption({ state, activity: { kind: 'idle', problem: null } });
}

async function storageIsBack(wait: {
  readonly folder: string;
  readonly entry: StudyEntry;
  readonly signal: AbortSignal;
  readonly retryMs: number;
}): Promise<boolean> {
  const { folder, entry, signal, retryMs } = wait;
  while (!signal.aborted) {
    try {
      await delay(retryMs, undefined, { signal });
    } catch {
      // Only the signal ends the wait early; the loop looks at it.
      continue;
    }
    const { failure } = await storageHealth(folder);
    if (failure === null) return true;
    entry.setActivity('held', failure);
  }
  return false;
}

type WorkOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' | 'storage'; readonly failure: Failure };

/** Open a study's log, work, and let go of it. Never rejects. */
async function withOpenLog(home: Home, entry: StudyEntry, work: () => Promise<void>): Promise<WorkOutcome> {
  let outcome: WorkOutcome = { kind: 'done' };
  try {
    const opened = await entry.log.open();
    if (opened.ok) await work();
    else outcome = { kind: 'failed', failure: opened.error };
  } catch (error) {
    const storage = storageFailure(error, await freeBytes(home.studiesFolder));
    outcome =
      storage === null
        ? { kind: 'failed', failure: problemOf(entry, error) }
        : { kind: 'storage', failure: storage };
  }
  await entry.log.close();
  return outcome;
}

/** Record a change in a log that may be open already, for others too. @throws what the log throws */
export async function recordedOpen(entry: StudyEntry, change: StudyChange): Promise<Result<StudyView>> {
  const opened = await entry.log.open();
  if (!opened.ok) return opened;
  try {
    await entry.log.record(change);
    return succeed(entry.view());
  } finally {
    await entry.log.close();
  }
}

async function writtenWhileIdle(home: Home, entry: StudyEntry, write: () => Promise<void>): Promise<void> {
  entry.setActivity('running');
  const outcome = await withOpenLog(home, entry, write);
  entry.setActivity('idle', outcome.kind === 'done' ? undefined : outcome.failure);
}

function problemOf(entry: StudyEntry, error: unknown): Failure {
  if (error instanceof ExpectedFailure) return error.failure;
  console.error(`${entry.log.studyId} ended with a bug:`, error);
  return {
    code: 'study_crashed',
    message: `Work on the study ended with an error of the program: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'Resume the study; finished trials are kept. The log on the server says more.',
  };
}

function notRunning(what: 'stop' | 'pause') {
  return fail('study_not_running', 'This study is not running.', `There is nothing to ${what}.`);
}

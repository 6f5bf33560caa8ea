import { ExpectedFailure, type Failure, fail, type Result, succeed } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import type { StudyView } from '@/lib/tuning/study-view';
import { StudyHalt } from './run-study';
import type { ModelMaker, TrainingEngine } from './study-engine';
import type { StudyEntry } from './study-entry';
import { type StudyWork, workOnStudy } from './study-work';

/** Works on one study at a time, in the order of asking: two at once would only share the cores. */
export interface StudyQueue {
  /** Put an idle study in line; gives its view, running already if nothing was before it. */
  add(entry: StudyEntry, task: StudyWork['task'], engine: TrainingEngine): StudyView;
  /** Stop a study that runs, waits or was interrupted, and resolve when it has ended. */
  stop(entry: StudyEntry): Promise<Result<StudyView>>;
  /** Halt the running study, let the waiting ones go, and take no more. */
  close(): Promise<void>;
}

interface QueuedWork {
  readonly entry: StudyEntry;
  readonly task: StudyWork['task'];
  readonly engine: TrainingEngine;
}

interface CurrentWork extends QueuedWork {
  readonly halt: AbortController;
  done: Promise<void>;
}

/** Create a queue; see `StudyQueue`. */
export function createStudyQueue(options: {
  readonly home: Home;
  readonly makeModel: ModelMaker;
}): StudyQueue {
  const { home, makeModel } = options;
  const waiting: QueuedWork[] = [];
  let current: CurrentWork | null = null;
  let isClosed = false;

  const startNext = () => {
    if (current !== null || isClosed) return;
    const next = waiting.shift();
    if (next === undefined) return;
    next.entry.setActivity('running');
    const halt = new AbortController();
    current = { ...next, halt, done: Promise.resolve() };
    current.done = worked(next.entry, () =>
      workOnStudy({ ...next, log: next.entry.log, home, makeModel, signal: halt.signal }),
    ).finally(() => {
      current = null;
      startNext();
    });
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
      const place = waiting.findIndex((work) => work.entry === entry);
      if (place !== -1) waiting.splice(place, 1);
      const { phase } = entry.log.state();
      if (phase !== 'tuning' && phase !== 'stopping') {
        entry.setActivity('idle');
        return place === -1 ? notRunning() : succeed(entry.view());
      }
      entry.setActivity('running');
      await worked(entry, async () => {
        if (phase === 'tuning') await entry.log.record({ type: 'study_stop_requested' });
        await entry.log.record({ type: 'tuning_ended', reason: 'stopped', message: null });
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

/** Open a study's log, work, and let go of it. Never rejects: what went wrong becomes the study's problem. */
async function worked(entry: StudyEntry, work: () => Promise<void>): Promise<void> {
  let problem: Failure | undefined;
  try {
    const opened = await entry.log.open();
    if (opened.ok) await work();
    else problem = opened.error;
  } catch (error) {
    problem = problemOf(entry, error);
  }
  await entry.log.close();
  entry.setActivity('idle', problem);
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

function notRunning() {
  return fail('study_not_running', 'This study is not running.', 'There is nothing to stop.');
}

import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { type Journal, openJournal, readJournal } from '@/lib/server/storage/journal';
import { type StudyChange, type StudyEvent, studyEventSchema } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';

/** Where events go before anyone is told of them. */
export type EventSink = Pick<Journal<StudyEvent>, 'append'>;

/** A study's events in order, and the state that they add up to. */
export interface StudyLog {
  readonly studyId: string;
  /** The state of everything that is on disk. */
  state(): StudyState;
  /** The same with events that are being written; for planning, never for telling. */
  latest(): StudyState;
  /** Event of sequence n at index n − 1. */
  events(): readonly StudyEvent[];
  /**
   * Number and time a change, write it durably, then tell the listeners.
   *
   * @throws ExpectedFailure from the journal; the change then never happened. Throws, before anything is written, on a
   * change that the state does not allow.
   */
  record(change: StudyChange): Promise<StudyEvent>;
  /** Be told of every event recorded from now on. Gives the function that ends it. */
  listen(onEvent: (event: StudyEvent) => void): () => void;
}

/** Hears what saving each event took. It must not throw. */
export interface SavingProbe {
  /** Milliseconds of a clock that does not go backwards. */
  readonly elapsed: () => number;
  readonly onSaved: (durationMs: number, isSaved: boolean) => void;
}

/** A log that lies in a journal file. */
export interface StoredStudyLog extends StudyLog {
  /** Make it ready for `record`: read the file again, cut a torn tail. Each opening is matched by a `close`. */
  open(): Promise<Result<void>>;
  /** Let go of the file when nobody else holds it open. What was read stays readable. */
  close(): Promise<void>;
}

/** Create a log that writes to a sink of the caller's. `events` are those already recorded. */
export function createStudyLog(
  events: readonly [StudyEvent, ...StudyEvent[]],
  sink: EventSink,
  now: () => number,
): StudyLog {
  return logOf([...events], () => sink, now).log;
}

/**
 * Read a study's journal without opening it for writing.
 *
 * @returns failures as `readJournal`; `journal_damaged` also when its events do not follow from each other
 */
export async function loadStudyLog(
  path: string,
  now: () => number,
  probe?: SavingProbe,
): Promise<Result<StoredStudyLog>> {
  const content = await readJournal(path, studyEventSchema);
  if (!content.ok) return content;
  const fault = foldFault(content.value.records);
  if (fault !== null) return fault;
  let journal: Journal<StudyEvent> | null = null;
  let nHolders = 0;
  /** Opening and closing come one after another, whoever asks for them. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const { log, replace } = logOf([...content.value.records], () => journal && probed(journal, probe), now);
  return succeed({
    ...log,
    open: () =>
      inTurn(async () => {
        if (journal === null) {
          const opened = await openJournal(path, studyEventSchema);
          if (!opened.ok) return opened;
          const unfit = foldFault(opened.value.content.records);
          if (unfit !== null) {
            await opened.value.journal.close();
            return unfit;
          }
          journal = opened.value.journal;
          replace(opened.value.content.records);
        }
        nHolders += 1;
        return succeed(undefined);
      }),
    close: () =>
      inTurn(async () => {
        nHolders = Math.max(0, nHolders - 1);
        if (nHolders > 0) return;
        const closing = journal;
        journal = null;
        await closing?.close();
      }),
  });
}

function logOf(events: StudyEvent[], sink: () => EventSink | null, now: () => number) {
  let visible = stateOf(events);
  let latest = visible;
  const listeners = new Set<(event: StudyEvent) => void>();

  const tell = (event: StudyEvent) => {
    visible = studyAfter(visible, event);
    events.push(event);
    for (const listener of [...listeners]) listener(event);
  };

  const log: StudyLog = {
    studyId: visible.studyId,
    state: () => visible,
    latest: () => latest,
    events: () => events,
    async record(change) {
      const open = sink();
      if (open === null) throw new Error(`${visible.studyId} is not open for writing`);
      const event = studyEventSchema.parse({ ...change, sequence: latest.lastSequence + 1, atMs: now() });
      const before = latest;
      latest = studyAfter(latest, event);
      try {
        await open.append(event);
      } catch (error) {
        // The sink takes no more after a failure, so nothing can have built on this event.
        if (latest.lastSequence >= event.sequence) latest = before;
        throw error;
      }
      tell(event);
      return event;
    },
    listen(onEvent) {
      listeners.add(onEvent);
      return () => {
        listeners.delete(onEvent);
      };
    },
  };
  const replace = (records: readonly StudyEvent[]) => {
    const missed = records.slice(events.length);
    events.length = Math.min(events.length, records.length);
    visible = stateOf(events);
    for (const event of missed) tell(event);
    latest = visible;
  };
  return { log, replace };
}

function probed(sink: EventSink, probe: SavingProbe | undefined): EventSink {
  if (probe === undefined) return sink;
  return {
    async append(event) {
      const startedAtMs = probe.elapsed();
      let isSaved = false;
      try {
        await sink.append(event);
        isSaved = true;
      } finally {
        probe.onSaved(probe.elapsed() - startedAtMs, isSaved);
      }
    },
  };
}

function stateOf(events: readonly StudyEvent[]): StudyState {
  const state = events.reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new ExpectedFailure(damaged('it has no event'));
  return state;
}

function foldFault(events: readonly StudyEvent[]) {
  try {
    stateOf(events);
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, error: damaged(error.message) } as const;
  }
}

function damaged(why: string) {
  return fail(
    'journal_damaged',
    `A study's journal tells an impossible story: ${why}.`,
    'Restore it from a backup, or launch the study again.',
  ).error;
}

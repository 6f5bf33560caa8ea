import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { type Journal, openJournal, readJournal } from '@/lib/server/storage/journal';
import { type StudyChange, type StudyEvent, studyEventSchema } from '@/lib/tuning/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study-state';

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

/** A log that lies in a journal file. */
export interface StoredStudyLog extends StudyLog {
  /** Make it ready for `record`: read the file again, cut a torn tail. */
  open(): Promise<Result<void>>;
  /** Let go of the file. What was read stays readable. */
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
export async function loadStudyLog(path: string, now: () => number): Promise<Result<StoredStudyLog>> {
  const content = await readJournal(path, studyEventSchema);
  if (!content.ok) return content;
  const fault = foldFault(content.value.records);
  if (fault !== null) return fault;
  let journal: Journal<StudyEvent> | null = null;
  const { log, replace } = logOf([...content.value.records], () => journal, now);
  return succeed({
    ...log,
    async open() {
      if (journal !== null) throw new Error(`${log.studyId} is open already`);
      const opened = await openJournal(path, studyEventSchema);
      if (!opened.ok) return opened;
      const fault = foldFault(opened.value.content.records);
      if (fault !== null) {
        await opened.value.journal.close();
        return fault;
      }
      journal = opened.value.journal;
      replace(opened.value.content.records);
      return succeed(undefined);
    },
    async close() {
      const closing = journal;
      journal = null;
      await closing?.close();
    },
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

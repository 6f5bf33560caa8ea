import { fail, type Result, succeed } from '@/lib/core/result';
import { isMissing } from '@/lib/server/storage/durable-write';
import { type Home, prepareHome } from '@/lib/server/storage/home';
import { studyIdSchema } from '@/lib/tuning/study/study-events';
import { studySummary } from '@/lib/tuning/study/study-summary';
import { createStudyEntry, type StudyEntry } from './study-entry';
import { listStudies, type StudyListing } from './study-index';
import { studyJournalPath } from './study-launch';
import { loadStudyLog } from './study-log';
import type { StudyObserver } from './study-observer';

/** The studies on disk, each read when first asked for and then held. */
export interface StudyShelf {
  /** Make the home's folders. Fails with `home_not_writable`. */
  prepared(): Promise<Result<void>>;
  /** Fails with `study_unknown`, or as `loadStudyLog`. */
  entry(studyId: string): Promise<Result<StudyEntry>>;
  list(): Promise<StudyListing>;
}

/** Open the shelf of a home; see `StudyShelf`. */
export function createStudyShelf(options: {
  readonly home: Home;
  readonly now: () => number;
  readonly elapsed: () => number;
  readonly observer: Required<StudyObserver>;
}): StudyShelf {
  const { home, now, elapsed, observer } = options;
  const entries = new Map<string, Promise<Result<StudyEntry>>>();
  let preparing: Promise<void> | null = null;

  const loadedLog = (studyId: string) =>
    loadStudyLog(studyJournalPath(home, studyId), now, { elapsed, onSaved: observer.onSaved });

  const loadedEntry = async (studyId: string): Promise<Result<StudyEntry>> => {
    if (!studyIdSchema.safeParse(studyId).success) return unknownStudy();
    try {
      const log = await loadedLog(studyId);
      if (!log.ok) return log;
      log.value.listen((event) => observer.onEvent(event, log.value.state()));
      return succeed(createStudyEntry(log.value, observer.onActivity));
    } catch (error) {
      if (isMissing(error)) return unknownStudy();
      throw error;
    }
  };

  const entry = (studyId: string): Promise<Result<StudyEntry>> => {
    const known = entries.get(studyId);
    if (known !== undefined) return known;
    const loading = loadedEntry(studyId);
    entries.set(studyId, loading);
    // What could not be read is read again next time: it may be created or repaired meanwhile.
    const forget = () => entries.delete(studyId);
    loading.then((loaded) => loaded.ok || forget(), forget);
    return loading;
  };

  return {
    async prepared() {
      preparing ??= prepareHome(home);
      try {
        await preparing;
        return succeed(undefined);
      } catch (error) {
        preparing = null;
        return notWritable(error);
      }
    },
    entry,
    list: () =>
      listStudies(home, async (studyId) => {
        // One that is held is summed up from memory; the others are let go again.
        const held = await entries.get(studyId);
        if (held?.ok) return studySummary(held.value.log.state());
        const log = await loadedLog(studyId);
        return log.ok ? studySummary(log.value.state()) : log.error;
      }),
  };
}

function unknownStudy() {
  return fail(
    'study_unknown',
    'There is no such study on this server.',
    'Choose one from the list of studies.',
  );
}

/** Word what the file system says against writing. @throws anything else, which is a bug */
export function notWritable(error: unknown) {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return fail(
    'home_not_writable',
    `Leadbench cannot write to its folder (${String(error.code)}).`,
    'Make the folder writable or set LEADBENCH_HOME to one that is, then try again.',
  );
}

import { type Failure, fail, type Result, succeed } from '@/lib/core/result';
import { isMissing, namesIn } from '@/lib/server/storage/durable-write';
import { type Home, prepareHome } from '@/lib/server/storage/home';
import { studyIdSchema } from '@/lib/tuning/study-events';
import type { StudyView } from '@/lib/tuning/study-view';
import { createStudyEntry, type StudyEntry } from './study-entry';
import { studyJournalPath } from './study-launch';
import { loadStudyLog } from './study-log';

/** All studies on disk, newest first; and those whose journal cannot be read, with the reason. */
export interface StudyList {
  readonly studies: readonly StudyView[];
  readonly unreadable: readonly { readonly studyId: string; readonly failure: Failure }[];
}

/** The studies on disk, each read when first asked for and then held. */
export interface StudyShelf {
  /** Make the home's folders. Fails with `home_not_writable`. */
  prepared(): Promise<Result<void>>;
  /** Fails with `study_unknown`, or as `loadStudyLog`. */
  entry(studyId: string): Promise<Result<StudyEntry>>;
  list(): Promise<StudyList>;
  /** The newest study of a dataset and feature specification, or null. */
  latest(datasetDigest: string, featureSpecDigest: string): Promise<StudyView | null>;
}

/** Open the shelf of a home; see `StudyShelf`. */
export function createStudyShelf(home: Home, now: () => number): StudyShelf {
  const entries = new Map<string, Promise<Result<StudyEntry>>>();
  let preparing: Promise<void> | null = null;

  const entry = (studyId: string): Promise<Result<StudyEntry>> => {
    const known = entries.get(studyId);
    if (known !== undefined) return known;
    const loading = loadedEntry(home, studyId, now);
    entries.set(studyId, loading);
    // What could not be read is read again next time: it may be created or repaired meanwhile.
    const forget = () => entries.delete(studyId);
    loading.then((loaded) => loaded.ok || forget(), forget);
    return loading;
  };

  const list = async (): Promise<StudyList> => {
    const names = await namesIn(home.studiesFolder);
    const ids = names.filter((name) => studyIdSchema.safeParse(name).success);
    const loaded = await Promise.all(ids.map(async (studyId) => ({ studyId, found: await entry(studyId) })));
    return {
      studies: loaded
        .flatMap(({ found }) => (found.ok ? [found.value.view()] : []))
        .sort((a, b) => b.state.createdAtMs - a.state.createdAtMs),
      unreadable: loaded.flatMap(({ studyId, found }) =>
        found.ok ? [] : [{ studyId, failure: found.error }],
      ),
    };
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
    list,
    async latest(datasetDigest, featureSpecDigest) {
      const isOfBoth = ({ state: { config } }: StudyView) =>
        config.datasetDigest === datasetDigest && config.featureSpecDigest === featureSpecDigest;
      return (await list()).studies.find(isOfBoth) ?? null;
    },
  };
}

async function loadedEntry(home: Home, studyId: string, now: () => number): Promise<Result<StudyEntry>> {
  if (!studyIdSchema.safeParse(studyId).success) return unknownStudy();
  try {
    const log = await loadStudyLog(studyJournalPath(home, studyId), now);
    return log.ok ? succeed(createStudyEntry(log.value)) : log;
  } catch (error) {
    if (isMissing(error)) return unknownStudy();
    throw error;
  }
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

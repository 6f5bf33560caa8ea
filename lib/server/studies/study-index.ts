import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Failure } from '@/lib/core/result';
import { isMissing, namesIn, writeFileDurably } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { studyIdSchema } from '@/lib/tuning/study/study-events';
import { type StudySummary, studySummarySchema } from '@/lib/tuning/study/study-summary';
import { studyJournalPath } from './study-launch';

/** All studies on disk in a line each, newest first; and those whose journal cannot be read, with the reason. */
export interface StudyListing {
  readonly studies: readonly StudySummary[];
  readonly unreadable: readonly { readonly studyId: string; readonly failure: Failure }[];
}

/** Sums up a study by reading its journal, or says why it cannot be read. */
export type SummaryReader = (studyId: string) => Promise<StudySummary | Failure>;

const INDEX_FILE = 'index.json';
const INDEX_VERSION = 1;

const indexSchema = z.strictObject({
  version: z.literal(INDEX_VERSION),
  entries: z.array(
    z.strictObject({
      /** Of the journal that the summary was made of: journals only grow, so another size is another story. */
      nBytes: z.int(),
      mtimeMs: z.number(),
      summary: studySummarySchema,
    }),
  ),
});
type IndexEntry = z.infer<typeof indexSchema>['entries'][number];

/** How many journals are read at once: each is held in memory while it is. */
const N_AT_ONCE = 8;

/**
 * List all studies of a home. Summaries come from an index file beside the studies; a journal is read only where its size or
 * time is not the one indexed, and the index is written again when that happened. The index is a copy that can be made
 * anew from the journals at any time: one that is missing, damaged or of another version is passed over.
 */
export async function listStudies(home: Home, summaryOf: SummaryReader): Promise<StudyListing> {
  const names = await namesIn(home.studiesFolder);
  const ids = names.filter((name) => studyIdSchema.safeParse(name).success);
  const indexed = await readIndex(home);
  const entries = new Map<string, IndexEntry>();
  const unreadable: { studyId: string; failure: Failure }[] = [];
  const changed: string[] = [];
  await eachAtOnce(ids, 64, async (studyId) => {
    const size = await journalSize(home, studyId);
    if (size === null) return;
    const known = indexed.get(studyId);
    if (known?.nBytes === size.nBytes && known.mtimeMs === size.mtimeMs) entries.set(studyId, known);
    else changed.push(studyId);
  });
  await eachAtOnce(changed, N_AT_ONCE, async (studyId) => {
    // Measured before reading: what is appended meanwhile makes the entry look old, never new.
    const size = await journalSize(home, studyId);
    const summary = await summaryOf(studyId);
    if ('code' in summary) unreadable.push({ studyId, failure: summary });
    else if (size !== null) entries.set(studyId, { ...size, summary });
  });
  const hasVanished = [...indexed.keys()].some((studyId) => !entries.has(studyId));
  if (changed.length > unreadable.length || hasVanished) await writeIndex(home, [...entries.values()]);
  const studies = [...entries.values()].map(({ summary }) => summary);
  studies.sort((a, b) => b.createdAtMs - a.createdAtMs || (a.studyId < b.studyId ? -1 : 1));
  return { studies, unreadable };
}

async function eachAtOnce(
  ids: readonly string[],
  nAtOnce: number,
  work: (studyId: string) => Promise<void>,
): Promise<void> {
  const left = [...ids];
  const worker = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: Math.min(nAtOnce, ids.length) }, worker));
}

async function journalSize(home: Home, studyId: string) {
  try {
    const { size, mtimeMs } = await stat(studyJournalPath(home, studyId));
    return { nBytes: size, mtimeMs };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readIndex(home: Home): Promise<ReadonlyMap<string, IndexEntry>> {
  try {
    const text = await readFile(join(home.studiesFolder, INDEX_FILE), 'utf8');
    const { entries } = indexSchema.parse(JSON.parse(text));
    return new Map(entries.map((entry) => [entry.summary.studyId, entry]));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return new Map();
    throw error;
  }
}

/** A list that is shown matters more than its copy: where the disk takes nothing, the next listing reads again. */
async function writeIndex(home: Home, entries: readonly IndexEntry[]): Promise<void> {
  try {
    const text = `${JSON.stringify({ version: INDEX_VERSION, entries })}\n`;
    await writeFileDurably(join(home.studiesFolder, INDEX_FILE), text);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    console.warn(`The index of studies could not be written (${String(error.code)}).`);
  }
}

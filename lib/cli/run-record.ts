import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, makeFolderDurably } from '@/lib/server/storage/durable-write';
import { studyIdSchema } from '@/lib/tuning/study/study-events';
import { withFileWords } from './file-failure';
import { type RunFolder, readableJson, writePieces } from './run-folder';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** What each stage worked from, so that a later one notices when what it reads does not belong together. */
const runRecordSchema = z.strictObject({
  version: z.literal(1),
  /** The `subscribers_joined.csv` that the quality gate judged. */
  validated_sha256: sha256Schema.nullable(),
  /** Why work goes on behind a shut gate; null while nobody said so. */
  gate_override_reason: z.string().nullable(),
  /** The `subscribers_joined.csv` that the dataset was prepared from. */
  prepared_from_sha256: sha256Schema.nullable(),
  /** The `dataset.arrow` that came of it. */
  dataset_sha256: sha256Schema.nullable(),
  /** The study that tuned last. */
  study_id: studyIdSchema.nullable(),
});

export type RunRecord = z.infer<typeof runRecordSchema>;

const EMPTY: RunRecord = {
  version: 1,
  validated_sha256: null,
  gate_override_reason: null,
  prepared_from_sha256: null,
  dataset_sha256: null,
  study_id: null,
};

/** Read the record of a folder; an empty one where there is none. Fails where it is not one that was written here. */
export async function readRunRecord(folder: RunFolder): Promise<RunRecord> {
  const path = recordPath(folder);
  const text = await withFileWords(path, () => textOrNull(path));
  if (text === null) return EMPTY;
  const parsed = runRecordSchema.safeParse(jsonOrNull(text));
  if (parsed.success) return parsed.data;
  throw folder.runFirst('ingest', 'run_record_unreadable', `${path} was not written by this Leadbench.`);
}

/** Change entries of the record; those not named stay. */
export async function changeRunRecord(
  folder: RunFolder,
  change: Partial<Omit<RunRecord, 'version'>>,
): Promise<void> {
  const record = { ...(await readRunRecord(folder)), ...change };
  await writeRecord(folder, record);
}

/** Begin anew, as ingesting does. */
export async function resetRunRecord(folder: RunFolder): Promise<void> {
  await writeRecord(folder, EMPTY);
}

async function writeRecord(folder: RunFolder, record: RunRecord): Promise<void> {
  const path = recordPath(folder);
  await withFileWords(path, () => makeFolderDurably(join(folder.path, '.leadbench')));
  await writePieces(path, readableJson(record));
}

function recordPath(folder: RunFolder): string {
  return join(folder.path, '.leadbench', 'run.json');
}

/** Read a file as text; null where there is none. */
export async function textOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

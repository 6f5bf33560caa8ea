import { type FileHandle, open, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ExpectedFailure, type Failure, type Result, succeed } from '@/lib/core/result';
import { frameAt, framed, isTornTail, type NumberedRecord } from './journal-frame';

/** Version of the journal's format. A journal of any other is refused and left untouched. */
export const JOURNAL_VERSION = 1;

const headerSchema = z.object({
  sequence: z.literal(0),
  format: z.literal('leadbench-journal'),
  version: z.int(),
});

/** What a journal holds. */
export interface JournalContent<R extends NumberedRecord> {
  /** In order, numbered 1, 2, 3 … */
  readonly records: readonly R[];
  /** Where the last whole record ends. */
  readonly endByte: number;
  /** Bytes after it, left by a crash in the middle of a write that nobody was told of. */
  readonly nTornBytes: number;
}

/** A journal open for appending. One at a time may be open for a file. */
export interface Journal<R extends NumberedRecord> {
  /**
   * Append a record. When it resolves, the record is on disk; appends are written in the order of the calls. Those that
   * wait for one write go to disk together with the next, by one sync.
   *
   * @throws ExpectedFailure `journal_not_saved` when it could not be written or synced, `journal_taken` when another
   * process appended. After either, the journal takes no more records; open it again.
   */
  append(record: R): Promise<void>;
  close(): Promise<void>;
}

/** Give the bytes of a new journal: its header and first records. Write them with `writeFolderDurably` or `writeFileDurably`. */
export function journalStart(records: readonly NumberedRecord[]): Buffer {
  const header = { sequence: 0, format: 'leadbench-journal', version: JOURNAL_VERSION };
  return Buffer.concat([header, ...records].map(framed));
}

/**
 * Read a journal without changing it. A torn tail is passed over: bytes after the last whole record that hold no
 * other whole record, as a crash leaves them.
 *
 * @returns a failure `journal_damaged`, naming file and record, if a record is damaged with whole ones after it, is not
 * of the schema or out of number; `journal_version` for a journal of another format
 */
export async function readJournal<R extends NumberedRecord>(
  path: string,
  schema: z.ZodType<R>,
): Promise<Result<JournalContent<R>>> {
  return contentOf(await readFile(path), nameOf(path), schema);
}

/** Open a journal for appending: read it as `readJournal` does, then cut its torn tail. */
export async function openJournal<R extends NumberedRecord>(
  path: string,
  schema: z.ZodType<R>,
): Promise<Result<{ readonly journal: Journal<R>; readonly content: JournalContent<R> }>> {
  const content = await readJournal(path, schema);
  if (!content.ok) return content;
  const file = await open(path, 'r+');
  try {
    if (content.value.nTornBytes > 0) {
      await file.truncate(content.value.endByte);
      await file.sync();
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return succeed({ journal: appender(file, nameOf(path), content.value.endByte), content: content.value });
}

function contentOf<R extends NumberedRecord>(
  bytes: Buffer,
  name: string,
  schema: z.ZodType<R>,
): Result<JournalContent<R>> {
  const records: R[] = [];
  let endByte = 0;
  for (let number = 0; endByte < bytes.length; number++) {
    const frame = frameAt(bytes, endByte);
    if (frame.kind === 'damaged') {
      // The header and the first record cannot be torn: a journal appears with both.
      if (number < 2 || !isTornTail(bytes, endByte, frame.claimedEnd))
        return damaged(name, number, frame.why);
      break;
    }
    if (number === 0) {
      const header = headerSchema.safeParse(frame.payload);
      if (!header.success) return damaged(name, 0, 'it is not a journal header');
      if (header.data.version !== JOURNAL_VERSION) return otherVersion(name, header.data.version);
    } else {
      const record = schema.safeParse(frame.payload);
      if (!record.success) return damaged(name, number, z.prettifyError(record.error));
      if (record.data.sequence !== number)
        return damaged(name, number, `it is numbered ${record.data.sequence}`);
      records.push(record.data);
    }
    endByte = frame.end;
  }
  if (records.length === 0) return damaged(name, 0, 'the file is empty');
  return succeed({ records, endByte, nTornBytes: bytes.length - endByte });
}

/** A record that waits to be written. */
interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (reason: ExpectedFailure) => void;
}

function appender<R extends NumberedRecord>(file: FileHandle, name: string, startByte: number): Journal<R> {
  let endByte = startByte;
  let broken: { readonly failure: Failure; readonly cause: unknown } | null = null;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  async function writeAll(bytes: Buffer): Promise<void> {
    const { size } = await file.stat();
    if (size !== endByte) throw new ExpectedFailure(taken(name));
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, endByte);
    // How a disk says that it became full within a record; the next write would say so in words.
    if (bytesWritten !== bytes.length) throw storageFull(`wrote ${bytesWritten} of ${bytes.length} bytes`);
    await file.datasync();
    endByte += bytes.length;
  }

  /** Write what waits, and what comes meanwhile, until nothing does. */
  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (broken === null) await writeAll(Buffer.concat(batch.map(({ bytes }) => bytes)));
      } catch (error) {
        // After a failed sync nobody can say what is on disk, so no more is written; opening again finds out.
        const failure = error instanceof ExpectedFailure ? error.failure : notSaved(name, error);
        broken = { failure, cause: error };
      }
      for (const { resolve, reject } of batch) {
        if (broken === null) resolve();
        else reject(new ExpectedFailure(broken.failure, { cause: broken.cause }));
      }
    }
    writing = null;
  }

  return {
    append: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ bytes: framed(record), resolve, reject });
        // Begun a turn later, so that records of one turn share a sync.
        writing ??= Promise.resolve().then(drain);
      }),
    async close() {
      await writing;
      await file.close();
    },
  };
}

function storageFull(message: string): Error {
  return Object.assign(new Error(message), { code: 'ENOSPC' });
}

/** The file with its folder's name, which is the study's id; no more of the path than a user needs. */
function nameOf(path: string): string {
  return join(basename(dirname(path)), basename(path));
}

function damaged(name: string, record: number, why: string) {
  const error: Failure = {
    code: 'journal_damaged',
    message: `Record ${record} of the journal ${name} is damaged: ${why}.`,
    hint: 'Restore the file from a backup, or move its folder away and launch the study again.',
  };
  return { ok: false, error } as const;
}

function otherVersion(name: string, version: number) {
  const error: Failure = {
    code: 'journal_version',
    message: `The journal ${name} has format version ${version}; this program reads version ${JOURNAL_VERSION}.`,
    hint: 'Open it with the version of Leadbench that wrote it.',
  };
  return { ok: false, error } as const;
}

function taken(name: string): Failure {
  return {
    code: 'journal_taken',
    message: `Another process wrote to the journal ${name}.`,
    hint: 'Stop the other Leadbench on this folder, then resume the study.',
  };
}

function notSaved(name: string, error: unknown): Failure {
  return {
    code: 'journal_not_saved',
    message: `The journal ${name} could not be written: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'Free space or make the folder writable, then resume the study; finished trials are kept.',
  };
}

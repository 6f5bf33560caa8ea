import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { generateCrm } from '@/lib/demo/generate-crm';

/** Where to write a demo CRM, and which. */
export interface DemoFileOptions {
  /** The file to write; one that exists is replaced at once, when the new one is whole and on disk. */
  readonly path: string;
  /** 32-bit integer. The same seed and size give the same bytes. */
  readonly seed: number;
  /** 1,000 to 5,000,000 */
  readonly nSubscribers: number;
  /** Told the share of the work that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What was written, and in what time. */
export interface DemoFileReport {
  readonly nSubscribers: number;
  readonly nTags: number;
  readonly nTransactions: number;
  readonly bytes: number;
  readonly elapsedMs: number;
}

/**
 * Write a demo CRM to disk as SQLite: to a temporary file beside the target, flushed, then renamed. After a crash there
 * is the old file or the new one, never half of one; a failure removes the temporary file.
 *
 * @throws Where the folder cannot be written to, the disk is full, or size or seed are out of range.
 */
export async function writeDemoCrm(options: DemoFileOptions): Promise<DemoFileReport> {
  const startedAt = performance.now();
  const folder = dirname(options.path);
  const temporary = join(folder, `.${basename(options.path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o644);
    const counts = await writeChunks(file, options).finally(() => file.close());
    await rename(temporary, options.path);
    await flushFolder(folder);
    const { nSubscribers, nTags, nTransactions, nBytes } = counts;
    return {
      nSubscribers,
      nTags,
      nTransactions,
      bytes: nBytes,
      elapsedMs: performance.now() - startedAt,
    };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeChunks(file: FileHandle, { seed, nSubscribers, onProgress }: DemoFileOptions) {
  const chunks = generateCrm({ seed, nSubscribers }, onProgress);
  for (;;) {
    const next = chunks.next();
    if (next.done) {
      await file.sync();
      return next.value;
    }
    await writeWhole(file, next.value.bytes, next.value.offset);
  }
}

/** Write all bytes at an offset; a single write may take fewer. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

/** Flush the folder, so that the new name survives a power cut; Windows cannot, and does not need to. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

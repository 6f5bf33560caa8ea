import { randomBytes } from 'node:crypto';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure } from '@/lib/core/result';
import { writeTemporary } from './durable-write';

/** Whether a folder takes what is written to it, found out by writing. */
export interface StorageHealth {
  /** Null when all is well. */
  readonly failure: Failure | null;
  /** Bytes that this user may still write; null where the system does not say. */
  readonly freeBytes: number | null;
}

/** A journal record of a study is far smaller; a disk that takes this goes on taking those for a while. */
const PROBE_BYTES = 64 * 1024;

const WORDS: Readonly<
  Record<string, { readonly code: string; readonly what: string; readonly hint: string }>
> = {
  ENOSPC: { code: 'disk_full', what: 'The disk is full', hint: 'Free some space' },
  EDQUOT: { code: 'disk_full', what: 'The disk quota of this user is used up', hint: 'Free some space' },
  EROFS: { code: 'disk_read_only', what: 'The disk is read-only', hint: 'Make it writable again' },
  EACCES: {
    code: 'folder_not_writable',
    what: 'The folder may not be written to',
    hint: 'Make the folder writable',
  },
  EPERM: {
    code: 'folder_not_writable',
    what: 'The folder may not be written to',
    hint: 'Make the folder writable',
  },
  EIO: { code: 'disk_error', what: 'The disk reports an error', hint: 'Check the disk' },
  EMFILE: {
    code: 'too_many_files',
    what: 'This program has too many files open',
    hint: 'Raise the limit (ulimit -n)',
  },
  ENFILE: {
    code: 'too_many_files',
    what: 'The system has too many files open',
    hint: 'Close other programs',
  },
};

/** Write a little to a folder and take it away again. */
export async function storageHealth(folder: string): Promise<StorageHealth> {
  try {
    const probe = await writeTemporary(join(folder, 'probe'), async (file) => {
      // Not zeros: some file systems store those without taking any space.
      await file.writeFile(randomBytes(PROBE_BYTES));
    });
    await rm(probe, { force: true });
    return { failure: null, freeBytes: await freeBytes(folder) };
  } catch (error) {
    const free = await freeBytes(folder);
    const failure = storageFailure(error, free);
    if (failure === null) throw error;
    return { failure, freeBytes: free };
  }
}

/**
 * Word an error that says that the disk does not take what is written, however deep it lies in the chain of causes; null
 * for any other error. Such an error passes by itself once somebody has freed space or repaired the disk.
 *
 * @param free bytes that are free, where known
 */
export function storageFailure(error: unknown, free: number | null): Failure | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const words = 'code' in at && typeof at.code === 'string' ? WORDS[at.code] : undefined;
    if (words === undefined) continue;
    const left = free === null ? '' : ` (${(free / 1_000_000).toFixed(1)} MB free)`;
    return {
      code: words.code,
      message: `${words.what}${left}, so nothing can be saved. What is finished is kept.`,
      hint: `${words.hint}; work goes on by itself within seconds.`,
    };
  }
  return null;
}

/** Give the bytes that this user may still write where a folder lies; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

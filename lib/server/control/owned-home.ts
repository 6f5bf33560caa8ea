import { type Failure, fail, type Result, succeed } from '@/lib/core/result';
import { makeFolderDurably } from '@/lib/server/storage/durable-write';
import { type Home, prepareHome } from '@/lib/server/storage/home';
import { type HomeHolder, type HomeLock, takeHome } from '@/lib/server/storage/home-lock';
import { storageHealth } from '@/lib/server/storage/storage-health';
import { readControlFile } from './control-file';

/** A home that this process works on alone. */
export interface OwnedHome {
  readonly lock: HomeLock;
  /** Why nothing can be saved just now, where that may pass by itself, such as a full disk; else null. */
  readonly problem: Failure | null;
}

/** What will not pass by itself: somebody has to change the folder, or choose another. */
const LASTING_PROBLEMS: Readonly<Record<string, string>> = {
  disk_read_only: 'it lies on a read-only file system',
  folder_not_writable: 'this user may not',
};

/**
 * Make a home this process's own: make its folders, lock it, tidy it and see that it takes what is written. Nothing is
 * held after a failure.
 *
 * @returns a failure `home_taken` or `home_not_writable`, naming the folder
 */
export async function ownedHome(home: Home): Promise<Result<OwnedHome>> {
  const made = await withHomeWords(home, () => makeFolderDurably(home.root));
  if (!made.ok) return made;
  const lock = await takeHome(home.root, { lastKnown: () => lastKnownServer(home) });
  if (!lock.ok) return lock;
  const checked = await checkedHome(home);
  if (checked.ok) return succeed({ lock: lock.value, problem: checked.value });
  await lock.value.release();
  return checked;
}

async function checkedHome(home: Home): Promise<Result<Failure | null>> {
  const checked = await withHomeWords(home, async () => {
    await prepareHome(home);
    return storageHealth(home.studiesFolder);
  });
  if (!checked.ok) return checked;
  const { failure } = checked.value;
  const lasting = failure === null ? undefined : LASTING_PROBLEMS[failure.code];
  return lasting === undefined ? succeed(failure) : notWritable(home, lasting);
}

/** Say where the server was that wrote the home's control file, for one that holds the lock and does not answer. */
export async function lastKnownServer(home: Home): Promise<HomeHolder | null> {
  const file = await readControlFile(home);
  return file === null ? null : { pid: file.pid, address: file.address };
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it lies on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota of this user is used up',
  ENOTDIR: 'it lies under a file',
  ENOENT: 'the folder above it takes no new ones',
};

async function withHomeWords<T>(home: Home, use: () => Promise<T>): Promise<Result<T>> {
  try {
    return succeed(await use());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return notWritable(home, WORDS[String(error.code)] ?? String(error.code));
  }
}

function notWritable(home: Home, why: string) {
  return fail(
    'home_not_writable',
    `Leadbench cannot write to its folder ${home.root}: ${why}.`,
    'Make the folder writable or set LEADBENCH_HOME to one that is, then start again.',
  );
}

import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Folders and files that Leadbench makes are for their owner alone. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** A temporary's name says whose it is, so that what a dead process left can be told from what a living one writes. */
const TEMPORARY = /^\.(\d+)-[0-9a-f-]{36}\.tmp$/;

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${process.pid}-${randomUUID()}.tmp`);
}

/**
 * Write a file so that whoever reads it, now or after a crash or power cut, finds the old content or the new one, whole:
 * a temporary in the same folder, written and synced, takes the name, then the folder is synced. Mode 0600.
 * When it resolves, the file is on disk. The folder must exist.
 */
export async function writeFileDurably(path: string, content: Uint8Array | string): Promise<void> {
  await withTemporary(path, async (file) => {
    await file.writeFile(content);
  });
}

/**
 * Write a file as `writeFileDurably` does, its content given by a function that writes to an open file. If the function
 * throws, nothing is left behind and whatever had the name before is untouched.
 */
export async function withTemporary(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = await writeTemporary(path, write);
  await commitTemporary(temporary, path);
}

/**
 * Write and sync a temporary in the folder of a path, for content whose final name is known only after it was written.
 * Give it its name with `commitTemporary`, or remove it.
 */
export async function writeTemporary(
  besidePath: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<string> {
  const temporary = temporaryBeside(besidePath);
  const file = await open(temporary, 'wx', FILE_MODE);
  try {
    await write(file);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  return temporary;
}

/** Give a written temporary its name and sync the folder. */
export async function commitTemporary(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Write a whole folder at once: it appears with all its files, or not at all.
 *
 * @param files name to content; names are plain file names
 * @throws if a folder of that name exists and is not empty
 */
export async function writeFolderDurably(
  path: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await mkdir(temporary, { mode: FOLDER_MODE });
    for (const [name, content] of Object.entries(files))
      await writeFileDurably(join(temporary, name), content);
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    throw error;
  }
  await commitTemporary(temporary, path);
}

/**
 * Make a folder and those above it, private to this user, so that it survives a power cut. Not by Node's own recursive
 * way, which never ends where the folder above exists but takes no new ones, as under /proc.
 */
export async function makeFolderDurably(path: string): Promise<void> {
  if (await exists(path)) return;
  const above = dirname(resolve(path));
  await makeFolderDurably(above);
  try {
    await mkdir(path, { mode: FOLDER_MODE });
  } catch (error) {
    // Another process made it meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  await syncFolder(above);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Sync a folder, so that the names in it survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder for syncing; its file system journals names itself.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Remove the temporaries in a folder whose process no longer lives. A folder that does not exist holds none. */
export async function removeDeadTemporaries(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const pid = TEMPORARY.exec(basename(name))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(folder, name), { force: true, recursive: true });
    }
  }
}

/** List the names in a folder, sorted; none if it does not exist. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Whether a file operation failed because there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

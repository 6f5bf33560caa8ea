import { type FileHandle, open } from 'node:fs/promises';
import { devNull } from 'node:os';

/** Give the prototype of every file handle of this process, to spy on what the system is asked. */
export async function fileHandlePrototype(): Promise<FileHandle> {
  const probe = await open(devNull, 'r');
  await probe.close();
  return Object.getPrototypeOf(probe);
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Tell whether `residentBytes` can be measured here: on Linux and macOS. */
export const canMeasureMemory = process.platform === 'linux' || process.platform === 'darwin';

/** Measure the resident memory of a process in bytes; null when it is gone. */
export async function residentBytes(pid: number): Promise<number | null> {
  try {
    const kilobytes =
      process.platform === 'linux'
        ? /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
        : (await run('ps', ['-o', 'rss=', '-p', String(pid)])).stdout.trim();
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** `ENOENT` and `ESRCH` are how /proc says it, exit code 1 is how ps does. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 1].some((code) => code === error.code)
  );
}

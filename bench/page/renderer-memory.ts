import { readFile, writeFile } from 'node:fs/promises';

/** Resident memory of a process: now, and the most since it was last set back. */
export interface ResidentMemory {
  readonly nowMiB: number;
  readonly peakMiB: number;
}

/** Read a process's resident memory from the system; null where the system is not Linux. */
export async function residentMemory(pid: number): Promise<ResidentMemory | null> {
  if (process.platform !== 'linux') return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return { nowMiB: kibibytesOf(status, 'VmRSS') / 1024, peakMiB: kibibytesOf(status, 'VmHWM') / 1024 };
}

/** Set a process's peak back to what it holds now. */
export async function resetPeak(pid: number): Promise<void> {
  if (process.platform === 'linux') await writeFile(`/proc/${pid}/clear_refs`, '5');
}

function kibibytesOf(status: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (found === undefined) throw new Error(`Expected ${field} in the status of a process`);
  return Number(found);
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure, Result } from '@/lib/core/result';
import { namesIn } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { storageHealth } from '@/lib/server/storage/storage-health';

/** A disk that does not answer within this time cannot save; readiness must be known within 5 seconds. */
const PROBE_LIMIT_MS = 2_000;
/** How long a scrape waits for the disk. */
const RECENT_MS = 50;
/** Whoever asks again within this time gets the same answer, so that asking cannot wear the disk. */
const FRESH_MS = 1_000;

/** What was found about the place where everything is kept. */
export interface StorageReport {
  /** Why nothing can be saved; null when a file was written, synced and removed just now. */
  readonly failure: Failure | null;
  /** Bytes that this user may still write; null where the file system does not say. */
  readonly freeBytes: number | null;
  /** Null where their folder cannot be read. */
  readonly datasets: { readonly n: number; readonly nBytes: number } | null;
}

/** Finds out whether the home folder can be written, by writing to it. Never rejects. */
export interface StorageProbe {
  /** What is found now; answers within two seconds, after which a disk counts as hanging. */
  report(): Promise<StorageReport>;
  /** The same, or what was found last where a busy disk would keep the caller waiting for longer than 50 ms. */
  recent(): Promise<StorageReport>;
}

/** What a probe is made of. */
export interface StorageProbeOptions {
  /** The home, made ready on first use. */
  readonly home: () => Promise<Result<Home>>;
  /** Milliseconds of a clock that does not go backwards. */
  readonly elapsed: () => number;
  /** 2,000 when left out. */
  readonly limitMs?: number;
}

/** Create a probe; see `StorageProbe`. */
export function createStorageProbe(options: StorageProbeOptions): StorageProbe {
  const { home, elapsed, limitMs = PROBE_LIMIT_MS } = options;
  let last: { readonly report: StorageReport; readonly atMs: number } | null = null;
  let underWay: { readonly report: Promise<StorageReport>; readonly sinceMs: number } | null = null;

  const begin = (): Promise<StorageReport> => {
    const report = reportOn(home).then((found) => {
      last = { report: found, atMs: elapsed() };
      underWay = null;
      return found;
    });
    underWay = { report, sinceMs: elapsed() };
    return report;
  };
  const current = (): Promise<StorageReport> => {
    // One that hangs is not joined by another.
    if (underWay !== null) return underWay.report;
    return last !== null && elapsed() - last.atMs < FRESH_MS ? Promise.resolve(last.report) : begin();
  };
  return {
    report: () => within(limitMs, current(), HANGING),
    recent() {
      const report = current();
      const hangs = underWay !== null && elapsed() - underWay.sinceMs >= limitMs;
      if (last === null && !hangs) return within(limitMs, report, HANGING);
      return within(RECENT_MS, report, last === null || hangs ? HANGING : last.report);
    },
  };
}

async function reportOn(home: () => Promise<Result<Home>>): Promise<StorageReport> {
  try {
    const ready = await home();
    if (!ready.ok) return { failure: ready.error, freeBytes: null, datasets: null };
    const { studiesFolder, datasetsFolder } = ready.value;
    const [health, datasets] = await Promise.all([storageHealth(studiesFolder), datasetsIn(datasetsFolder)]);
    return { ...health, datasets };
  } catch (error) {
    if (!isFromSystem(error))
      console.error('Whether the home folder can be written could not be found out:', error);
    return { failure: notWritable(error), freeBytes: null, datasets: null };
  }
}

async function datasetsIn(folder: string): Promise<StorageReport['datasets']> {
  try {
    const names = (await namesIn(folder)).filter((name) => name.endsWith('.arrow'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    return { n: sizes.length, nBytes: sizes.reduce((sum, size) => sum + size, 0) };
  } catch (error) {
    if (isFromSystem(error)) return null;
    throw error;
  }
}

function isFromSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

/** Anything unforeseen is worded too: metrics and readiness must be told that something is wrong, not end in a page of an error. */
function notWritable(error: unknown): Failure {
  const code = isFromSystem(error) ? String(error.code) : String(error);
  return {
    code: 'home_not_writable',
    message: `Leadbench cannot save to its folder (${code}).`,
    hint: 'Put the folder back and make it writable; what was saved before is kept.',
  };
}

const HANGING: StorageReport = {
  failure: {
    code: 'home_not_answering',
    message: 'The disk of the folder that Leadbench saves to does not answer.',
    hint: 'Look after the disk or the network that it is mounted over; what was saved before is kept.',
  },
  freeBytes: null,
  datasets: null,
};

async function within(
  limitMs: number,
  report: Promise<StorageReport>,
  instead: StorageReport,
): Promise<StorageReport> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<StorageReport>((resolve) => {
    timer = setTimeout(() => resolve(instead), limitMs);
  });
  try {
    return await Promise.race([report, limit]);
  } finally {
    clearTimeout(timer);
  }
}

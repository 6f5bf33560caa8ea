import { join } from 'node:path';
import { writeDemoCrm } from '@/lib/server/demo-file';
import type { BenchOptions } from './bench-options';

/** What every benchmark is given. */
export interface BenchContext {
  readonly root: string;
  readonly options: BenchOptions;
  /** Folder of this run, removed at its end. */
  readonly scratch: string;
  /** The demo CRM of the project. */
  readonly demoPath: string;
  /** Told what is being measured, on standard error. */
  readonly say: (line: string) => void;
  /** A generated CRM file, made at the first call for its size. */
  readonly crmPath: (nSubscribers: number) => Promise<string>;
}

/** Seed of the lists that are generated for the benchmark; the demo has another. */
export const BENCH_SEED = 7;

/** Create the source of generated CRM files, kept in a folder. */
export function crmFiles(folder: string, say: (line: string) => void): BenchContext['crmPath'] {
  const made = new Map<number, Promise<string>>();
  return (nSubscribers) => {
    const known = made.get(nSubscribers);
    if (known !== undefined) return known;
    say(`making a CRM of ${nSubscribers.toLocaleString('en')} subscribers`);
    const path = join(folder, `crm-${nSubscribers}.sqlite`);
    const making = writeDemoCrm({ path, seed: BENCH_SEED, nSubscribers }).then(() => path);
    made.set(nSubscribers, making);
    return making;
  };
}

/** Time a piece of work in milliseconds. */
export async function timedMs(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

/** Repeat a measurement, telling which one runs. */
export async function repeated<T>(
  { say }: Pick<BenchContext, 'say'>,
  options: { readonly what: string; readonly nRuns: number },
  measure: (run: number) => T | Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let run = 1; run <= options.nRuns; run++) {
    say(`${options.what}, run ${run} of ${options.nRuns}`);
    results.push(await measure(run));
  }
  return results;
}

import { availableParallelism } from 'node:os';
import { createEngineProcess, type EngineProcess, type EngineProcessOptions } from './engine-process';
import { canMeasureMemory } from './resident-memory';
import {
  type DatasetFile,
  type FinalFit,
  type FinalFitJob,
  type TrialExecutor,
  TrialFailure,
  type TrialJob,
  type TrialOutcome,
} from './trial-executor';
import { createTurns } from './turns';

/** How a pool is set up. */
export interface ChildPoolOptions extends EngineProcessOptions {
  /** Trials that run at once; see `bearableProcesses`. */
  readonly nProcesses: number;
  /** Longest time that a trial may take before its process is killed; the final fit may take four times as long. */
  readonly trialTimeoutMs: number;
  /** Longest time for starting a process and reading the dataset; two minutes when left out. */
  readonly prepareTimeoutMs?: number;
}

/** A pool of engine processes on this machine. */
export interface ChildPool extends TrialExecutor {
  /** List the ids of the processes alive now. */
  pids(): readonly number[];
  /**
   * Start the processes and let them read the dataset, so that the first trials do not wait for that.
   *
   * @throws as `run`
   */
  prepare(dataset: DatasetFile, signal: AbortSignal): Promise<void>;
  /**
   * Make the final fit in a fresh process: trained on the training rows for the validation probabilities, and on training
   * and validation rows in the dataset's row order for the model and the test rows.
   *
   * @throws as `run`
   */
  runFinalFit(job: FinalFitJob, dataset: DatasetFile, signal: AbortSignal): Promise<FinalFit>;
}

const DEFAULT_PREPARE_TIMEOUT_MS = 120_000;
const FINAL_FIT_TRIALS = 4;

/** Give the number of processes to run at once: as many as asked for, at most one a core. */
export function bearableProcesses(asked: number): number {
  return Math.max(1, Math.min(asked, availableParallelism()));
}

interface Seat {
  readonly process: EngineProcess;
  /** Digest of the dataset that the process holds. */
  datasetDigest: string | null;
}

/**
 * Create a pool that runs trials in child processes, one trial at a time each. Processes are started when first needed,
 * read a dataset once, and are replaced after a crash, a hang or too much memory; calls beyond `nProcesses` wait their turn.
 */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  const { nProcesses, trialTimeoutMs, prepareTimeoutMs = DEFAULT_PREPARE_TIMEOUT_MS, onLog } = options;
  if (options.memoryLimitBytes !== undefined && !canMeasureMemory) {
    onLog('The memory limit of training processes is not enforced on this system.');
  }
  const turns = createTurns(nProcesses);
  const idle: Seat[] = [];
  const alive = new Set<EngineProcess>();
  const closing = new AbortController();

  const started = (): Seat => {
    const process = createEngineProcess(options);
    alive.add(process);
    return { process, datasetDigest: null };
  };
  const dropped = async (process: EngineProcess) => {
    await process.kill();
    alive.delete(process);
  };
  /** Take an idle process, best one that holds the dataset already. */
  const takenSeat = async (digest: string): Promise<Seat | null> => {
    const fitting = idle.findIndex((seat) => seat.datasetDigest === digest);
    const [seat] = idle.splice(fitting === -1 ? 0 : fitting, 1);
    if (seat === undefined || seat.process.isAlive()) return seat ?? null;
    // It died while nobody looked.
    await dropped(seat.process);
    return null;
  };
  const seated = async <T>(
    dataset: DatasetFile,
    asked: AbortSignal,
    use: (process: EngineProcess, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const signal = AbortSignal.any([asked, closing.signal]);
    await turns.take(signal);
    const seat = (await takenSeat(dataset.digest)) ?? started();
    try {
      if (seat.datasetDigest !== dataset.digest) {
        seat.datasetDigest = null;
        await seat.process.ask({ type: 'prepare_trials', dataset }, { timeoutMs: prepareTimeoutMs, signal });
        seat.datasetDigest = dataset.digest;
      }
      return await use(seat.process, signal);
    } finally {
      if (seat.process.isAlive()) idle.push(seat);
      else await dropped(seat.process);
      turns.give();
    }
  };

  return {
    nProcesses,
    pids: () => [...alive].filter((process) => process.isAlive()).map((process) => process.pid),
    prepare: async (dataset, signal) => {
      await Promise.all(Array.from({ length: nProcesses }, () => seated(dataset, signal, async () => {})));
    },
    run: (job, dataset, signal) =>
      seated(dataset, signal, (process, either) => trialOutcome(process, job, trialTimeoutMs, either)),
    runFinalFit: async (job, dataset, asked) => {
      const signal = AbortSignal.any([asked, closing.signal]);
      signal.throwIfAborted();
      const { process } = started();
      try {
        const timeoutMs = prepareTimeoutMs + FINAL_FIT_TRIALS * trialTimeoutMs;
        const { params, seed } = job;
        const request = { type: 'final_fit', dataset, job: { params, seed } } as const;
        return (await process.ask(request, { timeoutMs, signal })).fit;
      } finally {
        await dropped(process);
      }
    },
    close: async () => {
      closing.abort(new TrialFailure('refused', 'The training processes were shut down.'));
      await Promise.all([...alive].map(dropped));
    },
  };
}

async function trialOutcome(
  process: EngineProcess,
  job: TrialJob,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TrialOutcome> {
  const { metrics, durationMs } = await process.ask({ type: 'run_trial', job }, { timeoutMs, signal });
  return { metrics, durationMs };
}

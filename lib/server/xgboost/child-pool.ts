import { availableParallelism } from 'node:os';
import {
  createEngineProcess,
  type EngineProcess,
  type EngineProcessOptions,
  type RequestLimits,
} from './engine-process';
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

/**
 * Create a pool that runs trials in child processes, one trial at a time each. Processes are started when first needed,
 * read a dataset once, and are replaced after a crash, a hang or too much memory; calls beyond `nProcesses` wait their turn.
 * The processes keep the parent running until `close`.
 */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  const { nProcesses, trialTimeoutMs, prepareTimeoutMs = DEFAULT_PREPARE_TIMEOUT_MS, onLog } = options;
  if (options.memoryLimitBytes !== undefined && !canMeasureMemory) {
    onLog('The memory limit of training processes is not enforced on this system.');
  }
  const turns = createTurns(nProcesses);
  const seats = createSeats(options);
  const closing = new AbortController();

  const seated = async <T>(
    dataset: DatasetFile,
    asked: AbortSignal,
    use: (process: EngineProcess, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const signal = AbortSignal.any([asked, closing.signal]);
    await turns.take(signal);
    try {
      signal.throwIfAborted();
      return await seats.use(dataset.digest, async (seat) => {
        await prepareSeat(seat, dataset, { timeoutMs: prepareTimeoutMs, signal });
        return use(seat.process, signal);
      });
    } finally {
      turns.give();
    }
  };

  return {
    nProcesses,
    pids: seats.pids,
    prepare: async (dataset, signal) => {
      await Promise.all(Array.from({ length: nProcesses }, () => seated(dataset, signal, async () => {})));
    },
    run: (job, dataset, asked) =>
      seated(dataset, asked, (process, signal) =>
        trialOutcome(process, job, { timeoutMs: trialTimeoutMs, signal }),
      ),
    runFinalFit: async ({ params, seed }, dataset, asked) => {
      const signal = AbortSignal.any([asked, closing.signal]);
      signal.throwIfAborted();
      const timeoutMs = prepareTimeoutMs + FINAL_FIT_TRIALS * trialTimeoutMs;
      const request = { type: 'final_fit', dataset, job: { params, seed } } as const;
      return seats.useFresh(async ({ process }) => (await process.ask(request, { timeoutMs, signal })).fit);
    },
    close: async () => {
      closing.abort(new TrialFailure('refused', 'The training processes were shut down.'));
      await seats.clear();
    },
  };
}

/** A process and what it holds. */
interface Seat {
  readonly process: EngineProcess;
  /** Digest of the dataset whose trials the process is prepared for. */
  datasetDigest: string | null;
}

/** The processes of a pool: started when there is no idle one, kept while they live. */
function createSeats(options: EngineProcessOptions) {
  const idle: Seat[] = [];
  const alive = new Set<EngineProcess>();

  const started = (): Seat => {
    const process = createEngineProcess(options);
    alive.add(process);
    return { process, datasetDigest: null };
  };
  const dropped = async (process: EngineProcess) => {
    await process.kill();
    alive.delete(process);
  };
  /** Take an idle process, best one that holds the dataset already. Those that died while nobody looked are let go. */
  const taken = (digest: string): Seat | undefined => {
    for (const seat of idle.filter(({ process }) => !process.isAlive())) {
      idle.splice(idle.indexOf(seat), 1);
      alive.delete(seat.process);
    }
    const fitting = idle.findIndex((seat) => seat.datasetDigest === digest);
    return idle.splice(Math.max(fitting, 0), 1)[0];
  };
  return {
    pids: () => [...alive].filter((process) => process.isAlive()).map((process) => process.pid),
    use: async <T>(digest: string, work: (seat: Seat) => Promise<T>): Promise<T> => {
      const seat = taken(digest) ?? started();
      try {
        return await work(seat);
      } finally {
        if (seat.process.isAlive()) idle.push(seat);
        else await dropped(seat.process);
      }
    },
    useFresh: async <T>(work: (seat: Seat) => Promise<T>): Promise<T> => {
      const seat = started();
      try {
        return await work(seat);
      } finally {
        await dropped(seat.process);
      }
    },
    clear: async () => {
      await Promise.all([...alive].map(dropped));
    },
  };
}

async function prepareSeat(seat: Seat, dataset: DatasetFile, limits: RequestLimits): Promise<void> {
  if (seat.datasetDigest === dataset.digest) return;
  seat.datasetDigest = null;
  await seat.process.ask({ type: 'prepare_trials', dataset }, limits);
  seat.datasetDigest = dataset.digest;
}

async function trialOutcome(
  process: EngineProcess,
  job: TrialJob,
  limits: RequestLimits,
): Promise<TrialOutcome> {
  const { metrics, durationMs } = await process.ask({ type: 'run_trial', job }, limits);
  return { metrics, durationMs };
}

import { availableParallelism } from 'node:os';
import type { ProbeJob, ProbeScores } from '@/lib/evaluation/probe/probe-job';
import type { EngineProcess, EngineProcessOptions, RequestLimits } from './engine-process';
import { createProcessLanes, type Seat } from './process-lanes';
import { canMeasureMemory } from './resident-memory';
import {
  type DatasetFile,
  type FinalFit,
  type FinalFitJob,
  type NativeScoreJob,
  type TrainingPlan,
  type TrialExecutor,
  TrialFailure,
  type TrialJob,
} from './trial-executor';

/** How a pool is set up. */
export interface ChildPoolOptions extends EngineProcessOptions {
  /** Trials that run at once; see `bearableProcesses`. */
  readonly nProcesses: number;
  /** Longest time that a stretch of a trial may take before its process is killed; the final fit may take four times as long. */
  readonly trialTimeoutMs: number;
  /** Longest time for starting a process and reading the dataset; two minutes when left out. */
  readonly prepareTimeoutMs?: number;
}

/** What a process reads before the first trial of a study. */
export interface Preparation {
  readonly dataset: DatasetFile;
  readonly validation: TrainingPlan['validation'];
  /** Decides the folds of k-fold. */
  readonly seed: number;
}

/** A pool of engine processes on this machine. */
export interface ChildPool extends TrialExecutor {
  /** List the ids of the processes alive now. */
  pids(): readonly number[];
  /**
   * Start the processes, let them load the library and, where a preparation is given, read its dataset, so that the first
   * trials do not wait for that.
   *
   * @throws as `run`
   */
  prepare(preparation: Preparation | null, signal: AbortSignal): Promise<void>;
  /**
   * Make the final fit in a fresh process: trained on the training rows for the validation probabilities, and on training
   * and validation rows in the dataset's row order for the model and the test rows.
   *
   * @throws as `run`
   */
  runFinalFit(job: FinalFitJob, dataset: DatasetFile, signal: AbortSignal): Promise<FinalFit>;
  /** Score the test rows with a stored model in a fresh process: margins in the dataset's row order. @throws as `run` */
  runNativeScore(job: NativeScoreJob, dataset: DatasetFile, signal: AbortSignal): Promise<Float32Array>;
  /** Train a model that is thrown away once it has scored. @throws as `run` */
  runProbe(job: ProbeJob, dataset: DatasetFile, signal: AbortSignal): Promise<ProbeScores>;
}

const DEFAULT_PREPARE_TIMEOUT_MS = 120_000;
const FINAL_FIT_TRIALS = 4;

/** Give the number of processes to run at once: as many as asked for, at most one a core. */
export function bearableProcesses(asked: number): number {
  return Math.max(1, Math.min(asked, availableParallelism()));
}

/**
 * Create a pool that runs trials in child processes, one trial at a time each. Processes are started when first needed,
 * read a dataset once, keep the boosters of paused trials, and are replaced after a crash, a hang or too much memory; calls
 * beyond `nProcesses` wait their turn. The processes keep the parent running until `close`.
 */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  const { nProcesses, trialTimeoutMs, prepareTimeoutMs = DEFAULT_PREPARE_TIMEOUT_MS, onLog } = options;
  if (options.memoryLimitBytes !== undefined && !canMeasureMemory) {
    onLog('The memory limit of training processes is not enforced on this system.');
  }
  const lanes = createProcessLanes(nProcesses, options);
  const closing = new AbortController();
  const untilClosed = (asked: AbortSignal) => AbortSignal.any([asked, closing.signal]);

  const alone = async <T>(
    asked: AbortSignal,
    nTrials: number,
    use: (process: EngineProcess, limits: RequestLimits) => Promise<T>,
  ): Promise<T> => {
    const signal = untilClosed(asked);
    signal.throwIfAborted();
    const timeoutMs = prepareTimeoutMs + nTrials * trialTimeoutMs;
    return lanes.useFresh(({ process }) => use(process, { timeoutMs, signal }));
  };

  return {
    nProcesses,
    pids: lanes.pids,
    holderOf: (job) => lanes.holderOf(trialKey(job)),
    prepare: async (preparation, asked) => {
      const signal = untilClosed(asked);
      const limits = { timeoutMs: prepareTimeoutMs, signal };
      await Promise.all(
        Array.from({ length: nProcesses }, () =>
          lanes.use(null, signal, async (seat) => {
            if (preparation === null) await seat.process.ask({ type: 'info' }, limits);
            else await prepareSeat(seat, preparation, limits);
          }),
        ),
      );
    },
    run: (job, dataset, { signal: asked, onReport }) => {
      const signal = untilClosed(asked);
      const key = trialKey(job);
      return lanes.use(key, signal, async (seat, worker) => {
        const preparation = { dataset, validation: job.plan.validation, seed: job.seed };
        await prepareSeat(seat, preparation, { timeoutMs: prepareTimeoutMs, signal });
        seat.held.delete(key);
        const limits = { timeoutMs: trialTimeoutMs, signal, ...(onReport === undefined ? {} : { onReport }) };
        const { type, ...outcome } = await seat.process.ask(
          { type: 'run_trial', job: asMessage(job) },
          limits,
        );
        if (outcome.state === 'paused') hold(seat, job);
        return { ...outcome, worker };
      });
    },
    runFinalFit: (job, dataset, asked) =>
      alone(
        asked,
        FINAL_FIT_TRIALS,
        async (process, limits) => (await process.ask({ type: 'final_fit', dataset, job }, limits)).fit,
      ),
    runNativeScore: ({ modelUbj }, dataset, asked) =>
      alone(
        asked,
        0,
        async (process, limits) =>
          (await process.ask({ type: 'native_score', dataset, modelUbj }, limits)).margins,
      ),
    runProbe: (job, dataset, asked) => {
      const signal = untilClosed(asked);
      return lanes.use(null, signal, async ({ process }) => {
        const limits = { timeoutMs: prepareTimeoutMs + trialTimeoutMs, signal };
        return (await process.ask({ type: 'probe', dataset, job }, limits)).scores;
      });
    },
    close: async () => {
      closing.abort(new TrialFailure('refused', 'The training processes were shut down.'));
      await lanes.clear();
    },
  };
}

function trialKey({ studyKey, trialNumber }: Pick<TrialJob, 'studyKey' | 'trialNumber'>): string {
  return `${studyKey}:${trialNumber}`;
}

/** A process keeps the paused trials of one study; another study's first trial makes it forget them. */
function hold(seat: Seat, job: TrialJob): void {
  for (const key of seat.held) if (!key.startsWith(`${job.studyKey}:`)) seat.held.delete(key);
  seat.held.add(trialKey(job));
}

/** A copy that the message's schema takes: lists that may be written to. */
function asMessage(job: TrialJob) {
  return { ...job, pruneBelow: job.pruneBelow.map((threshold) => ({ ...threshold })) };
}

async function prepareSeat(
  seat: Seat,
  { dataset, validation, seed }: Preparation,
  limits: RequestLimits,
): Promise<void> {
  const folds = validation.type === 'split' ? 'split' : JSON.stringify([validation, seed]);
  const preparedFor = `${dataset.digest} ${folds}`;
  if (seat.preparedFor === preparedFor) return;
  seat.preparedFor = null;
  seat.held.clear();
  await seat.process.ask({ type: 'prepare_trials', dataset, validation, seed }, limits);
  seat.preparedFor = preparedFor;
}

import { availableParallelism, totalmem } from 'node:os';
import { type Result, succeed } from '@/lib/core/result';
import { bearableProcesses } from '@/lib/server/xgboost/child-pool';
import { engineInfo } from '@/lib/server/xgboost/engine-info';
import { locateEngine } from '@/lib/server/xgboost/engine-location';
import type { EngineInfo } from '@/lib/server/xgboost/trial-executor';
import { createWarmPool } from '@/lib/server/xgboost/warm-pool';
import type { TrainingEngine } from './study-engine';

/** A trial that takes longer than this hangs: the largest of the design's space takes seconds, or minutes for a million rows. */
const TRIAL_TIMEOUT_MS = 30 * 60_000;

/** Where training is found, and where its processes may speak. */
export interface EngineSetup {
  /** The project's folder. */
  readonly root: string;
  /** The bundled engine process. */
  readonly childPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes a line of native output. */
  readonly onLog: (line: string) => void;
  /** How long idle processes are kept for the next study; 0, and when left out, ends them with the study. */
  readonly keepWarmMs?: number;
}

/** Opens the training engine, and ends what it keeps warm. */
export interface EngineOpener {
  /** Find the library. Fails with `engine_missing` or `engine_unusable`. */
  (): Promise<Result<TrainingEngine>>;
  /** End the processes that are kept warm. */
  close(): Promise<void>;
}

/**
 * Make an opener of the training engine, for page and command line alike. The library is looked for at each call, so that
 * one installed meanwhile counts; each is probed once, in a process of its own.
 */
export function trainingEngineOpener(given: EngineSetup): EngineOpener {
  const { root, childPath, env, onLog, keepWarmMs = 0 } = given;
  const engines = new Map<string, { readonly engine: TrainingEngine; readonly close: () => Promise<void> }>();
  const open = async (): Promise<Result<TrainingEngine>> => {
    const location = await locateEngine({ root, env });
    if (!location.ok) return location;
    const known = engines.get(location.value.path);
    if (known !== undefined) return succeed(known.engine);
    const setup = { childPath, engine: location.value, onLog, memoryLimitBytes: memoryLimitBytes(env) };
    const info: Result<EngineInfo> = await engineInfo(setup);
    if (!info.ok) return info;
    const pool = createWarmPool({ ...setup, trialTimeoutMs: TRIAL_TIMEOUT_MS }, keepWarmMs);
    const engine: TrainingEngine = {
      info: info.value,
      processesFor: bearableProcesses,
      openExecutor: (nProcesses) => pool.lease(nProcesses),
      async warm(preparation) {
        if (keepWarmMs === 0) return;
        try {
          await pool.warm(bearableProcesses(Number.MAX_SAFE_INTEGER), preparation);
        } catch (error) {
          onLog(
            `Training processes could not be warmed: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      },
    };
    engines.set(location.value.path, { engine, close: () => pool.close() });
    return succeed(engine);
  };
  return Object.assign(open, {
    close: async () => {
      await Promise.all([...engines.values()].map(({ close }) => close()));
    },
  });
}

const MEBIBYTE = 1024 * 1024;

/**
 * Give the memory that one training process may take: `LEADBENCH_TRIAL_MEMORY_MB` where it is set to a positive number,
 * else four fifths of the machine's, shared among its cores, and never less than 1 GiB.
 */
export function memoryLimitBytes(env: EngineSetup['env']): number {
  const asked = Number(env.LEADBENCH_TRIAL_MEMORY_MB);
  if (Number.isFinite(asked) && asked > 0) return asked * MEBIBYTE;
  return Math.max(1024 * MEBIBYTE, (0.8 * totalmem()) / availableParallelism());
}

import { type Result, succeed } from '@/lib/core/result';
import { bearableProcesses, createChildPool } from '@/lib/server/xgboost/child-pool';
import { engineInfo } from '@/lib/server/xgboost/engine-info';
import { locateEngine } from '@/lib/server/xgboost/engine-location';
import type { EngineInfo } from '@/lib/server/xgboost/trial-executor';
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
}

/**
 * Make an opener of the training engine, for page and command line alike. The library is looked for at each call, so that
 * one installed meanwhile counts; each is probed once, in a process of its own.
 *
 * @returns a function that fails with `engine_missing` or `engine_unusable`
 */
export function trainingEngineOpener({
  root,
  childPath,
  env,
  onLog,
}: EngineSetup): () => Promise<Result<TrainingEngine>> {
  const probed = new Map<string, EngineInfo>();
  return async () => {
    const location = await locateEngine({ root, env });
    if (!location.ok) return location;
    const setup = { childPath, engine: location.value, onLog };
    const known = probed.get(location.value.path);
    const info: Result<EngineInfo> = known === undefined ? await engineInfo(setup) : succeed(known);
    if (!info.ok) return info;
    probed.set(location.value.path, info.value);
    return succeed({
      info: info.value,
      processesFor: bearableProcesses,
      openExecutor: (nProcesses) =>
        createChildPool({ ...setup, nProcesses, trialTimeoutMs: TRIAL_TIMEOUT_MS }),
    });
  };
}

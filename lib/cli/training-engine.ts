import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import { bearableProcesses, createChildPool } from '@/lib/server/xgboost/child-pool';
import { engineInfo } from '@/lib/server/xgboost/engine-info';
import { locateEngine } from '@/lib/server/xgboost/engine-location';
import { unwrapped } from './crm-file';

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

/** Find and probe libxgboost, once however often it is asked. The function throws ExpectedFailure where there is none. */
export function engineOpener(setup: EngineSetup): () => Promise<TrainingEngine> {
  let opening: Promise<TrainingEngine> | null = null;
  return () => {
    opening ??= openedEngine(setup);
    return opening;
  };
}

async function openedEngine({ root, childPath, env, onLog }: EngineSetup): Promise<TrainingEngine> {
  const options = { childPath, engine: unwrapped(await locateEngine({ root, env })), onLog };
  return {
    info: unwrapped(await engineInfo(options)),
    processesFor: bearableProcesses,
    openExecutor: (nProcesses) =>
      createChildPool({ ...options, nProcesses, trialTimeoutMs: TRIAL_TIMEOUT_MS }),
  };
}

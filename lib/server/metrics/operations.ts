import { type Failure, type Result, succeed } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import { createStorageProbe } from './storage-probe';
import { createTrainingMetrics, type MlflowReport, type TrainingMetrics } from './training-metrics';

/** What whoever operates a training server reads of it. */
export interface Operations {
  /** Told of everything that is counted; read by `/metrics`. */
  readonly metrics: TrainingMetrics;
  /**
   * Whether work can be saved, found out by saving something; answers within two seconds.
   * Fails as `storageHealth`, with `home_not_writable`, `home_not_answering`, or what the study service says.
   */
  readiness(): Promise<Result<void>>;
}

/** What operations are made of. */
export interface OperationsOptions {
  /** Of Leadbench. */
  readonly version: string;
  /** The home, made ready on first use. */
  readonly home: () => Promise<Result<Home>>;
  /** Milliseconds of a clock that does not go backwards. */
  readonly elapsed: () => number;
  /** Why the study service cannot save, where it knows; null when all is well. */
  readonly savingFault?: () => Failure | null;
  /** What is known of MLflow; left out where there is no synchronisation. */
  readonly mlflow?: () => MlflowReport;
}

const NO_MLFLOW: MlflowReport = {
  configured: false,
  reachable: null,
  nPending: 0,
  nRefused: 0,
  nDelivered: 0,
};

/** Compose metrics and readiness for one training server; see `Operations`. */
export function createOperations(options: OperationsOptions): Operations {
  const { version, home, elapsed, savingFault = () => null, mlflow = () => NO_MLFLOW } = options;
  const probe = createStorageProbe({ home, elapsed });
  return {
    metrics: createTrainingMetrics({ version, sources: { storage: () => probe.recent(), mlflow } }),
    async readiness() {
      const failure = (await probe.report()).failure ?? savingFault();
      return failure === null ? succeed(undefined) : { ok: false, error: failure };
    },
  };
}

import type { StorageReport } from '@/lib/server/metrics/storage-probe';
import {
  createTrainingMetrics,
  type MlflowReport,
  type TrainingMetrics,
} from '@/lib/server/metrics/training-metrics';
import { valuesBySeries } from './exposition';

/** A disk with room, and two datasets. */
export const SOUND_STORAGE: StorageReport = {
  failure: null,
  freeBytes: 5e9,
  datasets: { n: 2, nBytes: 3000 },
};

/** No MLflow is configured. */
export const NO_MLFLOW: MlflowReport = {
  configured: false,
  reachable: null,
  nPending: 0,
  nRefused: 0,
  nDelivered: 0,
};

/** Metrics of a server in a state of the test's choosing. */
export function metricsWith(
  storage: StorageReport = SOUND_STORAGE,
  mlflow: () => MlflowReport = () => NO_MLFLOW,
): TrainingMetrics {
  return createTrainingMetrics({ version: '1.2.3', sources: { storage: async () => storage, mlflow } });
}

/** Read series by name, with or without the prefix of the tuning engine; absent ones are null. */
export async function readSeries(
  metrics: TrainingMetrics,
  ...names: readonly string[]
): Promise<(number | null)[]> {
  const values = valuesBySeries(await metrics.exposition());
  return names.map((name) => values.get(name) ?? values.get(`leadbench_tune_${name}`) ?? null);
}

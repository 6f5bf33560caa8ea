import type { Instruments } from './instruments';

/** The part of the metrics that speaks of what is kept on disk, and of MLflow. */
export type StorageMetrics = ReturnType<typeof createStorageMetrics>;

const appendSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Make the metrics of journal, home folder and MLflow. */
export function createStorageMetrics(make: Instruments) {
  return {
    appendDuration: make.histogram({
      name: 'leadbench_journal_append_duration_seconds',
      help: 'Time until a journal record was on disk, its wait for those before it included.',
      buckets: appendSeconds,
    }),
    journalFailures: make.counter({
      name: 'leadbench_journal_failures_total',
      help: 'Journal records that could not be made durable.',
    }),
    writable: make.gauge({
      name: 'leadbench_storage_writable',
      help: 'Whether a file could be written and synced in the home folder just now (1) or not (0).',
    }),
    freeBytes: make.optionalGauge({
      name: 'leadbench_storage_free_bytes',
      help: 'Space that is left for this user on the file system of the home folder.',
    }),
    datasets: make.optionalGauge({
      name: 'leadbench_datasets',
      help: 'Training datasets in the home folder.',
    }),
    datasetsSize: make.optionalGauge({
      name: 'leadbench_datasets_size_bytes',
      help: 'Size of all training datasets in the home folder.',
    }),
    outboxPending: make.optionalGauge({
      name: 'leadbench_mlflow_outbox_pending',
      help: 'Runs, files and models that MLflow does not have yet; absent where no MLflow is configured.',
    }),
    outboxRefused: make.optionalGauge({
      name: 'leadbench_mlflow_outbox_refused',
      help: 'Of those that are pending, the ones that MLflow refuses; absent where no MLflow is configured.',
    }),
    deliveries: make.counter({
      name: 'leadbench_mlflow_deliveries_total',
      help: 'Runs, files and models that MLflow took.',
    }),
    mlflowReachable: make.optionalGauge({
      name: 'leadbench_mlflow_reachable',
      help: 'Whether MLflow answered when it was last asked (1) or not (0); absent where none is configured or none was asked.',
    }),
  };
}

import { describe, expect, it } from 'vitest';
import { metricsWith, NO_MLFLOW, readSeries as read, SOUND_STORAGE } from '@/lib/testing/small-metrics';

describe('createTrainingMetrics', () => {
  it('times samplers and journal, and counts what was not saved', async () => {
    const metrics = metricsWith();
    metrics.onSuggested('tpe', 2);
    metrics.onSuggested('tpe', 40);
    metrics.onSaved(4, true);
    metrics.onSaved(9000, false);
    expect(
      await read(
        metrics,
        'sampler_duration_seconds_sum{algorithm="tpe"}',
        'sampler_duration_seconds_bucket{le="0.003",algorithm="tpe"}',
        'sampler_duration_seconds_count{algorithm="random"}',
        'leadbench_journal_append_duration_seconds_sum',
        'leadbench_journal_failures_total',
      ),
    ).toEqual([0.042, 1, 0, 0.004, 1]);
  });

  it('counts checkpoints and shows the size of the last', async () => {
    const metrics = metricsWith();
    const names = ['checkpoints_total', 'checkpoint_size_bytes'];
    expect(await read(metrics, ...names)).toEqual([0, null]);
    metrics.onCheckpoint(70_000);
    metrics.onCheckpoint(50_000);
    expect(await read(metrics, ...names)).toEqual([2, 50_000]);
  });

  it('asks disk and MLflow when it is read, and invents nothing', async () => {
    const names = [
      'leadbench_storage_writable',
      'leadbench_storage_free_bytes',
      'leadbench_datasets',
      'leadbench_datasets_size_bytes',
      'leadbench_mlflow_outbox_pending',
      'leadbench_mlflow_outbox_refused',
      'leadbench_mlflow_reachable',
      'leadbench_mlflow_deliveries_total',
    ];
    expect(await read(metricsWith(), ...names)).toEqual([1, 5e9, 2, 3000, null, null, null, 0]);
    const failure = { code: 'disk_full', message: 'The disk is full.', hint: 'Free some space.' };
    const broken = { failure, freeBytes: null, datasets: null };
    const away = { configured: true, reachable: false, nPending: 7, nRefused: 2, nDelivered: 40 };
    expect(
      await read(
        metricsWith(broken, () => away),
        ...names,
      ),
    ).toEqual([0, null, null, null, 7, 2, 0, 40]);
    const unasked = { ...away, reachable: null };
    expect(
      await read(
        metricsWith(SOUND_STORAGE, () => unasked),
        ...names.slice(4),
      ),
    ).toEqual([7, 2, null, 40]);
  });

  it('counts on what MLflow took', async () => {
    let nDelivered = 3;
    const metrics = metricsWith(SOUND_STORAGE, () => ({ ...NO_MLFLOW, configured: true, nDelivered }));
    expect(await read(metrics, 'leadbench_mlflow_deliveries_total')).toEqual([3]);
    nDelivered = 5;
    expect(await read(metrics, 'leadbench_mlflow_deliveries_total')).toEqual([5]);
  });
});

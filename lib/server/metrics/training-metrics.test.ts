import { describe, expect, it } from 'vitest';
import { change, playJournal } from '@/lib/testing/played-journal';
import { metricsWith, readSeries as read } from '@/lib/testing/small-metrics';
import type { StudyChange } from '@/lib/tuning/study/study-events';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import type { TrainingMetrics } from './training-metrics';

const STUDY = `study-${'0'.repeat(20)}`;
const OTHER = `study-${'1'.repeat(20)}`;

/** Metrics that heard a journal. */
function heard(...changes: readonly StudyChange[]): TrainingMetrics {
  const metrics = metricsWith();
  playJournal(changes, metrics.onEvent);
  return metrics;
}

describe('createTrainingMetrics', () => {
  it('says what it is', async () => {
    const [info] = await read(
      metricsWith(),
      `leadbench_build_info{version="1.2.3",node_version="${process.versions.node}"}`,
    );
    expect(info).toBe(1);
    expect(metricsWith().contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('shows every value of a fixed label at 0 before anything happened', async () => {
    expect(
      await read(
        metricsWith(),
        'trials_total{status="failed"}',
        'trial_failures_total{kind="memory"}',
        'studies{phase="evaluated"}',
        'study_duration_seconds_count{reason="failed"}',
        'sampler_duration_seconds_count{algorithm="gp"}',
      ),
    ).toEqual([0, 0, 0, 0, 0]);
  });

  it('counts how trials ended, and the attempts that failed', async () => {
    const metrics = heard(
      change.created(STUDY),
      change.started(1),
      change.started(2),
      change.completed(1, { durationMs: 250 }),
      change.failed(2, 'crashed', true),
      change.started(2, 2),
      change.failed(2, 'memory', false),
      change.started(3),
      change.pruned(3, { durationMs: 750 }),
    );
    expect(
      await read(
        metrics,
        'trials_total{status="complete"}',
        'trials_total{status="pruned"}',
        'trials_total{status="failed"}',
        'trial_failures_total{kind="crashed"}',
        'trial_failures_total{kind="memory"}',
        'trial_duration_seconds_count',
        'trial_duration_seconds_sum',
        'trial_duration_seconds_bucket{le="0.25"}',
      ),
    ).toEqual([1, 1, 1, 1, 1, 2, 1, 1]);
  });

  it('counts the rounds of each stretch once, and times a trial over all its rungs', async () => {
    const metrics = heard(
      change.created(STUDY),
      change.started(1),
      change.paused(1, { rounds: 50, durationMs: 1000 }),
      change.promoted(1, 2),
      change.completed(1, { rounds: 130, durationMs: 2000 }),
    );
    expect(await read(metrics, 'rounds_total', 'trial_duration_seconds_sum')).toEqual([130, 3]);
  });

  it('counts trials that the end of tuning prunes, as tables do', async () => {
    const changes = [
      change.created(STUDY),
      change.started(1),
      change.paused(1),
      change.started(2),
      change.paused(2),
      change.promoted(2, 3),
      change.completed(2, { rounds: 100 }),
      change.ended('completed'),
    ];
    const metrics = metricsWith();
    const state = playJournal(changes, metrics.onEvent);
    const { nComplete, nPruned, nRounds } = studyProgress(state);
    expect([nComplete, nPruned, nRounds]).toEqual([1, 1, 150]);
    expect(
      await read(
        metrics,
        'trials_total{status="complete"}',
        'trials_total{status="pruned"}',
        'rounds_total',
        'trial_duration_seconds_count',
      ),
    ).toEqual([1, 1, 150, 2]);
  });

  it('shows running trials and busy workers, a trial between attempts among the former only', async () => {
    const seen: (number | null)[][] = [];
    const changes = [
      change.created(STUDY),
      change.started(1),
      change.started(2),
      change.failed(2, 'hung', true),
      change.completed(1),
      change.started(2, 2),
      change.completed(2),
      change.ended('completed'),
      { type: 'evaluation_started' } as const,
      { type: 'evaluation_completed', modelId: `model-${'0'.repeat(20)}` } as const,
    ];
    const running: number[] = [];
    for (let n = 1; n <= changes.length; n++) {
      const fresh = metricsWith();
      const state = playJournal(changes.slice(0, n), fresh.onEvent);
      running.push(studyProgress(state).nRunning);
      seen.push(await read(fresh, 'trials_running', 'workers_busy', 'workers'));
    }
    expect(seen).toEqual([
      [0, 0, 0],
      [1, 1, 2],
      [2, 2, 2],
      [2, 1, 2],
      [1, 0, 2],
      [1, 1, 2],
      [0, 0, 2],
      [0, 0, 0],
      [0, 1, 2],
      [0, 0, 0],
    ]);
    expect(seen.map(([trials]) => trials)).toEqual(running);
    expect(await read(heard(...changes), 'leadbench_models_published_total')).toEqual([1]);
  });

  it('times a study by when its trials ran, without its pauses', async () => {
    const metrics = heard(
      change.created(STUDY),
      change.started(1), // at 0.1 s
      { type: 'study_pause_requested' },
      change.completed(1),
      { type: 'study_paused' }, // at 0.4 s: ran 0.3 s
      change.resumed(),
      change.started(2), // at 0.6 s
      change.completed(2),
      change.ended('stopped'), // at 0.8 s: ran 0.2 s
      change.resumed(),
      change.started(3), // at 1.0 s
      change.completed(3),
      change.ended('completed'), // at 1.2 s: ran 0.2 s
    );
    expect(
      await read(
        metrics,
        'study_duration_seconds_sum{reason="stopped"}',
        'study_duration_seconds_sum{reason="completed"}',
        'study_duration_seconds_count{reason="completed"}',
        'study_duration_seconds_count{reason="failed"}',
      ),
    ).toEqual([0.5, 0.2, 1, 0]);
  });

  it('shows the best of the study whose trials moved last, under the name of its objective', async () => {
    const metrics = metricsWith();
    const names = ['best_roc_auc_ratio', 'best_logloss_nats', 'best_recall_ratio'];
    expect(await read(metrics, ...names)).toEqual([null, null, null]);
    playJournal(
      [
        change.created(STUDY),
        change.started(1),
        change.started(2),
        change.completed(1, { metrics: { roc_auc: 0.81 } }),
        change.completed(2, { metrics: { roc_auc: 0.79 } }),
      ],
      metrics.onEvent,
    );
    expect(await read(metrics, ...names)).toEqual([0.81, null, null]);
    const [created, ...trials] = [
      change.created(OTHER, { objective: 'logloss' }),
      change.started(1),
      change.started(2),
      change.completed(1, { metrics: { logloss: 0.2 } }),
      change.completed(2, { metrics: { logloss: 0.1 } }),
    ];
    playJournal([created], metrics.onEvent);
    expect(await read(metrics, ...names)).toEqual([0.81, null, null]);
    playJournal([created, ...trials.slice(0, 2)], metrics.onEvent);
    expect(await read(metrics, ...names)).toEqual([null, null, null]);
    playJournal([created, ...trials], metrics.onEvent);
    expect(await read(metrics, ...names)).toEqual([null, 0.1, null]);
  });

  it('counts studies by phase: those on disk, and as they go on', async () => {
    const metrics = metricsWith();
    const stored = playJournal([change.created(STUDY), change.ended('stopped')]);
    metrics.know(stored);
    metrics.know(playJournal([change.created(OTHER)]));
    const phases = ['studies{phase="tuning"}', 'studies{phase="tuned"}', 'studies{phase="failed"}'];
    expect(await read(metrics, ...phases)).toEqual([1, 1, 0]);
    playJournal([change.created(OTHER), change.ended('failed')], (event, state) => {
      if (event.sequence > 1) metrics.onEvent(event, state);
    });
    metrics.know(stored);
    expect(await read(metrics, ...phases)).toEqual([0, 1, 1]);
    metrics.forget(STUDY);
    expect(await read(metrics, ...phases)).toEqual([0, 0, 1]);
    expect(await read(metrics, 'study_duration_seconds_count{reason="stopped"}')).toEqual([0]);
  });

  it('lets nothing run after work on a study ended, and counts why it did once', async () => {
    const metrics = heard(change.created(STUDY), change.started(1), change.started(2));
    const names = ['trials_running', 'workers', 'workers_busy', 'study_interruptions_total'];
    expect(await read(metrics, ...names)).toEqual([2, 2, 2, 0]);
    const problem = { code: 'disk_full', message: 'The disk is full.', hint: 'Free some space.' };
    metrics.onActivity(STUDY, { kind: 'held', problem });
    metrics.onActivity(STUDY, { kind: 'held', problem });
    metrics.onActivity(OTHER, { kind: 'held', problem });
    expect(await read(metrics, ...names)).toEqual([0, 0, 0, 1]);
    metrics.onActivity(STUDY, { kind: 'running', problem: null });
    expect(await read(metrics, ...names)).toEqual([0, 2, 0, 1]);
    metrics.onActivity(STUDY, { kind: 'idle', problem: null });
    expect(await read(metrics, ...names)).toEqual([0, 0, 0, 1]);
  });

  it('shares nothing with another', async () => {
    const metrics = heard(change.created(STUDY), change.started(1), change.completed(1));
    expect(await read(metrics, 'rounds_total')).toEqual([50]);
    expect(await read(metricsWith(), 'rounds_total')).toEqual([0]);
  });
});

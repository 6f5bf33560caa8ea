import { describe, expect, it } from 'vitest';
import { type MetricFamily, parseExposition, seriesOf } from '@/lib/testing/exposition';
import { conventionFaults } from '@/lib/testing/metric-conventions';
import { change, playJournal } from '@/lib/testing/played-journal';
import { OBJECTIVES, SAMPLER_NAMES } from '@/lib/tuning/study/study-config';
import type { StudyChange } from '@/lib/tuning/study/study-events';
import { createTrainingMetrics, type TrainingMetrics } from './training-metrics';

const HOSTILE = 'ada@example.com"} 1\nevil_total{x="';

function newMetrics(): TrainingMetrics {
  return createTrainingMetrics({
    version: '0.1.0',
    sources: {
      storage: async () => ({ failure: null, freeBytes: 1e9, datasets: { n: 0, nBytes: 0 } }),
      mlflow: () => ({ configured: true, reachable: true, nPending: 3, nRefused: 1, nDelivered: 9 }),
    },
  });
}

/** A study of so many trials that end in every way, every word of theirs hostile. */
function hostileStudy(number: number, nTrials: number): readonly StudyChange[] {
  const objective = OBJECTIVES[number % OBJECTIVES.length] ?? 'roc_auc';
  const sampler = SAMPLER_NAMES[number % SAMPLER_NAMES.length] ?? 'random';
  const config = { nTrials, objective, sampler, monotoneConstraints: { [HOSTILE]: 1 } } as const;
  const kinds = ['crashed', 'hung', 'memory', 'refused'] as const;
  const trials = Array.from({ length: nTrials }, (_, i) => {
    const kind = kinds[i % 4] ?? 'crashed';
    const ends = [
      change.completed(i + 1),
      change.pruned(i + 1),
      change.failed(i + 1, kind, false, HOSTILE),
      change.paused(i + 1),
    ];
    return [change.started(i + 1), ends[i % 4] ?? change.completed(i + 1)];
  });
  return [
    change.created(`study-${String(number).padStart(20, '0')}`, config),
    ...trials.flat(),
    change.ended('failed', HOSTILE),
  ];
}

/** Everything that the metrics can be told, so often that each series there can be is there. */
async function afterMuch(): Promise<{ readonly text: string; readonly nTrials: number }> {
  const metrics = newMetrics();
  let nTrials = 0;
  for (let study = 0; study < 25; study++) {
    const changes = hostileStudy(study, 400);
    nTrials += changes.filter(({ type }) => type === 'trial_started').length;
    playJournal(changes, metrics.onEvent);
    metrics.onActivity(`study-${String(study).padStart(20, '0')}`, {
      kind: 'idle',
      problem: { code: HOSTILE, message: HOSTILE, hint: HOSTILE },
    });
    metrics.onCheckpoint(1000);
    for (const sampler of SAMPLER_NAMES) metrics.onSuggested(sampler, study);
    metrics.onSaved(study, study % 2 === 0);
  }
  return { text: await metrics.exposition(), nTrials };
}

function allSeries(text: string): readonly string[] {
  return parseExposition(text).flatMap(({ samples }) => samples.map(seriesOf));
}

describe('the exposition', () => {
  it('keeps to the conventions for names, units and labels', async () => {
    const families = parseExposition((await afterMuch()).text);
    expect(families.length).toBeGreaterThan(40);
    expect(families.flatMap(conventionFaults)).toEqual([]);
  });

  it('stays below 500 series, all known before, after 10,000 trials with hostile words', async () => {
    const before = new Set(allSeries(await newMetrics().exposition()));
    const { text, nTrials } = await afterMuch();
    expect(nTrials).toBe(10_000);
    const series = allSeries(text);
    expect(series.length).toBeLessThanOrEqual(500);
    expect(new Set(series).size).toBe(series.length);
    const unforeseen = series.filter((each) => !before.has(each) && !/_gc_/.test(each));
    expect(unforeseen).toEqual(['leadbench_tune_checkpoint_size_bytes', 'leadbench_tune_best_roc_auc_ratio']);
    expect(text).not.toMatch(/ada|example|evil|study-|[0-9a-f]{20}/);
  });

  it('has no value that is not a number', async () => {
    const samples = parseExposition((await afterMuch()).text).flatMap((family) => family.samples);
    expect(samples.filter(({ name, value }) => Number.isNaN(value) && !name.includes('eventloop'))).toEqual(
      [],
    );
  });
});

describe('conventionFaults', () => {
  const sample = (name: string, value: number) => ({ name, labels: {}, value });
  const family = (name: string, changes: Partial<MetricFamily> = {}): MetricFamily => ({
    name,
    type: 'gauge',
    help: 'Words.',
    samples: [sample(name, 1)],
    ...changes,
  });
  const labelled = (name: string, label: string) =>
    family(name, { samples: [{ name, labels: { [label]: 'x' }, value: 1 }] });

  it.each([
    ['does not begin with leadbench_', family('leadscore_trials')],
    ['is not in lower-case words joined by underscores', family('leadbench_Trials')],
    ['ends in _total if and only if', family('leadbench_trials', { type: 'counter' })],
    ['ends in _total if and only if', family('leadbench_trials_total')],
    ['is not in a base unit', family('leadbench_wait_ms')],
    ['is not in a base unit', family('leadbench_cpu_percent')],
    ['measures something and names no unit', family('leadbench_trial_duration')],
    ['is a histogram and names no unit', family('leadbench_append', { type: 'histogram' })],
    ['ends as a part of a histogram does', family('leadbench_trials_count')],
    ['is information and not 1', { ...family('leadbench_x_info'), samples: [sample('leadbench_x_info', 2)] }],
    ['is not explained in a sentence', family('leadbench_trials', { help: 'words' })],
    ['nobody knows all values of trial_id', labelled('leadbench_trials', 'trial_id')],
    ['nobody knows all values of email', labelled('leadbench_trials', 'email')],
    ['repeats its label status', labelled('leadbench_trials_by_status', 'status')],
    ['Status is no label name', labelled('leadbench_trials', 'Status')],
    ['has a label that belongs to histograms', labelled('leadbench_trials', 'le')],
  ])('says that a metric %s', (words, bad) => {
    expect(conventionFaults(bad)).toEqual([expect.stringContaining(words)]);
  });

  it('finds none with a sound metric', () => {
    expect(conventionFaults(family('leadbench_trials_total', { type: 'counter' }))).toEqual([]);
    expect(conventionFaults(labelled('leadbench_trials', 'status'))).toEqual([]);
  });
});

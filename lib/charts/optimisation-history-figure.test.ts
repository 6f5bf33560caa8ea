import { describe, expect, it } from 'vitest';
import { DESIGN_SEARCH_SPACE, type TrialParams } from '@/lib/tuning/search-space';
import type { StudyState, TrialRecord } from '@/lib/tuning/study-state';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { optimisationHistoryFigure } from './optimisation-history-figure';

const PARAMS: TrialParams = {
  max_depth: 4,
  learning_rate: 0.0512345,
  n_estimators: 120,
  subsample: 0.8,
  colsample_bytree: 0.95,
};

function trial(number: number, rocAuc: number | null, state: TrialRecord['state'] = 'complete'): TrialRecord {
  const metrics =
    rocAuc === null ? null : { roc_auc: rocAuc, average_precision: 0.2, f1_score: 0.1, recall: 0.1 };
  return { number, params: PARAMS, state, metrics, durationMs: 100, attempts: 1, failure: null };
}

function stateOf(trials: StudyState['trials']): StudyState {
  return {
    studyId: 'study-00000000000000000000',
    config: {
      datasetDigest: '0'.repeat(64),
      featureSpecDigest: '0'.repeat(64),
      nTrials: 24,
      workers: 6,
      sampler: 'random',
      seed: 42,
      objective: 'roc_auc',
      searchSpace: DESIGN_SEARCH_SPACE,
    },
    engineVersion: '3.4.1',
    nProcesses: 2,
    gateOverrideReason: null,
    phase: 'tuning',
    failure: null,
    trials,
    modelId: null,
    createdAtMs: 0,
    updatedAtMs: 0,
    tunedAtMs: null,
    lastSequence: 1,
  };
}

const STATE = stateOf([
  trial(1, 0.79),
  trial(2, 0.812),
  undefined,
  trial(4, null, 'failed'),
  trial(5, 0.8),
  trial(6, null, 'running'),
]);

describe('optimisationHistoryFigure', () => {
  it('draws finished trials and the best up to each', () => {
    const { title, data, layout } = optimisationHistoryFigure(STATE, LIGHT_CHART_THEME);
    expect(title).toBe(
      'Best ROC AUC on validation rows 0.8120, in trial 2; 3 of 24 trials finished (1 failed).',
    );
    expect(data).toMatchObject([
      { mode: 'markers', name: 'Trial', x: [1, 2, 5], y: [0.79, 0.812, 0.8], marker: { color: '#0072b2' } },
      { mode: 'lines', name: 'Best so far', x: [1, 2, 5], y: [0.79, 0.812, 0.812], line: { shape: 'hv' } },
    ]);
    expect(data[0]).toMatchObject({
      customdata: expect.arrayContaining([
        ['0.7900', 'depth 4, rate 0.0512, 120 trees', 'rows 0.80, columns 0.95'],
      ]),
    });
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Trial' }, range: [0.5, 24.5] },
      yaxis: { title: { text: 'ROC AUC on validation rows' } },
    });
  });

  it('lists every trial that began', () => {
    expect(optimisationHistoryFigure(STATE, LIGHT_CHART_THEME).table.rows).toEqual([
      { trial: 1, state: 'complete', roc_auc: 0.79, best_so_far: 0.79 },
      { trial: 2, state: 'complete', roc_auc: 0.812, best_so_far: 0.812 },
      { trial: 4, state: 'failed', roc_auc: null, best_so_far: null },
      { trial: 5, state: 'complete', roc_auc: 0.8, best_so_far: 0.812 },
      { trial: 6, state: 'running', roc_auc: null, best_so_far: null },
    ]);
  });

  it('takes its colours from the theme', () => {
    const { data } = optimisationHistoryFigure(STATE, DARK_CHART_THEME);
    expect(data).toMatchObject([{ marker: { color: '#56b4e9' } }, { line: { color: '#e69f00' } }]);
  });

  it.each([
    ['none begun', []],
    ['all running', [trial(1, null, 'running')]],
  ])('says so with %s', (_, trials) => {
    const figure = optimisationHistoryFigure(stateOf(trials), LIGHT_CHART_THEME);
    expect(figure.title).toBe('None of 24 trials has finished yet.');
    expect(figure.data).toEqual([]);
    expect(figure.layout.annotations).toMatchObject([{ text: 'No trial has finished yet.' }]);
  });
});

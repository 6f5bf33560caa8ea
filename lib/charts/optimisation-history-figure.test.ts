import { describe, expect, it } from 'vitest';
import { figureInput, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { optimisationHistoryFigure } from './optimisation-history-figure';

describe('optimisationHistoryFigure', () => {
  it('draws complete trials, pruned ones apart, and the best with its interval', () => {
    const { title, data, layout } = optimisationHistoryFigure(figureInput(), LIGHT_CHART_THEME);
    expect(title).toBe(
      'Best ROC AUC on validation rows 0.8120 (95 %: 0.7924 to 0.8316), in trial 2; 2 of 8 trials complete, 1 pruned, 1 failed, 1 running.',
    );
    expect(data).toMatchObject([
      {
        mode: 'markers',
        name: 'Complete',
        x: [1, 2],
        y: [0.79, 0.812],
        marker: { color: '#0072b2', symbol: 'circle' },
      },
      {
        mode: 'markers',
        name: 'Pruned',
        x: [3],
        y: [0.7],
        marker: { color: '#6c727a', symbol: 'triangle-down' },
      },
      { mode: 'lines', name: 'Best so far', x: [1, 2, 6], y: [0.79, 0.812, 0.812], line: { shape: 'hv' } },
      {
        name: 'Best, 95 %',
        x: [2],
        y: [0.812],
        customdata: [[2, '0.8120']],
        error_y: {
          array: [expect.closeTo(0.0195996, 6)],
          arrayminus: [expect.closeTo(0.0195996, 6)],
        },
      },
    ]);
    expect(data).toHaveLength(4);
    expect(data[0]).toMatchObject({
      customdata: [
        [1, '0.7900', 'n_estimators 100, learning_rate 0.1, grow_policy depthwise'],
        [2, '0.8120', 'n_estimators 50, learning_rate 0.01, grow_policy lossguide<br>max_leaves 16'],
      ],
    });
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Trial' }, range: [0.5, 8.5] },
      yaxis: { title: { text: 'ROC AUC on validation rows' } },
    });
    // From the pruned 0.7 to the interval's end 0.8316, and 6 % of it beyond.
    expect(layout.yaxis?.range).toEqual([expect.closeTo(0.6921, 4), expect.closeTo(0.8395, 4)]);
  });

  it('lists every trial that began', () => {
    expect(optimisationHistoryFigure(figureInput(), LIGHT_CHART_THEME).table.rows).toEqual([
      {
        trial: 1,
        state: 'complete',
        roc_auc: 0.79,
        standard_error: 0.01,
        rounds: 50,
        best_so_far: 0.79,
        failure: null,
      },
      {
        trial: 2,
        state: 'complete',
        roc_auc: 0.812,
        standard_error: 0.01,
        rounds: 50,
        best_so_far: 0.812,
        failure: null,
      },
      {
        trial: 3,
        state: 'pruned',
        roc_auc: 0.7,
        standard_error: 0.01,
        rounds: 25,
        best_so_far: 0.812,
        failure: null,
      },
      {
        trial: 5,
        state: 'failed',
        roc_auc: null,
        standard_error: null,
        rounds: null,
        best_so_far: 0.812,
        failure: 'used more than 512 MiB',
      },
      {
        trial: 6,
        state: 'running',
        roc_auc: null,
        standard_error: null,
        rounds: null,
        best_so_far: 0.812,
        failure: null,
      },
    ]);
  });

  it('emphasises what is selected and leaves the axes alone', () => {
    const plain = optimisationHistoryFigure(figureInput(), LIGHT_CHART_THEME);
    const { data, layout } = optimisationHistoryFigure(
      figureInput(SMALL_TRIALS, { selected: [1, 3] }),
      LIGHT_CHART_THEME,
    );
    expect(data[0]).toMatchObject({
      // On top: the selected one is drawn last.
      x: [2, 1],
      customdata: [
        [2, '0.8120', expect.any(String)],
        [1, '0.7900', expect.any(String)],
      ],
      marker: { color: ['#6c727a', '#0072b2'], size: [6, 12], line: { width: [0, 2] } },
    });
    expect(data[1]).toMatchObject({ marker: { color: ['#1b1d21'], size: [12], symbol: 'triangle-down' } });
    expect(layout).toEqual(plain.layout);
  });

  it('goes down where less is better', () => {
    const trials = [0.2, 0.15, 0.18].map((logloss, i) => {
      const trial = trialOf(i + 1, { standardError: null });
      return { ...trial, metrics: trial.metrics && { ...trial.metrics, logloss } };
    });
    const input = figureInput(trials, { config: { objective: 'logloss' } });
    const { title, data, layout } = optimisationHistoryFigure(input, LIGHT_CHART_THEME);
    expect(title).toBe(
      'Best Log loss (nats a row) on validation rows 0.1500, in trial 2; 3 of 8 trials complete.',
    );
    expect(data).toMatchObject([
      { y: [0.2, 0.15, 0.18] },
      { name: 'Best so far', x: [1, 2, 3], y: [0.2, 0.15, 0.15] },
      { x: [2], y: [0.15] },
    ]);
    expect(data[2]).not.toHaveProperty('error_y');
    expect(layout.yaxis?.title).toMatchObject({ text: 'Log loss (nats a row) on validation rows' });
  });

  it('says what k-fold values are means of', () => {
    const config = { validation: { type: 'kfold', nSplits: 5, nRepeats: 2 } } as const;
    const { layout } = optimisationHistoryFigure(figureInput(SMALL_TRIALS, { config }), LIGHT_CHART_THEME);
    expect(layout.yaxis?.title).toMatchObject({ text: 'ROC AUC, mean of 10 folds' });
  });

  it('takes its colours from the theme', () => {
    const { data } = optimisationHistoryFigure(figureInput(), DARK_CHART_THEME);
    expect(data).toMatchObject([{ marker: { color: '#56b4e9' } }, {}, { line: { color: '#e69f00' } }, {}]);
  });

  it('draws pruned trials before any is complete', () => {
    const pruned = trialWithRocAuc(1, 0.7, { state: 'pruned' });
    const { title, data } = optimisationHistoryFigure(figureInput([pruned]), LIGHT_CHART_THEME);
    expect(title).toBe('0 of 8 trials complete, 1 pruned.');
    expect(data).toMatchObject([{ name: 'Pruned', x: [1] }]);
  });

  it('gives equal values an axis around them', () => {
    const equal = [1, 2].map((number) => trialWithRocAuc(number, 0.8, { standardError: null }));
    const { layout } = optimisationHistoryFigure(figureInput(equal), LIGHT_CHART_THEME);
    expect(layout.yaxis?.range).toEqual([expect.closeTo(0.792, 9), expect.closeTo(0.808, 9)]);
  });

  it.each([
    ['none begun', [], '0 of 8 trials complete.'],
    ['all running', [SMALL_TRIALS[5]], '0 of 8 trials complete, 1 running.'],
    ['all failed', [SMALL_TRIALS[4]], '0 of 8 trials complete, 1 failed.'],
  ])('says so with %s', (_, trials, title) => {
    const figure = optimisationHistoryFigure(figureInput(trials), LIGHT_CHART_THEME);
    expect(figure.title).toBe(title);
    expect(figure.data).toEqual([]);
    expect(figure.layout.annotations).toMatchObject([{ text: 'No trial has a result yet.' }]);
  });
});

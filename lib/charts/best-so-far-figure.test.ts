import { describe, expect, it } from 'vitest';
import { figureInput, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import { bestSoFarFigure } from './best-so-far-figure';
import { LIGHT_CHART_THEME } from './chart-theme';

describe('bestSoFarFigure', () => {
  it('draws the best against the rounds trained, with its interval', () => {
    const { title, data, layout } = bestSoFarFigure(figureInput(), LIGHT_CHART_THEME);
    expect(title).toBe(
      'Best ROC AUC on validation rows 0.8120 (95 %: 0.7924 to 0.8316), in trial 2, found after 100 of 125 rounds trained.',
    );
    const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4));
    expect(data).toMatchObject([
      { name: '95 % from', x: [50, 100, 125], y: near([0.7704, 0.7924, 0.7924]), showlegend: false },
      { name: '95 % interval', y: near([0.8096, 0.8316, 0.8316]), fill: 'tonexty', fillcolor: '#d55e002e' },
      { name: 'Best so far', x: [50, 100, 125], y: [0.79, 0.812, 0.812], line: { shape: 'hv' } },
      {
        mode: 'markers',
        name: 'Became the best',
        x: [50, 100],
        y: [0.79, 0.812],
        customdata: [
          [1, '0.7900', '50'],
          [2, '0.8120', '100'],
        ],
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Boosting rounds trained' }, range: [0, 128.75] },
      yaxis: { title: { text: 'ROC AUC on validation rows' }, range: near([0.7667, 0.8353]) },
    });
  });

  it('lists each trial that became the best', () => {
    const { table } = bestSoFarFigure(figureInput(), LIGHT_CHART_THEME);
    expect(table.columns.map(({ key }) => key)).toEqual([
      'trial',
      'rounds_trained',
      'roc_auc',
      'low',
      'high',
    ]);
    expect(table.rows).toEqual([
      {
        trial: 1,
        rounds_trained: 50,
        roc_auc: 0.79,
        low: expect.closeTo(0.7704, 4),
        high: expect.closeTo(0.8096, 4),
      },
      {
        trial: 2,
        rounds_trained: 100,
        roc_auc: 0.812,
        low: expect.closeTo(0.7924, 4),
        high: expect.closeTo(0.8316, 4),
      },
    ]);
  });

  it('draws no band where there is no standard error', () => {
    const input = figureInput([trialWithRocAuc(1, 0.8, { standardError: null })]);
    const { title, data, table } = bestSoFarFigure(input, LIGHT_CHART_THEME);
    expect(title).toBe(
      'Best ROC AUC on validation rows 0.8000, in trial 1, found after 50 of 50 rounds trained.',
    );
    expect(data).toMatchObject([{ name: 'Best so far', x: [50, 50] }, { name: 'Became the best' }]);
    expect(table.rows).toEqual([{ trial: 1, rounds_trained: 50, roc_auc: 0.8, low: null, high: null }]);
  });

  it('emphasises what is selected and leaves the axes alone', () => {
    const { data, layout } = bestSoFarFigure(figureInput(SMALL_TRIALS, { selected: [1] }), LIGHT_CHART_THEME);
    expect(data[3]).toMatchObject({ x: [100, 50], marker: { color: ['#6c727a', '#d55e00'] } });
    expect(layout).toEqual(bestSoFarFigure(figureInput(), LIGHT_CHART_THEME).layout);
  });

  it.each([
    ['no trial', [], 'No trial is complete yet, after 0 rounds.'],
    ['a pruned one', [undefined, undefined, SMALL_TRIALS[2]], 'No trial is complete yet, after 25 rounds.'],
  ])('says so with %s', (_, trials, title) => {
    const figure = bestSoFarFigure(figureInput(trials), LIGHT_CHART_THEME);
    expect(figure).toMatchObject({ title, data: [], table: { rows: [] } });
    expect(figure.layout.annotations).toMatchObject([{ text: 'No trial is complete yet.' }]);
  });
});

import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, LOSSGUIDE, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import { LIGHT_CHART_THEME } from './chart-theme';
import { learningCurvesFigure } from './learning-curves-figure';

describe('learningCurvesFigure', () => {
  it('draws a curve a trial, pruned ones dotted, the best thick, with marked ends', () => {
    const { title, data, layout } = learningCurvesFigure(figureInput(), LIGHT_CHART_THEME);
    expect(title).toBe(
      '2 of 8 trials complete, 1 pruned, 1 failed, 1 running; 125 of 250 rounds were trained. Trial 2 is best, with ROC AUC 0.8120 after 50 rounds.',
    );
    expect(data).toMatchObject([
      { mode: 'lines', name: 'Pruned', x: [25], y: [0.7], customdata: [3], line: { dash: 'dot' } },
      {
        mode: 'lines',
        name: 'Complete',
        x: [25, 50],
        y: [0.75, 0.79],
        customdata: [1, 1],
        line: { dash: 'solid', width: 1.25 },
      },
      {
        mode: 'lines',
        name: 'Best',
        x: [25, 50],
        y: [0.8, 0.812],
        customdata: [2, 2],
        line: { color: '#d55e00', width: 3 },
      },
      {
        mode: 'markers',
        name: 'Pruned',
        x: [25],
        y: [0.7],
        customdata: [[3]],
        marker: { symbol: 'triangle-down' },
        showlegend: false,
      },
      { mode: 'markers', name: 'Complete', x: [50], customdata: [[1]], marker: { symbol: 'circle' } },
      { mode: 'markers', name: 'Best', x: [50], customdata: [[2]], marker: { symbol: 'star' } },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Boosting rounds' }, range: [0, 52] },
      yaxis: { title: { text: 'ROC AUC on validation rows' } },
    });
    expect(layout.yaxis?.range).toEqual([expect.closeTo(0.6933, 4), expect.closeTo(0.8187, 4)]);
  });

  it('lists every report', () => {
    expect(learningCurvesFigure(figureInput(), LIGHT_CHART_THEME).table.rows).toEqual([
      { trial: 1, state: 'complete', rounds: 25, roc_auc: 0.75 },
      { trial: 1, state: 'complete', rounds: 50, roc_auc: 0.79 },
      { trial: 2, state: 'complete', rounds: 25, roc_auc: 0.8 },
      { trial: 2, state: 'complete', rounds: 50, roc_auc: 0.812 },
      { trial: 3, state: 'pruned', rounds: 25, roc_auc: 0.7 },
    ]);
  });

  it('marks the paused, and shows what running trials reported', () => {
    const input = figureInput([
      trialWithRocAuc(1, 0.7, { params: LOSSGUIDE, state: 'paused', curve: [[10, 0.7]], trainedRounds: 10 }),
      trialWithRocAuc(2, 0, { params: LOSSGUIDE, state: 'running', metrics: null, curve: [[10, 0.6]] }),
    ]);
    const { title, data } = learningCurvesFigure(input, LIGHT_CHART_THEME);
    expect(title).toBe('0 of 8 trials complete, 1 paused, 1 running; 60 of 100 rounds were trained.');
    expect(data).toMatchObject([
      { name: 'Running', customdata: [2], line: { dash: 'dashdot' } },
      { name: 'Paused', customdata: [1], line: { dash: 'dash' } },
      { name: 'Running', marker: { symbol: 'diamond' } },
      { name: 'Paused', marker: { symbol: 'square' } },
    ]);
  });

  it('brings what is selected to the front and leaves the axes alone', () => {
    const { data, layout } = learningCurvesFigure(
      figureInput(SMALL_TRIALS, { selected: [3] }),
      LIGHT_CHART_THEME,
    );
    expect(data.slice(0, 3)).toMatchObject([
      { name: 'Complete', line: { color: '#6c727a', width: 1 } },
      { name: 'Best', line: { color: '#6c727a', width: 1 } },
      { name: 'Pruned', line: { color: '#1b1d21', width: 3.25, dash: 'dot' } },
    ]);
    expect(layout).toEqual(learningCurvesFigure(figureInput(), LIGHT_CHART_THEME).layout);
  });

  it('leaves curves out where there are many, never the best or a selected one', () => {
    const trials = Array.from({ length: 900 }, (_, i) =>
      trialWithRocAuc(i + 1, i === 500 ? 0.9 : 0.5, { params: DEPTHWISE }),
    );
    const input = figureInput(trials, { config: { nTrials: 900 }, selected: [3] });
    const { title, data, table } = learningCurvesFigure(input, LIGHT_CHART_THEME);
    // Every third from the first: 1, 4, 7 …; the selected 3 and the best 501 besides.
    expect(table.rows.map(({ trial }) => trial).slice(0, 4)).toEqual([1, 3, 4, 7]);
    expect(table.rows).toHaveLength(302);
    expect(title).toBe(
      '900 of 900 trials complete; 45,000 of 90,000 rounds were trained. Trial 501 is best, with ROC AUC 0.9000 after 50 rounds. 302 of 900 curves are drawn.',
    );
    expect(data).toMatchObject([
      { name: 'Complete', customdata: { length: 2 * 300 - 1 } },
      { name: 'Best', customdata: [501] },
      { name: 'Complete', customdata: [3] },
      {},
      {},
    ]);
  });

  it('leaves reports out where there are many, never the last', () => {
    const curve = Array.from({ length: 8000 }, (_, i) => [i + 1, i / 8000] as const);
    const { title, data } = learningCurvesFigure(
      figureInput([1, 2].map((number) => trialWithRocAuc(number, 0.8, { params: LOSSGUIDE, curve }))),
      LIGHT_CHART_THEME,
    );
    expect(title).toMatch(/One report in 2 is drawn\.$/);
    expect(data[0]).toMatchObject({ x: { length: 4001, 0: 1, 1: 3, 3999: 7999, 4000: 8000 } });
  });

  it.each([
    ['no trial', [], 'No trial has reported yet: 0 of 8 trials complete.'],
    ['all failed', [SMALL_TRIALS[4]], 'No trial has reported yet: 0 of 8 trials complete, 1 failed.'],
  ])('says so with %s', (_, trials, title) => {
    const figure = learningCurvesFigure(figureInput(trials), LIGHT_CHART_THEME);
    expect(figure).toMatchObject({ title, data: [], table: { rows: [] } });
    expect(figure.layout.annotations).toMatchObject([{ text: 'No trial has reported yet.' }]);
  });
});

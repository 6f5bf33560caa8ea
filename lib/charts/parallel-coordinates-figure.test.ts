import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, LOSSGUIDE, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { contrastRatio } from './colour-contrast';
import { parallelAxes, trialsThrough } from './parallel-axes';
import { parallelCoordinatesFigure } from './parallel-coordinates-figure';

describe('parallelCoordinatesFigure', () => {
  it('draws each trial through all axes, the best in front', () => {
    const { title, data, layout } = parallelCoordinatesFigure(figureInput(), LIGHT_CHART_THEME);
    expect(title).toBe(
      'The best of 2 complete trials (ROC AUC 0.8120) has n_estimators 50, learning_rate 0.01, max_leaves 16.',
    );
    const heights = (...values: readonly number[]) => values.map((value) => expect.closeTo(value, 4));
    const along = [0, 1, 2, 3, 4];
    expect(data).toMatchObject([
      { mode: 'lines', hoverinfo: 'skip' },
      // 100 lies at 50.5 of 151; the rate half-way by its logarithm; the policy in the lower half; no max_leaves.
      {
        name: 'Pruned',
        x: along,
        y: heights(0.3344, 0.5, 0.25, -0.14, 0.0536),
        customdata: [3, 3, 3, 3, 3],
        line: { color: '#6c727a', dash: 'dot', width: 1 },
        text: [
          'n_estimators 100',
          'learning_rate 0.1',
          'grow_policy depthwise',
          'max_leaves absent',
          'ROC AUC 0.7000',
        ],
      },
      { name: 'Third', y: heights(0.3344, 0.5, 0.25, -0.14, 0.771), customdata: [1, 1, 1, 1, 1] },
      {
        name: 'Best fifth',
        y: heights(0.0033, 0, 0.75, 0.5, 0.9464),
        customdata: [2, 2, 2, 2, 2],
        line: { color: '#d55e00', dash: 'solid', width: 2 },
      },
      {
        mode: 'markers',
        name: 'Pruned',
        x: [4],
        customdata: [[3, '0.7000']],
        marker: { symbol: 'triangle-down' },
        showlegend: false,
      },
      { mode: 'markers', name: 'Third', x: [4], customdata: [[1, '0.7900']] },
      { mode: 'markers', name: 'Best fifth', x: [4], customdata: [[2, '0.8120']] },
      { mode: 'text', hoverinfo: 'skip' },
    ]);
    expect(layout).toMatchObject({
      xaxis: {
        ticktext: ['n_estimators', 'learning_rate', 'grow_policy', 'max_leaves', 'ROC AUC'],
        range: [-0.3, 4.3],
      },
      yaxis: { visible: false },
    });
  });

  it('writes the ends and the middle of each axis, all categories, and where values are absent', () => {
    const { data } = parallelCoordinatesFigure(figureInput(), LIGHT_CHART_THEME);
    expect(data[7]).toMatchObject({
      x: [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4],
      text: [
        ...['50', '125', '200', '0.01', '0.1', '1', 'depthwise', 'lossguide', '8', '16', '24', 'absent'],
        ...['0.6933', '0.7246', '0.7560', '0.7874', '0.8187'],
      ],
    });
  });

  it('puts better up where less is better', () => {
    const losses = [0.3, 0.1].map((logloss, i) => {
      const trial = trialOf(i + 1, { params: DEPTHWISE });
      return { ...trial, metrics: trial.metrics && { ...trial.metrics, logloss } };
    });
    const { state } = figureInput(losses, { config: { objective: 'logloss' } });
    const axis = parallelAxes(state)[4];
    expect(axis?.name).toBe('Log loss');
    expect(axis?.ticks.map(({ text }) => text)).toEqual(['0.3120', '0.2560', '0.2000', '0.1440', '0.0880']);
  });

  it('colours the complete trials by fifths, ties to the lower number', () => {
    const trials = Array.from({ length: 10 }, (_, i) =>
      trialWithRocAuc(i + 1, [0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.8][i] ?? 0, {
        params: LOSSGUIDE,
      }),
    );
    const { data } = parallelCoordinatesFigure(figureInput(trials), LIGHT_CHART_THEME);
    const lines = data
      .slice(1, 6)
      .map((trace) => ('customdata' in trace ? [...new Set(trace.customdata?.flat())] : []));
    expect(lines).toEqual([
      [1, 2],
      [4, 3],
      [5, 6],
      [7, 8],
      [10, 9],
    ]);
    expect(data.slice(1, 6).map(({ name }) => name)).toEqual([
      'Last fifth',
      'Fourth',
      'Third',
      'Second',
      'Best fifth',
    ]);
  });

  it.each([LIGHT_CHART_THEME, DARK_CHART_THEME])('has lines that stand out from the surface', (theme) => {
    const trials = [1, 2, 3, 4, 5].map((number) =>
      trialWithRocAuc(number, number / 10, { params: DEPTHWISE }),
    );
    const { data } = parallelCoordinatesFigure(figureInput(trials), theme);
    const colours = data
      .slice(1, 6)
      .map((trace) =>
        'line' in trace && trace.line !== undefined && 'color' in trace.line ? String(trace.line.color) : '',
      );
    expect(new Set(colours).size).toBe(5);
    for (const colour of colours) expect(contrastRatio(colour, theme.surface)).toBeGreaterThanOrEqual(3);
  });

  it('brings what is selected to the front and leaves the axes alone', () => {
    const { data, layout } = parallelCoordinatesFigure(
      figureInput(SMALL_TRIALS, { selected: [3] }),
      LIGHT_CHART_THEME,
    );
    expect(data.slice(1, 4)).toMatchObject([
      { name: 'Third', customdata: [1, 1, 1, 1, 1], line: { color: '#6c727a', width: 1 } },
      { name: 'Best fifth', line: { color: '#6c727a', width: 1 } },
      { name: 'Pruned', customdata: [3, 3, 3, 3, 3], line: { color: '#1b1d21', width: 3, dash: 'dot' } },
    ]);
    expect(layout).toEqual(parallelCoordinatesFigure(figureInput(), LIGHT_CHART_THEME).layout);
  });

  it('draws a thousand trials in few traces', () => {
    const trials = Array.from({ length: 1000 }, (_, i) =>
      trialWithRocAuc(i + 1, i / 1000, { params: DEPTHWISE }),
    );
    const { data } = parallelCoordinatesFigure(
      figureInput(trials, { config: { nTrials: 1000 } }),
      LIGHT_CHART_THEME,
    );
    expect(data).toHaveLength(12);
    expect(data[1]).toMatchObject({ customdata: { length: 1000 } });
    // Without gaps: one element on the page.
    expect(data[1]).not.toMatchObject({ x: expect.arrayContaining([null]) });
  });

  it('puts a parameter of one value and equal objectives in the middle', () => {
    const searchSpace = {
      n_estimators: { type: 'choice', values: [100] },
      learning_rate: { type: 'loguniform', low: 0.01, high: 1 },
    } as const;
    const trials = [1, 2].map((number) =>
      trialWithRocAuc(number, 0.8, { params: { n_estimators: 100, learning_rate: 0.1 } }),
    );
    const { data } = parallelCoordinatesFigure(
      figureInput(trials, {
        config: { searchSpace: { ...searchSpace, n_estimators: { type: 'choice', values: [100] } } },
      }),
      LIGHT_CHART_THEME,
    );
    expect(data[1]).toMatchObject({ y: [0.5, expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)] });
  });

  it('says so without results', () => {
    const figure = parallelCoordinatesFigure(figureInput([SMALL_TRIALS[4]]), LIGHT_CHART_THEME);
    expect(figure.title).toBe('No trial has a result yet: 0 of 8 trials complete, 1 failed.');
    expect(figure.data).toEqual([]);
    expect(figure.table.rows).toEqual([
      {
        trial: 5,
        state: 'failed',
        roc_auc: null,
        n_estimators: 100,
        learning_rate: 0.1,
        grow_policy: 'depthwise',
        max_leaves: null,
      },
    ]);
  });
});

describe('trialsThrough', () => {
  const { state } = figureInput();

  it('reads a box over one axis', () => {
    // The upper half of grow_policy: lossguide.
    expect(trialsThrough(state, { x: [1.8, 2.2], y: [1, 0.6] })).toEqual([2]);
    expect(trialsThrough(state, { x: [1.8, 2.2], y: [0.4, 0] })).toEqual([1, 3]);
    // Below max_leaves pass those without it.
    expect(trialsThrough(state, { x: [2.9, 3.1], y: [-0.05, -0.2] })).toEqual([1, 3]);
  });

  it('wants every axis that the box covers', () => {
    expect(trialsThrough(state, { x: [-0.5, 0.5], y: [0.2, 0.9] })).toEqual([1, 3]);
    expect(trialsThrough(state, { x: [0.5, 4.5], y: [-0.2, 0.6] })).toEqual([3]);
  });

  it('finds nothing between axes and none without trials', () => {
    expect(trialsThrough(state, { x: [0.2, 0.8], y: [-1, 2] })).toEqual([]);
    expect(trialsThrough(figureInput([]).state, { x: [-1, 9], y: [-1, 2] })).toEqual([]);
  });
});

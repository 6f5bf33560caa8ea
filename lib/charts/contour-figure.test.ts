import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, LOSSGUIDE, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { contrastRatio } from './colour-contrast';
import { contourFigure } from './contour-figure';

const PAIR = ['learning_rate', 'n_estimators'] as const;

describe('contourFigure', () => {
  it('draws contours with the trials on top', () => {
    const { title, data, layout } = contourFigure({ ...figureInput(), parameters: PAIR }, LIGHT_CHART_THEME);
    expect(title).toBe(
      'ROC AUC is best near learning_rate 0.01, n_estimators 50 (0.8120), interpolated by inverse squared distance between 2 complete trials.',
    );
    expect(data).toMatchObject([
      {
        type: 'contour',
        x: { length: 31, 0: 0.01 },
        y: { length: 31, 0: 50, 30: 200 },
        reversescale: false,
        contours: { coloring: 'fill', size: 0.005 },
        colorbar: { title: { text: 'ROC AUC on validation rows' } },
      },
      {
        name: 'Complete',
        x: [0.1, 0.01],
        y: [100, 50],
        customdata: [
          [1, '0.7900', '0.1', '100'],
          [2, '0.8120', '0.01', '50'],
        ],
      },
      {
        name: 'Pruned',
        x: [0.1],
        y: [100],
        marker: { symbol: 'triangle-down', line: { color: '#1b1d21', width: 1 } },
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'learning_rate' }, type: 'log' },
      yaxis: { title: { text: 'n_estimators' }, type: 'linear' },
    });
  });

  it('lists the surface', () => {
    const { table } = contourFigure({ ...figureInput(), parameters: PAIR }, LIGHT_CHART_THEME);
    expect(table.columns.map(({ label }) => label)).toEqual([
      'learning_rate',
      'n_estimators',
      'ROC AUC, interpolated',
    ]);
    expect(table.rows).toHaveLength(31 * 31);
    expect(table.rows[0]).toEqual({ learning_rate: 0.01, n_estimators: 50, roc_auc: 0.812 });
  });

  it('draws cells where a parameter is a choice, and none where it never occurred', () => {
    const pair = ['grow_policy', 'max_leaves'] as const;
    const { data, table } = contourFigure({ ...figureInput(), parameters: pair }, LIGHT_CHART_THEME);
    expect(data).toMatchObject([
      { type: 'heatmap', x: ['depthwise', 'lossguide'], hoverongaps: false },
      { name: 'Complete', x: ['lossguide'], y: [16] },
    ]);
    expect(table.rows).toHaveLength(17);
    expect(table.rows[0]).toEqual({ grow_policy: 'lossguide', max_leaves: 8, roc_auc: 0.812 });
  });

  it('gives the stronger colour to the better value', () => {
    const losses = [0.2, 0.1].map((logloss, i) => {
      const trial = trialOf(i + 1, { params: { ...DEPTHWISE, n_estimators: 100 + 50 * i } });
      return { ...trial, metrics: trial.metrics && { ...trial.metrics, logloss } };
    });
    const { title, data } = contourFigure(
      { ...figureInput(losses, { config: { objective: 'logloss' } }), parameters: PAIR },
      LIGHT_CHART_THEME,
    );
    expect(title).toContain('Log loss is best near learning_rate 0.1, n_estimators 150 (0.1');
    expect(data[0]).toMatchObject({ reversescale: true });
  });

  it.each([LIGHT_CHART_THEME, DARK_CHART_THEME])(
    'outlines marks so that they stand out from the strongest colour',
    (theme) => {
      const { data } = contourFigure({ ...figureInput(), parameters: PAIR }, theme);
      const [surface] = data;
      const scale = surface !== undefined && 'colorscale' in surface ? surface.colorscale : [];
      for (const stop of scale ?? []) {
        expect(contrastRatio(String(stop[1]), theme.text)).toBeGreaterThanOrEqual(3);
      }
      expect(scale).toHaveLength(2);
    },
  );

  it('emphasises what is selected and leaves the axes alone', () => {
    const { data, layout } = contourFigure(
      { ...figureInput(SMALL_TRIALS, { selected: [1] }), parameters: PAIR },
      LIGHT_CHART_THEME,
    );
    expect(data[1]).toMatchObject({ x: [0.01, 0.1], marker: { line: { width: [1, 2] } } });
    const plain = contourFigure({ ...figureInput(), parameters: PAIR }, LIGHT_CHART_THEME);
    expect(layout).toEqual(plain.layout);
    expect(data[0]).toEqual(plain.data[0]);
  });

  it('is flat where all trials tie', () => {
    const trials = [1, 2].map((number) =>
      trialWithRocAuc(number, 0.8, { params: { ...DEPTHWISE, n_estimators: 60 * number } }),
    );
    const { title, data } = contourFigure({ ...figureInput(trials), parameters: PAIR }, LIGHT_CHART_THEME);
    expect(title).toBe(
      'ROC AUC is 0.8000 wherever there are trials, interpolated by inverse squared distance between 2 complete trials.',
    );
    expect(data[0]).toMatchObject({ zmin: expect.closeTo(0.792, 9), zmax: expect.closeTo(0.808, 9) });
  });

  it('draws no surface without a complete trial', () => {
    const pruned = trialWithRocAuc(1, 0.7, { params: LOSSGUIDE, state: 'pruned' });
    const { title, data } = contourFigure({ ...figureInput([pruned]), parameters: PAIR }, LIGHT_CHART_THEME);
    expect(title).toBe(
      'No complete trial has learning_rate and n_estimators: 0 of 8 trials complete, 1 pruned.',
    );
    expect(data).toMatchObject([{ name: 'Pruned' }]);
  });

  it.each([
    ['no trial', [], '0 of 8 trials complete'],
    [
      'a parameter that is absent',
      [trialWithRocAuc(1, 0.8, { params: DEPTHWISE })],
      '1 of 8 trials complete',
    ],
  ])('says so with %s', (_, trials, progress) => {
    const figure = contourFigure(
      { ...figureInput(trials), parameters: ['learning_rate', 'max_leaves'] },
      LIGHT_CHART_THEME,
    );
    expect(figure.title).toBe(`No trial with learning_rate and max_leaves has a result yet: ${progress}.`);
    expect(figure.data).toEqual([]);
  });
});

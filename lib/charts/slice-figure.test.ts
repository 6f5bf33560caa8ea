import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, LOSSGUIDE, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import { LIGHT_CHART_THEME } from './chart-theme';
import { sliceFigure } from './slice-figure';

describe('sliceFigure', () => {
  it('draws a small chart for each parameter, pruned trials apart', () => {
    const { title, data, layout, heightPx } = sliceFigure(figureInput(), LIGHT_CHART_THEME);
    expect(title).toBe(
      'The best of 2 complete trials (ROC AUC 0.8120) has n_estimators 50, learning_rate 0.01, max_leaves 16.',
    );
    expect(data).toMatchObject([
      { name: 'Complete', xaxis: 'x', yaxis: 'y', x: [100, 50], y: [0.79, 0.812], showlegend: true },
      { name: 'Pruned', xaxis: 'x', yaxis: 'y', x: [100], y: [0.7], showlegend: true },
      { name: 'Complete', xaxis: 'x2', yaxis: 'y', x: [0.1, 0.01], showlegend: false },
      { name: 'Pruned', xaxis: 'x2', yaxis: 'y', x: [0.1] },
      { name: 'Complete', xaxis: 'x3', yaxis: 'y', x: ['depthwise', 'lossguide'] },
      { name: 'Pruned', xaxis: 'x3', yaxis: 'y', x: ['depthwise'] },
      // Of the complete trials one has it, of the pruned ones none.
      { name: 'Complete', xaxis: 'x4', yaxis: 'y2', x: [16], y: [0.812], customdata: [[2, '0.8120', '16']] },
      { name: 'Pruned', xaxis: 'x4', yaxis: 'y2', x: [null], y: [null], customdata: [null] },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'n_estimators' }, anchor: 'y', type: 'linear' },
      xaxis2: { title: { text: 'learning_rate' }, anchor: 'y', type: 'log' },
      xaxis3: { title: { text: 'grow_policy' }, anchor: 'y', type: 'category' },
      xaxis4: { title: { text: 'max_leaves' }, anchor: 'y2' },
      yaxis: { title: { text: 'ROC AUC' }, anchor: 'x' },
      yaxis2: { title: { text: 'ROC AUC' }, anchor: 'x4' },
    });
    expect(layout.yaxis?.range).toEqual(layout.yaxis2?.range);
    expect(heightPx).toBe(470);
  });

  it('puts the charts beside and below each other without overlap', () => {
    const { layout } = sliceFigure(figureInput(), LIGHT_CHART_THEME);
    const { xaxis, xaxis2, xaxis3, xaxis4, yaxis, yaxis2 } = layout;
    const near = (low: number, high: number) => [expect.closeTo(low, 3), expect.closeTo(high, 3)];
    expect([xaxis, xaxis2, xaxis3, xaxis4].map((axis) => axis?.domain)).toEqual([
      near(0, 0.313),
      near(0.343, 0.657),
      near(0.687, 1),
      near(0, 0.313),
    ]);
    expect([yaxis?.domain, yaxis2?.domain]).toEqual([near(0.574, 1), near(0, 0.426)]);
  });

  it('draws the parameters that are asked for', () => {
    const { title, data, layout, heightPx, table } = sliceFigure(
      { ...figureInput(), parameters: ['max_leaves'] },
      LIGHT_CHART_THEME,
    );
    expect(title).toBe('The best of 2 complete trials (ROC AUC 0.8120) has max_leaves 16.');
    expect(data).toHaveLength(2);
    expect(layout.yaxis?.title).toMatchObject({ text: 'ROC AUC on validation rows' });
    expect(layout.xaxis?.domain).toEqual([0, 1]);
    expect(heightPx).toBeUndefined();
    expect(table.rows).toEqual([
      { trial: 1, state: 'complete', roc_auc: 0.79, max_leaves: null },
      { trial: 2, state: 'complete', roc_auc: 0.812, max_leaves: 16 },
      { trial: 3, state: 'pruned', roc_auc: 0.7, max_leaves: null },
      { trial: 5, state: 'failed', roc_auc: null, max_leaves: null },
      { trial: 6, state: 'running', roc_auc: null, max_leaves: 16 },
    ]);
    expect(() => sliceFigure({ ...figureInput(), parameters: ['gamma'] }, LIGHT_CHART_THEME)).toThrow(
      "gamma is not in the study's space",
    );
  });

  it('emphasises what is selected in every chart and leaves the axes alone', () => {
    const { data, layout } = sliceFigure(figureInput(SMALL_TRIALS, { selected: [1] }), LIGHT_CHART_THEME);
    expect(data[0]).toMatchObject({ x: [50, 100], marker: { color: ['#6c727a', '#0072b2'] } });
    expect(data[2]).toMatchObject({ x: [0.01, 0.1], marker: { color: ['#6c727a', '#0072b2'] } });
    expect(layout).toEqual(sliceFigure(figureInput(), LIGHT_CHART_THEME).layout);
  });

  it('draws as many charts of a long study as can be drawn at once', () => {
    const trials = Array.from({ length: 1000 }, (_, i) =>
      trialWithRocAuc(i + 1, i / 1000, { params: DEPTHWISE }),
    );
    const { title, data, table } = sliceFigure(
      figureInput(trials, { config: { nTrials: 1000 } }),
      LIGHT_CHART_THEME,
    );
    expect(data).toMatchObject([{ xaxis: 'x', x: { length: 1000 } }]);
    expect(data).toHaveLength(1);
    expect(title).toBe(
      'The best 200 of 1,000 complete trials (ROC AUC 0.8000 or better) have n_estimators 100; 1 of 4 parameters are drawn, all are in the table.',
    );
    expect(table.columns.map(({ key }) => key)).toContain('max_leaves');
  });

  it('draws what was pruned before any is complete', () => {
    const pruned = trialWithRocAuc(1, 0.7, { params: LOSSGUIDE, state: 'pruned' });
    const { title, data } = sliceFigure(figureInput([pruned]), LIGHT_CHART_THEME);
    expect(title).toBe('No trial is complete yet: 0 of 8 trials complete, 1 pruned.');
    expect(data).toMatchObject([{ name: 'Pruned' }, {}, {}, { x: [16] }]);
  });

  it('says so without results', () => {
    const figure = sliceFigure(figureInput([SMALL_TRIALS[4]]), LIGHT_CHART_THEME);
    expect(figure.title).toBe('No trial has a result yet: 0 of 8 trials complete, 1 failed.');
    expect(figure.data).toEqual([]);
    expect(figure.layout.annotations).toMatchObject([{ text: 'No trial has a result yet.' }]);
  });
});

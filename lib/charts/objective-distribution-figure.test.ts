import { describe, expect, it } from 'vitest';
import { figureInput, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { isComplete } from '@/lib/tuning/study/trial-record';
import { LIGHT_CHART_THEME } from './chart-theme';
import { empiricalDistribution, valueOfBetterHalf } from './empirical-distribution';
import { objectiveDistributionFigure } from './objective-distribution-figure';

const complete = (...values: readonly number[]) =>
  values.map((value, i) => trialWithRocAuc(i + 1, value)).filter(isComplete);
const ROC_AUC = { objective: 'roc_auc' } as const;

describe('empiricalDistribution', () => {
  it('gives the share up to each value, ties alike', () => {
    expect(empiricalDistribution(complete(0.8, 0.7, 0.8, 0.9), ROC_AUC)).toEqual([
      { trialNumber: 2, value: 0.7, share: 0.25 },
      { trialNumber: 1, value: 0.8, share: 0.75 },
      { trialNumber: 3, value: 0.8, share: 0.75 },
      { trialNumber: 4, value: 0.9, share: 1 },
    ]);
    expect(empiricalDistribution([], ROC_AUC)).toEqual([]);
  });
});

describe('valueOfBetterHalf', () => {
  it('rounds half of the trials up', () => {
    expect(valueOfBetterHalf(complete(0.7, 0.9, 0.8), ROC_AUC)).toBe(0.8);
    expect(valueOfBetterHalf(complete(0.7, 0.9, 0.8, 0.6), ROC_AUC)).toBe(0.8);
    expect(valueOfBetterHalf(complete(0.7), ROC_AUC)).toBe(0.7);
    expect(valueOfBetterHalf([], ROC_AUC)).toBeNull();
  });

  it('takes the lower half of a loss', () => {
    const losses = [0.3, 0.1, 0.2].map((logloss, i) => {
      const trial = trialOf(i + 1);
      return { ...trial, metrics: trial.metrics && { ...trial.metrics, logloss } };
    });
    expect(valueOfBetterHalf(losses.filter(isComplete), { objective: 'logloss' })).toBe(0.2);
  });
});

describe('objectiveDistributionFigure', () => {
  it('draws the steps and a marker for each complete trial', () => {
    const { title, data, layout, table } = objectiveDistributionFigure(figureInput(), LIGHT_CHART_THEME);
    expect(title).toBe(
      'Half of 2 complete trials reach ROC AUC on validation rows 0.8120 or better; the best reaches 0.8120.',
    );
    expect(data).toMatchObject([
      { mode: 'lines', x: [0.79, 0.79, 0.812], y: [0, 0.5, 1], line: { shape: 'hv' } },
      {
        mode: 'markers',
        x: [0.79, 0.812],
        y: [0.5, 1],
        customdata: [
          [1, '0.7900'],
          [2, '0.8120'],
        ],
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'ROC AUC on validation rows' } },
      yaxis: { title: { text: 'Share of complete trials up to it' }, tickformat: ',.0%' },
    });
    expect(table.rows).toEqual([
      { trial: 1, roc_auc: 0.79, share: 0.5 },
      { trial: 2, roc_auc: 0.812, share: 1 },
    ]);
  });

  it('speaks of one trial alone', () => {
    const { title } = objectiveDistributionFigure(figureInput(complete(0.8)), LIGHT_CHART_THEME);
    expect(title).toBe('The only complete trial has ROC AUC on validation rows 0.8000.');
  });

  it('emphasises what is selected and leaves the axes alone', () => {
    const { data, layout } = objectiveDistributionFigure(
      figureInput(SMALL_TRIALS, { selected: [1] }),
      LIGHT_CHART_THEME,
    );
    expect(data[1]).toMatchObject({ x: [0.812, 0.79], marker: { size: [6, 12] } });
    expect(layout).toEqual(objectiveDistributionFigure(figureInput(), LIGHT_CHART_THEME).layout);
  });

  it('says so without complete trials', () => {
    const figure = objectiveDistributionFigure(figureInput([SMALL_TRIALS[4]]), LIGHT_CHART_THEME);
    expect(figure).toMatchObject({
      title: 'No trial is complete yet: 0 of 8 trials complete, 1 failed.',
      data: [],
      table: { rows: [] },
    });
  });
});

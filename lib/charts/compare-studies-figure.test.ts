import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, SMALL_TRIALS } from '@/lib/testing/figure-input';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { type ComparisonView, compareStudiesFigure } from './compare-studies-figure';

function studyOf(
  name: string,
  trials: readonly (TrialRecord | undefined)[],
  change: { readonly config?: Partial<StudyConfig>; readonly selected?: readonly number[] } = {},
) {
  const { state, selected } = figureInput(trials, change);
  return { name, state: { ...state, studyId: `study-${name}` }, selected };
}

const OTHER_TRIALS = [0.8, 0.75, 0.805].map((rocAuc, i) =>
  trialWithRocAuc(i + 1, rocAuc, { params: DEPTHWISE, trainedRounds: 100, standardError: null }),
);
const A = studyOf('a', SMALL_TRIALS);
const B = studyOf('<b>', OTHER_TRIALS);

function compared(view: ComparisonView, studies = [A, B]) {
  return compareStudiesFigure({ studies, view }, LIGHT_CHART_THEME);
}

describe('compareStudiesFigure', () => {
  it('draws the best by trial', () => {
    const { title, data, layout, table } = compared('trials');
    expect(title).toBe('Best ROC AUC: a 0.8120 in trial 2 of 8, <b> 0.8050 in trial 3 of 8.');
    expect(data).toMatchObject([
      {
        mode: 'lines',
        name: 'a',
        x: [1, 2, 6],
        y: [0.79, 0.812, 0.812],
        line: { color: '#0072b2', dash: 'solid', shape: 'hv' },
        meta: { studyId: 'study-a' },
      },
      {
        mode: 'markers',
        x: [1, 2],
        marker: { symbol: 'circle' },
        customdata: [
          [1, '0.7900'],
          [2, '0.8120'],
        ],
        meta: { studyId: 'study-a' },
        showlegend: false,
      },
      {
        name: '&lt;b&gt;',
        x: [1, 3, 3],
        y: [0.8, 0.805, 0.805],
        line: { color: '#d55e00', dash: 'dash' },
        meta: { studyId: 'study-<b>' },
      },
      {
        mode: 'markers',
        x: [1, 3],
        marker: { symbol: 'diamond' },
        customdata: [
          [1, '0.8000'],
          [3, '0.8050'],
        ],
      },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Trial' }, range: [0, 6.18] },
      yaxis: { title: { text: 'Best ROC AUC on validation rows so far' } },
    });
    expect(table.rows).toEqual([
      {
        study: 'a',
        trial: 1,
        roc_auc: 0.79,
        low: expect.closeTo(0.7704, 4),
        high: expect.closeTo(0.8096, 4),
      },
      {
        study: 'a',
        trial: 2,
        roc_auc: 0.812,
        low: expect.closeTo(0.7924, 4),
        high: expect.closeTo(0.8316, 4),
      },
      { study: '<b>', trial: 1, roc_auc: 0.8, low: null, high: null },
      { study: '<b>', trial: 3, roc_auc: 0.805, low: null, high: null },
    ]);
  });

  it('draws the best by rounds trained', () => {
    const { title, data, layout, table } = compared('rounds');
    expect(title).toBe('Best ROC AUC: a 0.8120 in 125 rounds, <b> 0.8050 in 300 rounds.');
    expect(data).toMatchObject([
      { x: [50, 100, 125], y: [0.79, 0.812, 0.812] },
      { x: [50, 100] },
      { x: [100, 300, 300], y: [0.8, 0.805, 0.805] },
      { x: [100, 300] },
    ]);
    expect(layout).toMatchObject({ xaxis: { title: { text: 'Boosting rounds trained' }, range: [0, 309] } });
    expect(table.rows[2]).toEqual({
      study: '<b>',
      trial: 1,
      rounds_trained: 100,
      roc_auc: 0.8,
      low: null,
      high: null,
    });
  });

  it('draws the distributions over each other', () => {
    const { title, data, layout, table } = compared('distribution');
    expect(title).toBe('ROC AUC that half of the complete trials reach: a 0.8120 (of 2), <b> 0.8000 (of 3).');
    const third = expect.closeTo(1 / 3, 9);
    expect(data).toMatchObject([
      { x: [0.79, 0.79, 0.812], y: [0, 0.5, 1] },
      { x: [0.79, 0.812], y: [0.5, 1] },
      { x: [0.75, 0.75, 0.8, 0.805], y: [0, third, expect.closeTo(2 / 3, 9), 1] },
      { x: [0.75, 0.8, 0.805] },
    ]);
    expect(layout).toMatchObject({ yaxis: { title: { text: 'Share of complete trials up to it' } } });
    expect(table.rows[2]).toEqual({
      study: '<b>',
      trial: 2,
      share: third,
      roc_auc: 0.75,
      low: null,
      high: null,
    });
  });

  it('emphasises what is selected in any study and lets all others recede', () => {
    const { data, layout } = compared('trials', [studyOf('a', SMALL_TRIALS, { selected: [1] }), B]);
    expect(data[1]).toMatchObject({ x: [2, 1], marker: { color: ['#6c727a', '#0072b2'] } });
    expect(data[3]).toMatchObject({ marker: { color: ['#6c727a', '#6c727a'], size: [6, 6] } });
    expect(layout).toEqual(compared('trials').layout);
  });

  it('gives sixteen studies a look each', () => {
    const studies = Array.from({ length: 16 }, (_, i) => studyOf(String(i), SMALL_TRIALS));
    const { data } = compareStudiesFigure({ studies, view: 'trials' }, DARK_CHART_THEME);
    const looks = data
      .filter((trace) => 'mode' in trace && trace.mode === 'lines')
      .map((trace) => JSON.stringify('line' in trace ? trace.line : null));
    expect(new Set(looks).size).toBe(16);
  });

  it('leaves a tie to the trial that was first', () => {
    const tied = [0.8, 0.8].map((rocAuc, i) => trialWithRocAuc(i + 1, rocAuc));
    for (const view of ['trials', 'rounds'] as const) {
      expect(compared(view, [studyOf('t', tied)]).table.rows).toMatchObject([{ trial: 1 }]);
    }
  });

  it('says when the rows differ', () => {
    const elsewhere = studyOf('c', OTHER_TRIALS, { config: { datasetDigest: 'c'.repeat(64) } });
    expect(compared('trials', [A, elsewhere]).title).toBe(
      'Best ROC AUC: a 0.8120 in trial 2 of 8, c 0.8050 in trial 3 of 8. They were not measured on the same rows.',
    );
  });

  it('says what has no result yet', () => {
    const { title, data } = compared('rounds', [A, studyOf('d', [])]);
    expect(title).toBe('Best ROC AUC: a 0.8120 in 125 rounds, d none yet.');
    expect(data).toHaveLength(2);
  });

  it.each([
    [
      'other objectives',
      [A, studyOf('e', OTHER_TRIALS, { config: { objective: 'logloss' } })],
      'These studies cannot be compared: they are judged by ROC AUC and Log loss.',
    ],
    ['no complete trial', [studyOf('f', []), studyOf('g', [])], 'No trial of the 2 studies is complete yet.'],
    ['no study', [], 'There is no study to compare.'],
  ])('says why it cannot compare: %s', (_, studies, title) => {
    const figure = compared('trials', studies);
    expect(figure).toMatchObject({ title, data: [], table: { rows: [] } });
    expect(figure.layout.annotations).toHaveLength(1);
  });
});

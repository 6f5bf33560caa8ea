import { describe, expect, it } from 'vitest';
import type { ParameterImportances } from '@/lib/tuning/insight/parameter-importances';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { parameterImportancesFigure } from './parameter-importances-figure';

const CONFIG = { objective: 'roc_auc' } as const;
const KNOWN: ParameterImportances = {
  isKnown: true,
  nTrials: 1024,
  parameters: [
    { parameter: 'learning_rate', share: 0.62, deviation: 0.05, nImputed: 0 },
    { parameter: 'max_leaves', share: 0.11, deviation: 0.2, nImputed: 400 },
    { parameter: 'subsample', share: 0, deviation: 0, nImputed: 0 },
  ],
  pairs: [
    { parameters: ['learning_rate', 'max_leaves'], share: 0.2 },
    { parameters: ['learning_rate', 'subsample'], share: 0.004 },
    { parameters: ['max_leaves', 'subsample'], share: 0 },
  ],
  higherOrderShare: 0.066,
};

describe('parameterImportancesFigure', () => {
  it('draws each parameter and the pairs that explain something', () => {
    const { title, data, layout } = parameterImportancesFigure(
      { importances: KNOWN, config: CONFIG },
      LIGHT_CHART_THEME,
    );
    expect(title).toBe(
      'learning_rate explains 62 % of the variance of ROC AUC, max_leaves 11 %; combinations 27 % (1,024 complete trials, fANOVA); where max_leaves was absent, the middle of its range stood in.',
    );
    expect(data).toMatchObject([
      {
        type: 'bar',
        orientation: 'h',
        name: 'Alone',
        y: ['learning_rate', 'max_leaves', 'subsample'],
        x: [0.62, 0.11, 0],
        // Neither below nothing nor beyond all.
        error_x: { array: [0.05, 0.2, 0], arrayminus: [0.05, 0.11, 0] },
        customdata: ['learning_rate', 'max_leaves', 'subsample'],
        text: ['62.0 % ± 5.0 %', '11.0 % ± 20.0 %', '0.0 % ± 0.0 %'],
      },
      {
        name: 'Together, beyond both alone',
        y: ['learning_rate × max_leaves'],
        x: [0.2],
        customdata: [['learning_rate', 'max_leaves']],
        marker: { pattern: { shape: '/' } },
      },
    ]);
    expect(layout).toMatchObject({
      showlegend: true,
      xaxis: { title: { text: 'Share of the variance of ROC AUC over the space' }, tickformat: ',.0%' },
      yaxis: { type: 'category', autorange: 'reversed' },
    });
  });

  it('lists all pairs and what is left', () => {
    const { table } = parameterImportancesFigure({ importances: KNOWN, config: CONFIG }, LIGHT_CHART_THEME);
    expect(table.rows).toEqual([
      { parameter: 'learning_rate', share: 0.62, deviation: 0.05, n_imputed: 0 },
      { parameter: 'max_leaves', share: 0.11, deviation: 0.2, n_imputed: 400 },
      { parameter: 'subsample', share: 0, deviation: 0, n_imputed: 0 },
      { parameter: 'learning_rate × max_leaves', share: 0.2, deviation: null, n_imputed: null },
      { parameter: 'learning_rate × subsample', share: 0.004, deviation: null, n_imputed: null },
      { parameter: 'max_leaves × subsample', share: 0, deviation: null, n_imputed: null },
      { parameter: 'three or more together', share: 0.066, deviation: null, n_imputed: null },
    ]);
  });

  it('speaks of one parameter alone', () => {
    const [only] = KNOWN.parameters;
    if (only === undefined) throw new Error('no parameter');
    const one: ParameterImportances = {
      ...{ isKnown: true, nTrials: 12, parameters: [{ ...only, share: 1 }], pairs: [], higherOrderShare: 0 },
    };
    const { title, data, layout } = parameterImportancesFigure(
      { importances: one, config: { objective: 'logloss' } },
      DARK_CHART_THEME,
    );
    expect(title).toBe(
      'learning_rate explains 100 % of the variance of Log loss; combinations 0 % (12 complete trials, fANOVA).',
    );
    expect(data).toMatchObject([{ marker: { color: '#56b4e9' }, error_x: { array: [0] } }]);
    expect(layout.showlegend).toBe(false);
  });

  it('says why there are none', () => {
    const reason = 'Importances need 10 complete trials; there are 3.';
    const figure = parameterImportancesFigure(
      { importances: { isKnown: false, nTrials: 3, reason }, config: CONFIG },
      LIGHT_CHART_THEME,
    );
    expect(figure).toMatchObject({ title: reason, data: [], table: { rows: [] } });
    expect(figure.layout.annotations).toMatchObject([{ text: reason.replace('trials; ', 'trials;<br>') }]);
  });
});

import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { studyConfig } from '@/lib/testing/study-fixture';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import type { SearchSpace, TrialParams } from '@/lib/tuning/space/search-space';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { type ParameterImportances, parameterImportances } from './parameter-importances';

const SPACE: SearchSpace = {
  n_estimators: { type: 'randint', low: 50, high: 200 },
  learning_rate: { type: 'loguniform', low: 0.001, high: 1 },
  grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
  max_leaves: {
    type: 'lograndint',
    low: 8,
    high: 256,
    when: { parameter: 'grow_policy', isIn: ['lossguide'] },
  },
};

function trialsOf(nTrials: number, rocAuc: (params: TrialParams) => number): readonly TrialRecord[] {
  const random = randomSource(11);
  return Array.from({ length: nTrials }, (_, i) => {
    const params = {
      n_estimators: 50 + Math.floor(random() * 151),
      learning_rate: 10 ** (-3 * random()),
      ...(random() < 0.5
        ? { grow_policy: 'depthwise' }
        : { grow_policy: 'lossguide', max_leaves: Math.round(8 * 32 ** random()) }),
    };
    return trialWithRocAuc(i + 1, rocAuc(params), { params });
  });
}

function importances(trials: readonly (TrialRecord | undefined)[], seed = 42): ParameterImportances {
  return parameterImportances({ config: studyConfig({ searchSpace: SPACE }), trials }, { seed });
}

function known(result: ParameterImportances) {
  if (!result.isKnown) throw new Error(result.reason);
  return result;
}

describe('parameterImportances', () => {
  it('gives shares of the variance on the sampling scale', () => {
    // log₁₀ of the rate: variance 9/12. Policy ±0.5: variance 1/4. So 3 : 1.
    const trials = trialsOf(
      300,
      ({ learning_rate = 1, grow_policy }) =>
        Math.log10(learning_rate) + (grow_policy === 'lossguide' ? 1 : 0),
    );
    const { parameters, pairs, higherOrderShare, nTrials } = known(importances(trials));
    expect(nTrials).toBe(300);
    expect(parameters.map(({ parameter }) => parameter).slice(0, 2)).toEqual([
      'learning_rate',
      'grow_policy',
    ]);
    expect(Math.abs((parameters[0]?.share ?? 0) - 0.75)).toBeLessThan(0.03);
    expect(Math.abs((parameters[1]?.share ?? 0) - 0.25)).toBeLessThan(0.03);
    expect(pairs).toHaveLength(6);
    const sum = [...parameters, ...pairs].reduce((total, { share }) => total + share, higherOrderShare);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('says how often a value stood in for an absent one', () => {
    const trials = trialsOf(40, ({ learning_rate = 1 }) => learning_rate);
    const nDepthwise = trials.filter(({ params }) => params.grow_policy === 'depthwise').length;
    const byName = new Map(known(importances(trials)).parameters.map((own) => [own.parameter, own.nImputed]));
    expect(nDepthwise).toBeGreaterThan(10);
    expect(Object.fromEntries(byName)).toEqual({
      n_estimators: 0,
      learning_rate: 0,
      grow_policy: 0,
      max_leaves: nDepthwise,
    });
  });

  it('counts complete trials only', () => {
    const complete = trialsOf(30, ({ learning_rate = 1 }) => learning_rate);
    const others: readonly (TrialRecord | undefined)[] = [
      undefined,
      trialWithRocAuc(32, 99, { state: 'pruned' }),
      trialWithRocAuc(33, -99, { state: 'paused' }),
      trialWithRocAuc(34, 0, { state: 'failed', metrics: null }),
    ];
    expect(importances([...complete, ...others])).toEqual(importances(complete));
  });

  it('gives the same shares for the same seed', () => {
    const trials = trialsOf(30, ({ n_estimators }) => n_estimators);
    expect(importances(trials, 1)).toEqual(importances(trials, 1));
    expect(importances(trials, 1)).not.toEqual(importances(trials, 2));
  });

  it('is the same for an objective that is minimised', () => {
    const trials = trialsOf(30, ({ n_estimators }) => n_estimators);
    const mirrored = trials.map((trial) => ({
      ...trial,
      metrics: trial.metrics && { ...trial.metrics, logloss: -trial.metrics.roc_auc },
    }));
    const config = studyConfig({ searchSpace: SPACE, objective: 'logloss' });
    const result = known(parameterImportances({ config, trials: mirrored }, { seed: 42 }));
    const { parameters } = known(importances(trials));
    // Left and right are swapped in some nodes, and with them the order of the draws.
    for (const [i, { parameter, share }] of result.parameters.entries()) {
      expect(parameter).toBe(parameters[i]?.parameter);
      expect(Math.abs(share - (parameters[i]?.share ?? 9))).toBeLessThan(0.01);
    }
  });

  it('gives nothing to a parameter with one value', () => {
    const config = studyConfig({
      searchSpace: { ...SPACE, max_bin: { type: 'choice', values: [256] } },
    });
    const trials = trialsOf(30, ({ n_estimators }) => n_estimators).map((trial) => ({
      ...trial,
      params: { ...trial.params, max_bin: 256 },
    }));
    const { parameters } = known(parameterImportances({ config, trials }, { seed: 42 }));
    expect(parameters.find(({ parameter }) => parameter === 'max_bin')).toEqual({
      parameter: 'max_bin',
      share: 0,
      deviation: 0,
      nImputed: 0,
    });
  });

  it.each([
    ['no trial', [], 'Importances need 10 complete trials; there are 0.'],
    ['one', trialsOf(1, () => 0.8), 'Importances need 10 complete trials; there are 1.'],
    ['nine', trialsOf(9, () => 0.8), 'Importances need 10 complete trials; there are 9.'],
    [
      'equal objectives',
      trialsOf(20, () => 0.8),
      'The parameters explain nothing: all complete trials came to the same objective.',
    ],
  ])('says why it cannot say: %s', (_, trials, reason) => {
    expect(importances(trials)).toEqual({ isKnown: false, nTrials: trials.length, reason });
  });
});

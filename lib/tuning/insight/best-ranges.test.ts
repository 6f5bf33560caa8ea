import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, LOSSGUIDE } from '@/lib/testing/figure-input';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { bestFifth, parameterRanges } from './best-ranges';

describe('bestFifth', () => {
  it('takes a fifth, rounded up, of the complete trials', () => {
    const trials = [0.6, 0.9, 0.7, 0.9, 0.8, 0.5].map((rocAuc, i) => trialWithRocAuc(i + 1, rocAuc));
    const { state } = figureInput([...trials, trialWithRocAuc(7, 0.99, { state: 'pruned' })]);
    expect(bestFifth(state).map(({ number }) => number)).toEqual([2, 4]);
    expect(trials.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('goes by the direction of the objective', () => {
    const losses = [0.3, 0.1, 0.2].map((logloss, i) => {
      const trial = trialOf(i + 1);
      return { ...trial, metrics: trial.metrics && { ...trial.metrics, logloss } };
    });
    const { state } = figureInput(losses, { config: { objective: 'logloss' } });
    expect(bestFifth(state).map(({ number }) => number)).toEqual([2]);
  });

  it('gives none of none', () => {
    expect(bestFifth(figureInput([]).state)).toEqual([]);
  });
});

describe('parameterRanges', () => {
  const { state } = figureInput();
  const all = ['n_estimators', 'learning_rate', 'grow_policy', 'max_leaves'] as const;

  it('puts the narrowest against the space first', () => {
    const trials = [
      { params: { ...LOSSGUIDE, learning_rate: 0.1, n_estimators: 60 } },
      { params: { ...LOSSGUIDE, learning_rate: 0.01, max_leaves: 20, n_estimators: 196 } },
      { params: DEPTHWISE },
    ];
    expect(parameterRanges(state, trials, all)).toEqual([
      // 4 of the 17 values from 8 to 24
      { parameter: 'max_leaves', values: [16, 20], isChoice: false, share: expect.closeTo(4 / 17, 12) },
      { parameter: 'learning_rate', values: [0.01, 0.1], isChoice: false, share: expect.closeTo(0.5, 12) },
      { parameter: 'n_estimators', values: [60, 196], isChoice: false, share: expect.closeTo(136 / 151, 12) },
      { parameter: 'grow_policy', values: ['depthwise', 'lossguide'], isChoice: true, share: 1 },
    ]);
  });

  it('leaves out what no trial has', () => {
    const ranges = parameterRanges(state, [{ params: DEPTHWISE }], ['max_leaves', 'gamma', 'grow_policy']);
    expect(ranges).toEqual([{ parameter: 'grow_policy', values: ['depthwise'], isChoice: true, share: 0.5 }]);
    expect(parameterRanges(state, [], all)).toEqual([]);
  });
});

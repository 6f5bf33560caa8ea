import { describe, expect, it } from 'vitest';
import { DEPTHWISE, figureInput, LOSSGUIDE } from '@/lib/testing/figure-input';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import type { SearchSpace } from '@/lib/tuning/space/search-space';
import { objectiveSurface } from './objective-surface';

const SPACE: SearchSpace = {
  n_estimators: { type: 'randint', low: 1, high: 3 },
  learning_rate: { type: 'loguniform', low: 0.01, high: 1 },
  subsample: { type: 'uniform', low: 0.5, high: 1 },
  grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
};
const at = (number: number, rocAuc: number, params: object) =>
  trialWithRocAuc(number, rocAuc, { params: { n_estimators: 2, ...params } });

describe('objectiveSurface', () => {
  it('weighs trials by inverse squared distance on the sampling scale', () => {
    // On the scale 0.01, 0.1 and 1 lie at 0, 0.5 and 1; of the subsample 0.5 and 0.75 at 0 and 0.5.
    const { state } = figureInput(
      [at(1, 0.6, { learning_rate: 0.01, subsample: 0.5 }), at(2, 0.9, { learning_rate: 1, subsample: 0.5 })],
      { config: { searchSpace: SPACE } },
    );
    const { xs, ys, values, nTrials } = objectiveSurface(state, ['learning_rate', 'subsample']);
    expect(nTrials).toBe(2);
    expect([xs.length, ys.length]).toEqual([31, 31]);
    expect([xs[0], xs[15], xs[30]]).toEqual([0.01, 0.1, 1].map((x) => expect.closeTo(x, 12)));
    expect([ys[0], ys[15], ys[30]]).toEqual([0.5, 0.75, 1].map((y) => expect.closeTo(y, 12)));
    expect(values[0]?.[0]).toBe(0.6);
    expect(values[0]?.[30]).toBe(0.9);
    expect(values[0]?.[15]).toBeCloseTo(0.75, 12);
    // At (0, 0.5): distances 0.5² and 1² + 0.5², so weights 4 and 0.8.
    expect(values[15]?.[0]).toBeCloseTo((4 * 0.6 + 0.8 * 0.9) / 4.8, 12);
  });

  it('takes whole numbers one by one and means of trials on a point', () => {
    const { state } = figureInput(
      [
        at(1, 0.6, { n_estimators: 1, subsample: 0.5 }),
        at(2, 0.8, { n_estimators: 1, subsample: 0.5 }),
        at(3, 0.9, { n_estimators: 3, subsample: 0.5 }),
      ],
      { config: { searchSpace: SPACE } },
    );
    const { xs, values } = objectiveSurface(state, ['n_estimators', 'subsample']);
    expect(xs).toEqual([1, 2, 3]);
    expect(values[0]).toEqual([0.7, expect.closeTo((0.6 + 0.8 + 0.9) / 3, 12), 0.9]);
  });

  it('interpolates nothing between categories', () => {
    const { state } = figureInput([
      trialWithRocAuc(1, 0.6, { params: { ...LOSSGUIDE, n_estimators: 50 } }),
      trialWithRocAuc(2, 0.8, { params: { ...LOSSGUIDE, n_estimators: 200 } }),
    ]);
    const { ys, values } = objectiveSurface(state, ['n_estimators', 'grow_policy']);
    expect(ys).toEqual(['depthwise', 'lossguide']);
    expect(values[0]?.every((value) => value === null)).toBe(true);
    expect(values[1]?.[15]).toBeCloseTo(0.7, 6);
    expect(objectiveSurface(state, ['grow_policy', 'grow_policy']).values).toEqual([
      [null, null],
      [null, 0.7],
    ]);
  });

  it('leaves out trials that lack a parameter or are not complete', () => {
    const { state } = figureInput([
      trialWithRocAuc(1, 0.6, { params: DEPTHWISE }),
      trialWithRocAuc(2, 0.7, { params: LOSSGUIDE }),
      trialWithRocAuc(3, 0.1, { params: LOSSGUIDE, state: 'pruned' }),
    ]);
    const { nTrials, values } = objectiveSurface(state, ['learning_rate', 'max_leaves']);
    expect(nTrials).toBe(1);
    expect(new Set(values.flat())).toEqual(new Set([0.7]));
  });

  it('is flat where all trials tie', () => {
    const trials = [1, 2, 3].map((number) =>
      trialWithRocAuc(number, 0.8, { params: { ...LOSSGUIDE, learning_rate: number / 10 } }),
    );
    const { values } = objectiveSurface(figureInput(trials).state, ['learning_rate', 'max_leaves']);
    expect(new Set(values.flat())).toEqual(new Set([0.8]));
    const { values: means } = objectiveSurface(figureInput(trials).state, ['grow_policy', 'max_leaves']);
    expect(new Set(means.flat())).toEqual(new Set([null, 0.8]));
  });

  it('is empty without trials', () => {
    const { values, nTrials } = objectiveSurface(figureInput([]).state, ['learning_rate', 'n_estimators']);
    expect(nTrials).toBe(0);
    expect(new Set(values.flat())).toEqual(new Set([null]));
  });

  it('refuses a parameter that is not in the space', () => {
    expect(() => objectiveSurface(figureInput([]).state, ['gamma', 'n_estimators'])).toThrow(
      "gamma is not in the study's space",
    );
  });
});

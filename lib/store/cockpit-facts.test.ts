import { describe, expect, it } from 'vitest';
import { studyConfig } from '@/lib/testing/study-fixture';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { studyFacts } from './cockpit-facts';

const config = studyConfig({ nTrials: 10 });

describe('studyFacts', () => {
  it('gives the best with its normal interval', () => {
    const trials = [trialWithRocAuc(1, 0.7), trialWithRocAuc(2, 0.8, { standardError: 0.01 })];
    const { best } = studyFacts({ config, trials });
    expect(best?.trial.number).toBe(2);
    // 0.8 ± 1.959964 · 0.01
    expect(best?.objective).toEqual({
      value: 0.8,
      standardError: 0.01,
      low: expect.closeTo(0.78040036, 8),
      high: expect.closeTo(0.81959964, 8),
    });
  });

  it('gives no interval without a standard error', () => {
    const { best } = studyFacts({ config, trials: [trialOf(1, { standardError: null })] });
    expect(best?.objective).toEqual({ value: 0.8, standardError: null, low: null, high: null });
  });

  it('counts rounds against what the same trials would take in full', () => {
    const trials = [
      trialOf(1, { params: { n_estimators: 100 }, trainedRounds: 100 }),
      trialOf(2, { params: { n_estimators: 200 }, trainedRounds: 20, state: 'pruned' }),
      undefined,
      trialOf(4, { params: { n_estimators: 500 }, trainedRounds: 0, state: 'running', metrics: null }),
    ];
    const facts = studyFacts({ config, trials });
    expect(facts).toMatchObject({
      nTrials: 10,
      nComplete: 1,
      nPruned: 1,
      nRunning: 1,
      nOver: 2,
      nRounds: 120,
    });
    expect(facts.shareOfFullRounds).toBe(0.4);
  });

  it('has nothing to show of a study that has just begun', () => {
    expect(studyFacts({ config, trials: [] })).toMatchObject({ best: null, shareOfFullRounds: null });
  });
});

import { describe, expect, it } from 'vitest';
import { studyConfig } from '@/lib/testing/study-fixture';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { trialColumns } from './cockpit-columns';
import { comparedConfigs, comparedTrials, distributionText } from './cockpit-comparison';

describe('comparedTrials', () => {
  const columns = trialColumns('roc_auc', ['n_estimators', 'max_depth', 'gamma']);

  it('marks what differs, and leaves out what none of them has', () => {
    const trials = [trialWithRocAuc(7, 0.8), trialOf(9, { params: { n_estimators: 50, max_depth: 5 } })];
    const rows = comparedTrials(trials, columns).map(({ key, values, differs }) => [key, values, differs]);
    expect(rows.slice(0, 5)).toEqual([
      ['state', ['complete', 'complete'], false],
      ['roc_auc', [0.8, 0.8], false],
      ['standard_error', [0.01, 0.01], false],
      ['n_estimators', [50, 50], false],
      ['max_depth', [3, 5], true],
    ]);
    expect(rows.map(([key]) => key)).not.toContain('gamma');
    expect(rows.map(([key]) => key)).not.toContain('failure');
  });

  it('takes a value that one of them lacks for a difference', () => {
    const trials = [trialOf(1), trialOf(2, { params: { n_estimators: 50, max_depth: 3, gamma: 0 } })];
    const gamma = comparedTrials(trials, columns).find(({ key }) => key === 'gamma');
    expect([gamma?.values, gamma?.differs]).toEqual([[null, 0], true]);
  });

  it('has nothing to say of no trials', () => {
    expect(comparedTrials([], columns)).toEqual([]);
  });
});

describe('comparedConfigs', () => {
  it('shows settings and spaces, with what differs marked', () => {
    const configs = [
      studyConfig(),
      studyConfig({
        seed: 7,
        searchSpace: WIDE_SEARCH_SPACE,
        scheduler: { type: 'asha', minRounds: 20, reductionFactor: 3 },
        validation: { type: 'kfold', nSplits: 5, nRepeats: 2 },
        monotoneConstraints: { tag_count: 1, member_rating: -1 },
      }),
    ];
    const rows = comparedConfigs(configs);
    expect(rows.filter(({ differs }) => differs).map(({ label, values }) => [label, ...values])).toEqual([
      ['Validation', 'split', '2 × 5 folds'],
      ['Scheduler', 'none', 'asha, 20 rounds, 1 in 3'],
      ['Seed', '42', '7'],
      ['Monotone', null, 'member_rating ↓, tag_count ↑'],
      ['min_child_weight', null, 'loguniform 0.1 … 20'],
      ['gamma', null, 'uniform 0 … 5'],
      ['reg_alpha', null, 'loguniform 0.0001 … 10'],
      ['reg_lambda', null, 'loguniform 0.01 … 20'],
      ['max_bin', null, 'choice 64, 128, 256, 512'],
      ['scale_pos_weight', null, 'loguniform 1 … 20'],
      ['grow_policy', null, 'choice depthwise, lossguide'],
      ['max_leaves', null, 'lograndint 8 … 256 where grow_policy is lossguide'],
    ]);
    expect(rows.find(({ label }) => label === 'learning_rate')).toEqual({
      key: 'searchSpace.learning_rate',
      label: 'learning_rate',
      values: ['loguniform 0.01 … 0.3', 'loguniform 0.01 … 0.3'],
      differs: false,
    });
  });

  it('words every setting', () => {
    const [config] = [
      comparedConfigs([
        studyConfig({ threshold: { rule: 'top_share', share: 0.1 }, earlyStoppingRounds: 30 }),
      ]),
    ];
    expect(Object.fromEntries(config?.map(({ label, values }) => [label, values[0]]) ?? [])).toMatchObject({
      Dataset: 'aaaaaaaaaaaa',
      Threshold: 'best 10.0 %',
      Economics: 'sale $2000, contact $20',
      'Early stopping': 'after 30 rounds',
      Report: 'every 10 rounds',
      'Given up after': '3 failures',
    });
  });
});

describe('distributionText', () => {
  it('names the step', () => {
    expect(distributionText({ type: 'quniform', low: 0, high: 1, step: 0.25 })).toBe(
      'quniform 0 … 1 by 0.25',
    );
  });
});

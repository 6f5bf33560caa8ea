import { describe, expect, it } from 'vitest';
import type { SearchSpace } from '@/lib/tuning/space/search-space';
import { DEFAULT_PIPELINE_PARAMS } from '@/lib/tuning/study/pipeline-params';
import { type DraftedPlan, planFaults } from './plan-faults';
import { tableDraft } from './space-draft';

const features = {
  spec: {
    features: [{ name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } }],
  },
} as const satisfies DraftedPlan['features'];

const SMALL: SearchSpace = {
  n_estimators: { type: 'choice', values: [50, 100] },
  max_depth: { type: 'randint', low: 3, high: 5 },
};

const withPlan = (
  plan: Partial<DraftedPlan['params']['plan']>,
  change: Partial<DraftedPlan['params']> = {},
) => ({
  params: { ...DEFAULT_PIPELINE_PARAMS, ...change, plan: { ...DEFAULT_PIPELINE_PARAMS.plan, ...plan } },
  spaceDraft: null,
  features,
});

describe('planFaults', () => {
  it('finds nothing wrong with the defaults', () => {
    expect(planFaults(withPlan({}))).toEqual([]);
  });

  it('says what is wrong with a space that is being written, in sentences', () => {
    const { parameters } = tableDraft(SMALL);
    const spaceDraft = {
      view: 'table' as const,
      parameters: parameters.map((one) => ({ ...one, low: '9', values: '' })),
    };
    expect(planFaults({ ...withPlan({}), spaceDraft })).toEqual([
      'n_estimators has no values to choose among.',
    ]);
  });

  it('refuses more trials than a grid has points', () => {
    const plan = { searchSpace: SMALL };
    expect(planFaults(withPlan(plan, { sampler: 'grid', nTrials: 6 }))).toEqual([]);
    expect(planFaults(withPlan(plan, { sampler: 'grid', nTrials: 7 }))).toEqual([
      'The grid of this search space has 6 points, fewer than the 7 trials asked for.',
    ]);
    expect(planFaults(withPlan(plan, { sampler: 'tpe', nTrials: 7 }))).toEqual([]);
  });

  it('refuses a constraint on a feature that this data does not have', () => {
    const plan = { monotoneConstraints: { tag_count: 1, tag_vip: -1 } as const };
    expect(planFaults(withPlan(plan))).toEqual([
      'The monotone constraint on “tag_vip” fits no feature of this data: remove it.',
    ]);
    expect(planFaults({ ...withPlan(plan), features: null })).toEqual([]);
  });

  it('refuses to cross-validate features that were fitted within folds of their own', () => {
    const source = {
      type: 'country_target',
      rates: [0.1],
      smoothing: 'empirical_bayes',
      minRows: 5,
      folds: 5,
    } as const;
    const encoded = {
      spec: {
        features: [
          { name: 'country_code_target', kind: 'numeric' as const, source: { ...source, rates: [0.1] } },
        ],
      },
    };
    const kfold = withPlan({ validation: { type: 'kfold', nSplits: 3, nRepeats: 1 } });
    expect(planFaults(kfold)).toEqual([]);
    expect(planFaults({ ...withPlan({}), features: encoded })).toEqual([]);
    expect(planFaults({ ...kfold, features: encoded })).toEqual([
      expect.stringMatching(/^The target encoding of country_code cannot be measured by cross-validation/),
    ]);
  });
});

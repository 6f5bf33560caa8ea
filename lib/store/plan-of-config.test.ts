import { describe, expect, it } from 'vitest';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import { planDifferences, planOfConfig } from './plan-of-config';

const data = { datasetDigest: '0'.repeat(64), featureSpecDigest: '1'.repeat(64) };
const config = studyConfigOf(DEFAULT_PIPELINE_PARAMS, data);

describe('planOfConfig', () => {
  it('gives back what the config was made of, without data and seed', () => {
    const { nTrials, workers, sampler, plan } = DEFAULT_PIPELINE_PARAMS;
    expect(planOfConfig(config)).toEqual({ nTrials, workers, sampler, plan });
  });
});

describe('planDifferences', () => {
  it('is empty for the plan of the config, whatever its seed', () => {
    expect(planDifferences(DEFAULT_PIPELINE_PARAMS, { ...config, seed: 7 })).toEqual([]);
  });

  it('does not look at the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(DEFAULT_PIPELINE_PARAMS.plan.searchSpace).reverse());
    const plan = { ...DEFAULT_PIPELINE_PARAMS.plan, searchSpace: reversed as typeof WIDE_SEARCH_SPACE };
    expect(planDifferences({ ...DEFAULT_PIPELINE_PARAMS, plan }, config)).toEqual([]);
  });

  it('names what differs, in the order of the page', () => {
    const plan = { ...DEFAULT_PIPELINE_PARAMS.plan, searchSpace: WIDE_SEARCH_SPACE, maxFailures: 1 };
    expect(planDifferences({ ...DEFAULT_PIPELINE_PARAMS, nTrials: 5, plan }, config)).toEqual([
      'trials',
      'search space',
      'failures',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { keptParamsOf } from './kept-params';
import { DEFAULT_PARAMS, NOTHING_KEPT } from './workbench-state';

describe('keptParamsOf', () => {
  it('gives back what was kept', () => {
    const plan = { ...DEFAULT_PARAMS.plan, searchSpace: WIDE_SEARCH_SPACE, earlyStoppingRounds: 20 };
    const kept = { params: { ...DEFAULT_PARAMS, nTrials: 99, plan }, isPlanEdited: true };
    expect(keptParamsOf(JSON.stringify(kept))).toEqual({ kept, putBack: [] });
  });

  it('takes over what the first version kept, which had no plan and called TPE bayesian', () => {
    const text = '{"paretoShare":0.7,"seed":7,"nTrials":12,"workers":3,"sampler":"bayesian"}';
    expect(keptParamsOf(text)).toEqual({
      kept: {
        params: {
          paretoShare: 0.7,
          seed: 7,
          nTrials: 12,
          workers: 3,
          sampler: 'tpe',
          plan: DEFAULT_PARAMS.plan,
          featureChoices: DEFAULT_PARAMS.featureChoices,
        },
        isPlanEdited: false,
      },
      putBack: [],
    });
  });

  it('puts back what makes no sense, and only that', () => {
    const plan = { ...DEFAULT_PARAMS.plan, objective: 'auc', maxFailures: 5, searchSpace: {} };
    const { kept, putBack } = keptParamsOf(
      JSON.stringify({
        params: {
          ...DEFAULT_PARAMS,
          workers: 1000,
          seed: 3,
          featureChoices: { countryEncoding: 'hash' },
          plan,
        },
        isPlanEdited: true,
      }),
    );
    expect(putBack).toEqual(['featureChoices', 'workers', 'objective', 'searchSpace']);
    expect(kept.params).toEqual({
      ...DEFAULT_PARAMS,
      seed: 3,
      plan: { ...DEFAULT_PARAMS.plan, maxFailures: 5 },
    });
  });

  it.each(['', 'null', '[]', '"text"', '{"params":3}', '{"params":'])('gives the defaults for %s', (text) => {
    expect(keptParamsOf(text)).toEqual({ kept: NOTHING_KEPT, putBack: ['all'] });
  });
});

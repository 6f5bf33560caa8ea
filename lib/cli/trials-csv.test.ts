import { describe, expect, it } from 'vitest';
import type { TrialRecord } from '@/lib/tuning/study-state';
import { TRIALS_COLUMNS, trialsCsv } from './trials-csv';

const COMPLETE: TrialRecord = {
  number: 1,
  params: { max_depth: 5, learning_rate: 0.1 + 0.2, n_estimators: 80, subsample: 0.75, colsample_bytree: 1 },
  state: 'complete',
  metrics: { roc_auc: 0.8125, average_precision: 0.25, f1_score: 0, recall: 0.5 },
  durationMs: 1_234.56,
  attempts: 1,
  failure: null,
};

describe('trialsCsv', () => {
  it('writes trials by number, numbers in full, what is missing empty, texts harmless', () => {
    const failed: TrialRecord = {
      ...COMPLETE,
      number: 3,
      state: 'failed',
      metrics: null,
      durationMs: null,
      attempts: 3,
      failure: '=cmd()',
    };
    expect(trialsCsv({ trials: [COMPLETE, undefined, failed] }).split('\r\n')).toEqual([
      TRIALS_COLUMNS.join(','),
      '1,complete,5,0.30000000000000004,80,0.75,1,0.8125,0.25,0,0.5,1235,1,',
      `3,failed,5,0.30000000000000004,80,0.75,1,,,,,,3,"'=cmd()"`,
      '',
    ]);
  });

  it('writes the header alone where nothing has begun', () => {
    expect(trialsCsv({ trials: [] })).toBe(`${TRIALS_COLUMNS.join(',')}\r\n`);
  });
});

import { describe, expect, it } from 'vitest';
import { studyConfig } from '@/lib/testing/study-fixture';
import type { TrialRecord } from '@/lib/tuning/study/study-state';
import { learningCurvesCsv, trialsColumns, trialsCsv } from './trials-csv';

const COMPLETE: TrialRecord = {
  number: 1,
  params: { max_depth: 5, learning_rate: 0.1 + 0.2, n_estimators: 80, subsample: 0.75, colsample_bytree: 1 },
  state: 'complete',
  metrics: {
    roc_auc: 0.8125,
    average_precision: 0.25,
    logloss: 0.5,
    f1_score: 0,
    recall: 0.5,
    expected_profit: -1.5,
  },
  standardError: 0.0125,
  rounds: 70,
  trainedRounds: 80,
  curve: [
    [10, 0.75],
    [70, 0.8125],
  ],
  durationMs: 1_234.56,
  attempts: 1,
  failure: null,
  stretches: [
    { startedAtMs: 0, endedAtMs: 1, worker: 0, rung: 0, outcome: 'paused' },
    { startedAtMs: 2, endedAtMs: 3, worker: 1, rung: 1, outcome: 'complete' },
  ],
};
const FAILED: TrialRecord = {
  ...COMPLETE,
  number: 3,
  state: 'failed',
  metrics: null,
  standardError: null,
  rounds: null,
  trainedRounds: 0,
  curve: [],
  durationMs: null,
  attempts: 3,
  failure: '=cmd()',
  stretches: [{ startedAtMs: 0, endedAtMs: 1, worker: null, rung: 0, outcome: 'lost' }],
};
const config = studyConfig();

describe('trialsCsv', () => {
  it('writes trials by number, numbers in full, what is missing empty, texts harmless', () => {
    expect(trialsCsv({ config, trials: [COMPLETE, undefined, FAILED] }).split('\r\n')).toEqual([
      'trial_number,state,n_estimators,max_depth,learning_rate,subsample,colsample_bytree,' +
        'roc_auc,average_precision,logloss,f1_score,recall,expected_profit,standard_error,' +
        'rounds,trained_rounds,duration_ms,worker,attempts,failure',
      '1,complete,80,5,0.30000000000000004,0.75,1,0.8125,0.25,0.5,0,0.5,-1.5,0.0125,70,80,1235,1,1,',
      `3,failed,80,5,0.30000000000000004,0.75,1,,,,,,,,,0,,,3,"'=cmd()"`,
      '',
    ]);
  });

  it('has a column for each parameter of the space, conditional or not, and for those of its trials', () => {
    const small = studyConfig({
      searchSpace: {
        n_estimators: { type: 'randint', low: 1, high: 9 },
        grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
      },
    });
    const trial: TrialRecord = {
      ...COMPLETE,
      params: { n_estimators: 3, grow_policy: 'lossguide', max_leaves: 8 },
    };
    const [header, line] = trialsCsv({ config: small, trials: [trial] }).split('\r\n');
    expect(header).toMatch(/^trial_number,state,n_estimators,grow_policy,max_leaves,roc_auc,/);
    expect(line).toMatch(/^1,complete,3,lossguide,8,0\.8125,/);
  });

  it('writes the header alone where nothing has begun', () => {
    const nothing = { config, trials: [] };
    expect(trialsCsv(nothing)).toBe(`${trialsColumns(nothing).join(',')}\r\n`);
  });
});

describe('learningCurvesCsv', () => {
  it('writes a line a report, and none for trials without', () => {
    const study = { config: studyConfig({ objective: 'logloss' }), trials: [COMPLETE, undefined, FAILED] };
    expect(learningCurvesCsv(study)).toBe('trial_number,rounds,logloss\r\n1,10,0.75\r\n1,70,0.8125\r\n');
  });
});

import { describe, expect, it } from 'vitest';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { occurringParameters, trialColumns } from './cockpit-columns';
import { trialFilter } from './cockpit-filter';
import { BY_NUMBER, queriedTrials, sortedBy, type TrialQuery, trialTableCsv } from './cockpit-table';

const FAILED: Partial<TrialRecord> = {
  state: 'failed',
  metrics: null,
  standardError: null,
  rounds: null,
  trainedRounds: 0,
  durationMs: null,
  failure: '=cmd|crashed',
};
const TRIALS = [
  trialWithRocAuc(1, 0.7),
  trialOf(2, { ...FAILED, params: { n_estimators: 60, grow_policy: 'depthwise' } }),
  trialWithRocAuc(3, 0.9, { params: { n_estimators: 70, grow_policy: 'lossguide', max_leaves: 8 } }),
  trialWithRocAuc(4, 0.7, { state: 'pruned', durationMs: 40 }),
];
const COLUMNS = trialColumns('roc_auc', occurringParameters(TRIALS));

function numbers(change: Partial<TrialQuery>, trials = TRIALS): number[] {
  const query = { ...BY_NUMBER, ...change };
  const filter = trialFilter(query.filter, COLUMNS);
  if (!filter.ok) throw new Error(filter.error.message);
  return queriedTrials(trials, { query, columns: COLUMNS, filter: filter.value }).map((t) => t.number);
}

describe('occurringParameters', () => {
  it('lists what any trial has, in the order of the catalogue', () => {
    expect(occurringParameters(TRIALS)).toEqual(['n_estimators', 'max_depth', 'grow_policy', 'max_leaves']);
    expect(occurringParameters([])).toEqual([]);
  });
});

describe('trialColumns', () => {
  it('puts the objective first and every other metric after what the trial took', () => {
    expect(trialColumns('logloss', ['max_depth']).map(({ key }) => key)).toEqual([
      ...['trial_number', 'state', 'logloss', 'standard_error', 'max_depth'],
      ...['trained_rounds', 'rounds', 'duration_ms', 'attempts'],
      ...['roc_auc', 'average_precision', 'f1_score', 'recall', 'expected_profit', 'failure'],
    ]);
  });

  it('reads nothing where a trial has nothing', () => {
    const [, failed] = TRIALS;
    const values = COLUMNS.map(({ key, valueIn }) => [key, failed === undefined ? null : valueIn(failed)]);
    expect(Object.fromEntries(values)).toEqual({
      ...{ trial_number: 2, state: 'failed', roc_auc: null, standard_error: null },
      ...{ n_estimators: 60, max_depth: null, grow_policy: 'depthwise', max_leaves: null },
      ...{ trained_rounds: null, rounds: null, duration_ms: null, attempts: 1 },
      ...{ average_precision: null, logloss: null, f1_score: null, recall: null, expected_profit: null },
      failure: '=cmd|crashed',
    });
  });
});

describe('sortedBy', () => {
  it('puts the better values first, then turns round', () => {
    const [rocAuc, logloss] = ['roc_auc', 'logloss'].map((key) => COLUMNS.find((one) => one.key === key));
    if (!rocAuc || !logloss) throw new Error('Expected both columns');
    const first = sortedBy(BY_NUMBER, rocAuc);
    expect(first).toEqual({ ...BY_NUMBER, sortBy: 'roc_auc', isDescending: true });
    expect(sortedBy(first, rocAuc).isDescending).toBe(false);
    expect(sortedBy(first, logloss)).toEqual({ ...BY_NUMBER, sortBy: 'logloss', isDescending: false });
  });
});

describe('queriedTrials', () => {
  it('opens in the order of numbers', () => {
    expect(numbers({}, [...TRIALS].reverse())).toEqual([1, 2, 3, 4]);
  });

  it('puts trials without a value last either way, and equal ones in the order of their numbers', () => {
    expect(numbers({ sortBy: 'roc_auc', isDescending: true })).toEqual([3, 1, 4, 2]);
    expect(numbers({ sortBy: 'roc_auc' })).toEqual([1, 4, 3, 2]);
  });

  it('orders texts as texts', () => {
    expect(numbers({ sortBy: 'grow_policy' })).toEqual([2, 3, 1, 4]);
    expect(numbers({ sortBy: 'state', isDescending: true })).toEqual([4, 2, 1, 3]);
  });

  it('shows the states asked for, and keeps the order where the column is gone', () => {
    expect(numbers({ states: ['pruned', 'failed'] })).toEqual([2, 4]);
    expect(numbers({ sortBy: 'gamma' })).toEqual([1, 2, 3, 4]);
    expect(numbers({}, [])).toEqual([]);
  });

  it('leaves its input as it was', () => {
    expect(
      numbers({ sortBy: 'roc_auc', isDescending: true }, Object.freeze([...TRIALS]) as TrialRecord[]),
    ).toEqual([3, 1, 4, 2]);
  });
});

describe('trialTableCsv', () => {
  it('writes numbers in full, nothing for what is missing, and no formulas', () => {
    const columns = COLUMNS.filter(({ key }) =>
      ['trial_number', 'roc_auc', 'grow_policy', 'failure'].includes(key),
    );
    expect(trialTableCsv([trialWithRocAuc(1, 0.1 + 0.2), ...TRIALS.slice(1, 2)], columns)).toBe(
      'trial_number,roc_auc,grow_policy,failure\r\n1,0.30000000000000004,,\r\n2,,depthwise,"\'=cmd|crashed"\r\n',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { trialOf, trialWithRocAuc } from '@/lib/testing/trial-of';
import { trialColumns } from './cockpit-columns';
import { trialFilter } from './cockpit-filter';

const COLUMNS = trialColumns('roc_auc', ['n_estimators', 'max_depth', 'grow_policy']);
const TRIALS = [
  trialWithRocAuc(1, 0.7, { params: { n_estimators: 50, max_depth: 3 } }),
  trialOf(2, { state: 'failed', metrics: null, failure: 'used more than 512 MiB' }),
  trialWithRocAuc(3, 0.9, { params: { n_estimators: 70, max_depth: 6, grow_policy: 'lossguide' } }),
  trialWithRocAuc(4, 0.8, { state: 'pruned', params: { n_estimators: 70 } }),
];

function matching(text: string): number[] {
  const filter = trialFilter(text, COLUMNS);
  if (!filter.ok) throw new Error(filter.error.message);
  return TRIALS.filter(filter.value).map(({ number }) => number);
}

describe('trialFilter', () => {
  it.each([
    ['', [1, 2, 3, 4]],
    ['  ', [1, 2, 3, 4]],
    ['roc_auc > 0.7', [3, 4]],
    ['roc_auc>=.7', [1, 3, 4]],
    ['roc_auc < 8e-1', [1]],
    ['roc_auc<=0.8 and n_estimators=70', [4]],
    ['roc_auc > 0.7, roc_auc < 0.85', [4]],
    ['ROC_AUC > 0.85', [3]],
    ['state = failed', [2]],
    ['state != COMPLETE', [2, 4]],
    ['grow_policy == lossguide', [3]],
    ['max_depth != 3', [3, 4]],
    ['trial=3', [3]],
    ['loss', [3]],
    ['"more than 512"', [2]],
    ['failure = "used more than 512 MiB"', [2]],
    ['pruned complete', []],
    ['nothing', []],
  ])('reads “%s”', (text, expected) => {
    expect(matching(text)).toEqual(expected);
  });

  it('meets no comparison but != without a value', () => {
    expect(matching('max_depth < 100')).toEqual([1, 2, 3]);
    expect(matching('max_depth = 0')).toEqual([]);
  });

  it('refuses a column that is not there, and names those that are', () => {
    const filter = trialFilter('auc > 0.8', COLUMNS);
    expect(filter).toMatchObject({ ok: false, error: { code: 'bad_filter' } });
    expect(!filter.ok && filter.error.message).toBe('No column is called “auc”.');
    expect(!filter.ok && filter.error.hint).toMatch(/^There are trial_number, state, roc_auc, /);
  });

  it('refuses an order of what is no number', () => {
    expect(trialFilter('roc_auc > good', COLUMNS)).toEqual({
      ok: false,
      error: {
        code: 'bad_filter',
        message: '“good” is no number that roc_auc could be > of.',
        hint: 'Write a number, as in roc_auc > 0.8, or compare with = or !=.',
      },
    });
  });

  it.each([
    ['roc_auc', '“roc_auc” compares nothing yet.'],
    ['failed max_depth >', '“max_depth” compares nothing yet.'],
    ['> 5', '“>” compares nothing yet.'],
  ])('refuses “%s”, which is still being typed', (text, message) => {
    expect(trialFilter(text, COLUMNS)).toMatchObject({ ok: false, error: { code: 'bad_filter', message } });
  });

  it('looks for a column’s name in quotes as for any text', () => {
    expect(matching('"roc_auc"')).toEqual([]);
    expect(matching('"state"')).toEqual([]);
  });
});

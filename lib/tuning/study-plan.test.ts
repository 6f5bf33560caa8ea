import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { suggest } from './samplers';
import { DESIGN_SEARCH_SPACE, type TrialParams } from './search-space';
import type { StudyConfig } from './study-events';
import { isTuningOver, type PlannedStudy, suggestionInputs, trialsReady, tuningFailure } from './study-plan';
import type { TrialRecord } from './study-state';

const CONFIG: StudyConfig = {
  datasetDigest: 'a'.repeat(64),
  featureSpecDigest: 'b'.repeat(64),
  nTrials: 24,
  workers: 6,
  sampler: 'bayesian',
  seed: 42,
  objective: 'roc_auc',
  searchSpace: DESIGN_SEARCH_SPACE,
};
const PARAMS = { max_depth: 3, learning_rate: 0.1, n_estimators: 50, subsample: 1, colsample_bytree: 0.7 };

function trial(
  number: number,
  state: TrialRecord['state'],
  rocAuc = 0.5,
  params: TrialParams = PARAMS,
): TrialRecord {
  const metrics = { roc_auc: rocAuc, average_precision: 0, f1_score: 0, recall: 0 };
  return {
    number,
    params,
    state,
    metrics: state === 'complete' ? metrics : null,
    durationMs: null,
    attempts: 1,
    failure: state === 'failed' ? 'crashed' : null,
  };
}

const study = (trials: PlannedStudy['trials'], change: Partial<StudyConfig> = {}): PlannedStudy => ({
  config: { ...CONFIG, ...change },
  trials,
});

describe('trialsReady', () => {
  it('starts with as many trials as workers', () => {
    expect(trialsReady(study([]))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(trialsReady(study([], { workers: 1 }))).toEqual([1]);
    expect(trialsReady(study([], { nTrials: 3 }))).toEqual([1, 2, 3]);
  });

  it('lets trial n wait for trials 1 … n − workers, whoever else has finished', () => {
    const late = study([trial(1, 'running'), trial(2, 'complete'), trial(3, 'failed')], { workers: 3 });
    expect(trialsReady(late)).toEqual([]);
    const early = study([trial(1, 'complete'), trial(2, 'failed'), trial(3, 'running')], { workers: 3 });
    expect(trialsReady(early)).toEqual([4, 5]);
  });

  it('fills holes left by a stop', () => {
    expect(
      trialsReady(study([trial(1, 'complete'), undefined, trial(3, 'complete')], { workers: 2 })),
    ).toEqual([2]);
  });

  it('ends with the last trial', () => {
    const done = study([trial(1, 'complete'), trial(2, 'failed')], { nTrials: 2 });
    expect(trialsReady(done)).toEqual([]);
    expect(isTuningOver(done)).toBe(true);
    expect(isTuningOver(study([trial(1, 'complete'), trial(2, 'running')], { nTrials: 2 }))).toBe(false);
  });
});

describe('tuningFailure', () => {
  it('is null while a trial can still complete', () => {
    expect(tuningFailure(study([]))).toBeNull();
    expect(tuningFailure(study([trial(1, 'failed'), trial(2, 'failed'), trial(3, 'running')]))).toBeNull();
    expect(tuningFailure(study([trial(1, 'failed'), trial(2, 'complete')], { nTrials: 2 }))).toBeNull();
  });

  it('gives up when the first three failed, or all', () => {
    const three = [1, 2, 3].map((number) => trial(number, 'failed'));
    expect(tuningFailure(study(three))).toBe('The first 3 trials failed; trial 1 said: crashed');
    expect(tuningFailure(study(three.slice(0, 1), { nTrials: 1 }))).toBe(
      'No trial completed; trial 1 said: crashed',
    );
  });
});

describe('suggestionInputs', () => {
  it('gives results up to n − workers and bare parameters of those after', () => {
    const later = { ...PARAMS, max_depth: 5 };
    const planned = study(
      [
        trial(1, 'complete', 0.7),
        trial(2, 'failed'),
        trial(3, 'complete', 0.9),
        trial(4, 'complete', 0.8, later),
      ],
      { workers: 2 },
    );
    expect(suggestionInputs(planned, 5)).toEqual({
      history: [
        { params: PARAMS, value: 0.7 },
        { params: PARAMS, value: 0.9 },
      ],
      pending: [later],
    });
  });

  it('refuses a trial asked for too early', () => {
    expect(() => suggestionInputs(study([trial(1, 'running')], { workers: 1 }), 2)).toThrow(
      'while trial 1 runs',
    );
    expect(() => suggestionInputs(study([]), 2)).toThrow('before trial 1 began');
  });
});

/** Run a whole study in memory; `pick` chooses which of the running trials finishes next. */
function paramsWithOrder(pick: (nRunning: number) => number, nAtOnce: number): readonly TrialParams[] {
  const trials: (TrialRecord | undefined)[] = [];
  const running: number[] = [];
  const planned = study(trials);
  while (!isTuningOver(planned)) {
    for (const number of trialsReady(planned)) {
      if (running.length === nAtOnce) break;
      const params = suggest({
        sampler: CONFIG.sampler,
        space: CONFIG.searchSpace,
        seed: CONFIG.seed,
        trialNumber: number,
        ...suggestionInputs(planned, number),
      });
      trials[number - 1] = trial(number, 'running', 0, params);
      running.push(number);
    }
    const [finished] = running.splice(pick(running.length), 1);
    if (finished === undefined) throw new Error('nothing runs');
    const params = trials[finished - 1]?.params ?? PARAMS;
    const value = 0.8 - Math.abs(params.learning_rate - 0.07) - Math.abs(params.max_depth - 5) / 100;
    trials[finished - 1] = trial(finished, finished === 4 ? 'failed' : 'complete', value, params);
  }
  return trials.map((done) => done?.params ?? PARAMS);
}

describe('a study by the n − workers rule', () => {
  it('suggests the same trials in whatever order they finish, and however many run at once', () => {
    const oneByOne = paramsWithOrder(() => 0, 1);
    expect(oneByOne).toHaveLength(24);
    expect(paramsWithOrder(() => 0, 6)).toEqual(oneByOne);
    expect(paramsWithOrder((n) => n - 1, 6)).toEqual(oneByOne);
    expect(paramsWithOrder((n) => n - 1, 2)).toEqual(oneByOne);
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomSource(seed);
      expect(paramsWithOrder((n) => Math.floor(random() * n), 1 + (seed % 6))).toEqual(oneByOne);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { DESIGN_SEARCH_SPACE } from './search-space';
import type { StudyState, TrialRecord } from './study-state';
import { isInterrupted, resumption, type StudyView } from './study-view';

const PARAMS = { max_depth: 3, learning_rate: 0.1, n_estimators: 50, subsample: 1, colsample_bytree: 0.7 };

/** A study of two trials, so many of them complete. */
function view(
  phase: StudyState['phase'],
  nComplete: number,
  kind: StudyView['activity']['kind'] = 'idle',
): StudyView {
  const trials = Array.from(
    { length: nComplete },
    (_, i): TrialRecord => ({
      number: i + 1,
      params: PARAMS,
      state: 'complete',
      metrics: { roc_auc: 0.8, average_precision: 0.2, f1_score: 0.1, recall: 0.1 },
      durationMs: 100,
      attempts: 1,
      failure: null,
    }),
  );
  const state: StudyState = {
    studyId: `study-${'0'.repeat(20)}`,
    config: {
      datasetDigest: 'a'.repeat(64),
      featureSpecDigest: 'b'.repeat(64),
      nTrials: 2,
      workers: 2,
      sampler: 'random',
      seed: 42,
      objective: 'roc_auc',
      searchSpace: DESIGN_SEARCH_SPACE,
    },
    engineVersion: '3.4.1',
    nProcesses: 2,
    gateOverrideReason: null,
    phase,
    failure: null,
    trials,
    modelId: null,
    createdAtMs: 0,
    updatedAtMs: 0,
    tunedAtMs: null,
    lastSequence: 1,
  };
  return { state, activity: { kind, problem: null } };
}

describe('isInterrupted', () => {
  it.each([
    ['tuning', 1, true],
    ['stopping', 1, true],
    ['evaluating', 2, true],
    // All trials are over and the evaluation did not begin.
    ['tuned', 2, true],
    // Stopped by the user: waits to be asked.
    ['tuned', 1, false],
    ['evaluated', 2, false],
    ['failed', 0, false],
  ] as const)('%s with %i of 2 trials: %s', (phase, nComplete, expected) => {
    expect(isInterrupted(view(phase, nComplete))).toBe(expected);
  });

  it('is false while somebody works on the study', () => {
    expect(isInterrupted(view('tuning', 1, 'running'))).toBe(false);
    expect(isInterrupted(view('tuning', 0, 'queued'))).toBe(false);
  });
});

describe('resumption', () => {
  it.each([
    ['tuning', 1, 'tune'],
    ['stopping', 1, 'tune'],
    ['tuned', 1, 'tune'],
    ['tuned', 2, 'evaluate'],
    ['evaluating', 1, 'evaluate'],
    ['evaluating', 2, 'evaluate'],
    ['failed', 0, 'tune'],
    ['failed', 1, 'tune'],
    ['failed', 2, 'evaluate'],
    ['evaluated', 1, 'tune'],
    ['evaluated', 2, null],
  ] as const)('%s with %i of 2 trials: %s', (phase, nComplete, expected) => {
    expect(resumption(view(phase, nComplete))).toBe(expected);
  });

  it('is nothing while somebody works on the study', () => {
    expect(resumption(view('tuning', 1, 'running'))).toBeNull();
  });
});

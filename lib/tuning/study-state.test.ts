import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESIGN_SEARCH_SPACE } from './search-space';
import { type StudyChange, type StudyConfig, type StudyEvent, studyEventSchema } from './study-events';
import { studyProgress, timeLeftMs } from './study-progress';
import { bestTrial, type StudyState, studyAfter } from './study-state';

const CONFIG: StudyConfig = {
  datasetDigest: 'a'.repeat(64),
  featureSpecDigest: 'b'.repeat(64),
  nTrials: 3,
  workers: 2,
  sampler: 'random',
  seed: 42,
  objective: 'roc_auc',
  searchSpace: DESIGN_SEARCH_SPACE,
};
const PARAMS = { max_depth: 3, learning_rate: 0.1, n_estimators: 50, subsample: 1, colsample_bytree: 0.7 };
const metrics = (roc_auc: number) => ({ roc_auc, average_precision: 0.2, f1_score: 0.1, recall: 0.05 });

const CREATED: StudyChange = {
  type: 'study_created',
  studyId: `study-${'0'.repeat(20)}`,
  config: CONFIG,
  engineVersion: '3.4.1',
  nProcesses: 2,
  gateOverrideReason: null,
};
const started = (trialNumber: number, attempt = 1): StudyChange => ({
  type: 'trial_started',
  trialNumber,
  params: PARAMS,
  attempt,
});
const completed = (trialNumber: number, rocAuc: number): StudyChange => ({
  type: 'trial_completed',
  trialNumber,
  params: PARAMS,
  metrics: metrics(rocAuc),
  durationMs: 120,
});
const failed = (trialNumber: number, willRetry: boolean): StudyChange => ({
  type: 'trial_failed',
  trialNumber,
  params: PARAMS,
  message: 'the process ended with signal SIGSEGV',
  willRetry,
});

/** Number the events 1, 2, 3 … and time them 1000, 1100, 1200 … ms. */
function journalOf(...events: readonly StudyChange[]): readonly StudyEvent[] {
  return events.map((event, i) =>
    studyEventSchema.parse({ ...event, sequence: i + 1, atMs: 1000 + 100 * i }),
  );
}

function stateAfter(...events: readonly StudyChange[]): StudyState {
  const state = journalOf(...events).reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('no events');
  return state;
}

describe('studyAfter', () => {
  it('begins a study', () => {
    expect(stateAfter(CREATED)).toEqual({
      studyId: `study-${'0'.repeat(20)}`,
      config: CONFIG,
      engineVersion: '3.4.1',
      nProcesses: 2,
      gateOverrideReason: null,
      phase: 'tuning',
      failure: null,
      trials: [],
      modelId: null,
      createdAtMs: 1000,
      updatedAtMs: 1000,
      tunedAtMs: null,
      lastSequence: 1,
    });
  });

  it('follows a study to its model', () => {
    const state = stateAfter(
      CREATED,
      started(1),
      started(2),
      completed(2, 0.8),
      started(3),
      completed(3, 0.79),
      completed(1, 0.8),
      { type: 'tuning_ended', reason: 'completed', message: null },
      { type: 'evaluation_started' },
      { type: 'evaluation_completed', modelId: `model-${'1'.repeat(20)}` },
    );
    expect(state.phase).toBe('evaluated');
    expect(state.modelId).toBe(`model-${'1'.repeat(20)}`);
    expect(state.tunedAtMs).toBe(1700);
    expect(state.trials).toEqual([
      {
        number: 1,
        params: PARAMS,
        state: 'complete',
        metrics: metrics(0.8),
        durationMs: 120,
        attempts: 1,
        failure: null,
      },
      {
        number: 2,
        params: PARAMS,
        state: 'complete',
        metrics: metrics(0.8),
        durationMs: 120,
        attempts: 1,
        failure: null,
      },
      {
        number: 3,
        params: PARAMS,
        state: 'complete',
        metrics: metrics(0.79),
        durationMs: 120,
        attempts: 1,
        failure: null,
      },
    ]);
    expect(bestTrial(state)?.number).toBe(1);
  });

  it('keeps a trial running while it will be retried, and forgets the failure when it completes', () => {
    const retried = stateAfter(CREATED, started(1), failed(1, true), started(1, 2));
    expect(retried.trials[0]).toMatchObject({ state: 'running', attempts: 2 });
    expect(
      stateAfter(CREATED, started(1), failed(1, true), started(1, 2), completed(1, 0.7)).trials[0],
    ).toEqual({
      number: 1,
      params: PARAMS,
      state: 'complete',
      metrics: metrics(0.7),
      durationMs: 120,
      attempts: 2,
      failure: null,
    });
  });

  it('drops trials cut short by a stop, and takes the study up again', () => {
    const stopped = stateAfter(
      CREATED,
      started(1),
      started(2),
      completed(1, 0.7),
      { type: 'study_stop_requested' },
      { type: 'tuning_ended', reason: 'stopped', message: null },
    );
    expect(stopped.phase).toBe('tuned');
    expect(stopped.trials.map((trial) => trial?.state)).toEqual(['complete', undefined]);
    const resumed = studyAfter(stopped, {
      type: 'study_resumed',
      sequence: 7,
      atMs: 5000,
      nProcesses: 4,
      engineVersion: '3.4.1',
    });
    expect(resumed).toMatchObject({ phase: 'tuning', tunedAtMs: null, nProcesses: 4, failure: null });
  });

  it('tries failed trials again only when the study as a whole had failed', () => {
    const events = [CREATED, started(1), started(2), failed(1, false), completed(2, 0.7)];
    const resumed: StudyChange = { type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' };
    expect(stateAfter(...events, resumed).trials.map((trial) => trial?.state)).toEqual([
      'failed',
      'complete',
    ]);
    const ended: StudyChange = { type: 'tuning_ended', reason: 'failed', message: 'no engine' };
    expect(stateAfter(...events, ended)).toMatchObject({ phase: 'failed', failure: 'no engine' });
    expect(stateAfter(...events, ended, resumed).trials.map((trial) => trial?.state)).toEqual([
      undefined,
      'complete',
    ]);
  });

  it('refuses a journal that does not begin at its beginning', () => {
    const [created, first] = journalOf(CREATED, started(1));
    expect(() => studyAfter(null, first!)).toThrow('begins with study_created');
    expect(() => studyAfter(null, { ...created!, sequence: 2 })).toThrow('begins with event 1, got 2');
  });

  it('refuses gaps', () => {
    const state = stateAfter(CREATED);
    const later = journalOf(CREATED, started(1), started(2))[2]!;
    expect(() => studyAfter(state, later)).toThrow('Expected event 2, got 3');
  });

  it('refuses a second result for a trial', () => {
    expect(() => stateAfter(CREATED, started(1), completed(1, 0.8), completed(1, 0.9))).toThrow(
      'complete, not running',
    );
    expect(() => stateAfter(CREATED, completed(1, 0.8))).toThrow('not begun, not running');
    expect(() => stateAfter(CREATED, started(1), completed(1, 0.8), started(1, 2))).toThrow('over already');
    expect(() => stateAfter(CREATED, started(1), failed(1, false), failed(1, false))).toThrow(
      'failed, not running',
    );
  });

  it('is not changed by a replay of any part already seen', () => {
    const journal = journalOf(
      CREATED,
      started(1),
      started(2),
      completed(2, 0.8),
      started(3),
      completed(1, 0.7),
      completed(3, 0.6),
    );
    const fold = (events: readonly StudyEvent[]) => events.reduce<StudyState | null>(studyAfter, null);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: journal.length }),
        fc.integer({ min: 0, max: 6 }),
        (seen, from) => {
          const start = Math.min(from, seen);
          const withReplay = [...journal.slice(0, seen), ...journal.slice(start)];
          expect(fold(withReplay)).toEqual(fold(journal));
        },
      ),
      { seed: 1 },
    );
  });

  it('does not change the state it is given', () => {
    const before = stateAfter(CREATED, started(1));
    const copy = structuredClone(before);
    studyAfter(before, journalOf(CREATED, started(1), completed(1, 0.9))[2]!);
    expect(before).toEqual(copy);
  });
});

describe('bestTrial', () => {
  it('is null before any trial completes', () => {
    expect(bestTrial(stateAfter(CREATED, started(1), started(2), failed(2, false)))).toBeNull();
  });
});

describe('studyProgress', () => {
  it('counts trials by state', () => {
    const state = stateAfter(CREATED, started(2), started(1), completed(2, 0.8), started(3), failed(3, true));
    expect(studyProgress(state)).toEqual({ nTrials: 3, nComplete: 1, nFailed: 0, nRunning: 2 });
  });
});

describe('timeLeftMs', () => {
  it('is unknown before a trial has completed', () => {
    expect(timeLeftMs(stateAfter(CREATED, started(1), started(2)), 1200)).toBeNull();
  });

  it('shares the trials to come among the processes and counts down', () => {
    // The last event is at 1300 ms; two trials of 120 ms are left for two processes.
    const state = stateAfter(CREATED, started(2), started(1), completed(2, 0.8));
    expect(timeLeftMs(state, 1300)).toBe(120);
    expect(timeLeftMs(state, 1350)).toBe(70);
    expect(timeLeftMs(state, 9999)).toBe(0);
  });

  it('is 0 once tuning is over', () => {
    const ended: StudyChange = { type: 'tuning_ended', reason: 'stopped', message: null };
    expect(timeLeftMs(stateAfter(CREATED, started(1), ended), 1200)).toBe(0);
  });
});

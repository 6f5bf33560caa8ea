import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completed,
  created,
  DESIGN_PARAMS,
  ended,
  failed,
  journalOf,
  started,
  stateAfter,
  studyConfig,
  trialMetrics,
} from '@/lib/testing/study-fixture';
import type { StudyChange, StudyEvent } from './study-events';
import { bestSoFar, studyProgress, timeLeftMs } from './study-progress';
import { bestTrial, type StudyState, studyAfter } from './study-state';

const CONFIG = studyConfig({ nTrials: 3, workers: 2, sampler: 'random' });
const CREATED = created(CONFIG);
const RESUMED: StudyChange = { type: 'study_resumed', nProcesses: 4, engineVersion: '3.4.1' };
const STOPPED: StudyChange = { type: 'tuning_ended', reason: 'stopped', message: null };
const promoted = (trialNumber: number, step: number, attempt = 1): StudyChange => ({
  type: 'trial_promoted',
  trialNumber,
  step,
  rung: 1,
  attempt,
  toRounds: 50,
});

const states = ({ trials }: StudyState) => trials.map((trial) => trial?.state);

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
      steps: [],
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
    expect(state.trials[1]).toEqual({
      number: 2,
      params: DESIGN_PARAMS,
      state: 'complete',
      metrics: trialMetrics(0.8),
      standardError: 0.01,
      rounds: 50,
      trainedRounds: 50,
      curve: [[50, 0.8]],
      durationMs: 120,
      attempts: 1,
      failure: null,
      stretches: [{ startedAtMs: 1200, endedAtMs: 1300, worker: 0, rung: 0, outcome: 'complete' }],
    });
    expect(state.steps[2]).toEqual({
      trialNumber: 3,
      rung: 0,
      toRounds: 50,
      state: 'complete',
      value: 0.79,
      outlook: 0.79,
      trainedRounds: 50,
    });
    expect(bestTrial(state)?.number).toBe(1);
  });

  it('keeps a trial running while it will be retried, and forgets the failure when it completes', () => {
    const events = [CREATED, started(1), failed(1, true), started(1, { attempt: 2 })];
    expect(stateAfter(...events).trials[0]).toMatchObject({ state: 'running', attempts: 2 });
    const done = stateAfter(...events, completed(1, 0.7)).trials[0];
    expect(done).toMatchObject({ state: 'complete', attempts: 2, failure: null, durationMs: 120 });
    expect(done?.stretches.map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
  });

  it('trains a trial in stretches: paused, promoted, complete', () => {
    const events = [
      CREATED,
      started(1, { toRounds: 20 }),
      ended('trial_paused', 1, { rocAuc: 0.7, rounds: 20, worker: 1 }),
    ];
    expect(stateAfter(...events).trials[0]).toMatchObject({ state: 'paused', rounds: 20, trainedRounds: 20 });
    const done = stateAfter(...events, promoted(1, 2), completed(1, 0.75));
    expect(done.trials[0]).toMatchObject({ state: 'complete', trainedRounds: 50, durationMs: 240 });
    expect(done.trials[0]?.stretches).toMatchObject([
      { rung: 0, worker: 1, outcome: 'paused' },
      { rung: 1, worker: 0, outcome: 'complete' },
    ]);
    expect(done.steps).toMatchObject([
      { rung: 0, state: 'paused', value: 0.7, trainedRounds: 20 },
      { rung: 1, state: 'complete', value: 0.75, trainedRounds: 50 },
    ]);
  });

  it('drops trials cut short by a stop, and takes the study up again', () => {
    const stopped = stateAfter(
      CREATED,
      started(1),
      started(2),
      completed(1, 0.7),
      { type: 'study_stop_requested' },
      STOPPED,
    );
    expect(stopped.phase).toBe('tuned');
    expect(states(stopped)).toEqual(['complete', undefined]);
    expect(stopped.steps.map((step) => step?.state)).toEqual(['complete', undefined]);
    const resumed = studyAfter(stopped, { ...journalOf(RESUMED)[0]!, sequence: 7 });
    expect(resumed).toMatchObject({ phase: 'tuning', tunedAtMs: null, nProcesses: 4, failure: null });
  });

  it('prunes what waits for promotion when tuning ends, and lets it wait again when the study goes on', () => {
    const events = [
      CREATED,
      started(1, { toRounds: 20 }),
      ended('trial_paused', 1, { rocAuc: 0.7, rounds: 20 }),
      started(2, { toRounds: 20 }),
      ended('trial_paused', 2, { rocAuc: 0.6, rounds: 20 }),
      promoted(1, 3),
      STOPPED,
    ];
    expect(states(stateAfter(...events))).toEqual(['pruned', 'pruned']);
    const resumed = stateAfter(...events, RESUMED);
    expect(states(resumed)).toEqual(['paused', 'paused']);
    expect(resumed.steps.map((step) => step?.state)).toEqual(['paused', 'paused', undefined]);
    expect(resumed.trials[0]?.stretches.at(-1)).toMatchObject({ outcome: 'lost', rung: 1 });
  });

  it('keeps a trial that the median rule ended as pruned when the study goes on', () => {
    const events = [CREATED, started(1), ended('trial_pruned', 1, { rocAuc: 0.6, rounds: 30 })];
    expect(states(stateAfter(...events, STOPPED, RESUMED))).toEqual(['pruned']);
    expect(bestTrial(stateAfter(...events))).toBeNull();
  });

  it('pauses between trials', () => {
    const pausing = stateAfter(CREATED, started(1), { type: 'study_pause_requested' });
    expect(pausing.phase).toBe('pausing');
    const paused = stateAfter(CREATED, started(1), { type: 'study_pause_requested' }, completed(1, 0.7), {
      type: 'study_paused',
    });
    expect(paused.phase).toBe('paused');
    expect(states(paused)).toEqual(['complete']);
  });

  it('grows to more trials and never to fewer', () => {
    const grown = stateAfter(CREATED, { type: 'study_extended', nTrials: 5 });
    expect(grown.config.nTrials).toBe(5);
    expect(() => stateAfter(CREATED, { type: 'study_extended', nTrials: 3 })).toThrow('more trials');
  });

  it('tries failed trials again only when the study as a whole had failed', () => {
    const events = [CREATED, started(1), started(2), failed(1, false), completed(2, 0.7)];
    expect(states(stateAfter(...events, RESUMED))).toEqual(['failed', 'complete']);
    const end: StudyChange = { type: 'tuning_ended', reason: 'failed', message: 'no engine' };
    expect(stateAfter(...events, end)).toMatchObject({ phase: 'failed', failure: 'no engine' });
    const resumed = stateAfter(...events, end, RESUMED);
    expect(states(resumed)).toEqual([undefined, 'complete']);
    expect(resumed.steps.map((step) => step?.state)).toEqual([undefined, 'complete']);
  });

  it('refuses a journal that does not begin at its beginning', () => {
    const [first, second] = journalOf(CREATED, started(1));
    expect(() => studyAfter(null, second!)).toThrow('begins with study_created');
    expect(() => studyAfter(null, { ...first!, sequence: 2 })).toThrow('begins with event 1, got 2');
  });

  it('refuses gaps', () => {
    const state = stateAfter(CREATED);
    const later = journalOf(CREATED, started(1), started(2))[2]!;
    expect(() => studyAfter(state, later)).toThrow('Expected event 2, got 3');
  });

  it.each([
    ['a second result', [started(1), completed(1, 0.8), completed(1, 0.9)], 'complete, not running'],
    ['a result without a start', [completed(1, 0.8)], 'not begun, not running'],
    ['a start after the end', [started(1), completed(1, 0.8), started(1, { attempt: 2 })], 'over already'],
    ['a second failure', [started(1), failed(1, false), failed(1, false)], 'failed, not running'],
    ['a promotion of what runs', [started(1), promoted(1, 2)], 'running, not paused'],
    ['a promotion of what never began', [promoted(1, 2)], 'not begun, not paused'],
    ['a step taken twice', [started(1), started(2, { step: 1 })], 'Step 1 was taken already'],
  ])('refuses %s', (_, events, message) => {
    expect(() => stateAfter(CREATED, ...events)).toThrow(message);
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

  it('takes the smallest loss and the largest of everything else', () => {
    const events = [started(1), completed(1, 0.8), started(2), completed(2, 0.9)];
    expect(bestTrial(stateAfter(CREATED, ...events))?.number).toBe(2);
    const byLoss = stateAfter(created({ ...CONFIG, objective: 'logloss' }), ...events);
    // Equal losses: the lower number.
    expect(bestTrial(byLoss)?.number).toBe(1);
  });
});

describe('studyProgress', () => {
  it('counts trials by state and the rounds they were trained for', () => {
    const state = stateAfter(CREATED, started(2), started(1), completed(2, 0.8), started(3), failed(3, true));
    expect(studyProgress(state)).toEqual({
      nTrials: 3,
      nComplete: 1,
      nPruned: 0,
      nPaused: 0,
      nFailed: 0,
      nRunning: 2,
      nOver: 1,
      nRounds: 50,
    });
  });
});

describe('bestSoFar', () => {
  it('rises with the best and is null before the first', () => {
    const state = stateAfter(
      CREATED,
      started(1),
      failed(1, false),
      started(2),
      completed(2, 0.7),
      started(3),
      completed(3, 0.6),
    );
    expect(bestSoFar(state)).toEqual([null, 0.7, 0.7]);
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
    expect(timeLeftMs(stateAfter(CREATED, started(1), STOPPED), 1200)).toBe(0);
  });
});

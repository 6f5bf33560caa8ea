import { describe, expect, it } from 'vitest';
import {
  completed,
  created,
  DESIGN_PARAMS,
  ended,
  failed,
  started,
  stateAfter,
  studyConfig,
} from '@/lib/testing/study-fixture';
import { medianThresholds } from './median-rule';
import type { StudyConfig } from './study-config';
import type { StudyChange } from './study-events';
import { isTuningOver, roundsOfStep, stepsReady, tuningFailure } from './study-plan';
import { suggestionInputs } from './suggestion-inputs';

const study = (change: Partial<StudyConfig>, ...events: readonly StudyChange[]) =>
  stateAfter(created(studyConfig(change)), ...events);
const readyTrials = (...args: Parameters<typeof study>) =>
  stepsReady(study(...args)).map(({ trialNumber }) => trialNumber);

describe('stepsReady', () => {
  it('starts with as many trials as workers', () => {
    expect(stepsReady(study({ nTrials: 2 }))).toEqual([
      { kind: 'start', trialNumber: 1, step: 1 },
      { kind: 'start', trialNumber: 2, step: 2 },
    ]);
    expect(readyTrials({})).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readyTrials({ workers: 1 })).toEqual([1]);
  });

  it('lets trial n wait for trials 1 … n − workers, whoever else has finished', () => {
    const late = [started(1), started(2), completed(2, 0.7), started(3), failed(3, false)];
    expect(readyTrials({ workers: 3 }, ...late)).toEqual([]);
    const early = [started(1), completed(1, 0.7), started(2), failed(2, false), started(3)];
    expect(readyTrials({ workers: 3 }, ...early)).toEqual([4, 5]);
  });

  it('fills holes left by a stop', () => {
    const events = [started(1), completed(1, 0.7), started(3), completed(3, 0.7)];
    expect(readyTrials({ workers: 2 }, ...events)).toEqual([2]);
  });

  it('ends with the last trial, and goes on when the study is extended', () => {
    const events = [started(1), completed(1, 0.7), started(2), failed(2, false)];
    const done = study({ nTrials: 2 }, ...events);
    expect(stepsReady(done)).toEqual([]);
    expect(isTuningOver(done)).toBe(true);
    expect(isTuningOver(study({ nTrials: 2 }, ...events.slice(0, 3)))).toBe(false);
    const extended = study({ nTrials: 2 }, ...events, { type: 'study_extended', nTrials: 3 });
    expect(isTuningOver(extended)).toBe(false);
    expect(stepsReady(extended)).toEqual([{ kind: 'start', trialNumber: 3, step: 3 }]);
  });
});

const ASHA: Partial<StudyConfig> = {
  scheduler: { type: 'asha', minRounds: 10, reductionFactor: 2 },
  workers: 1,
  nTrials: 4,
};
const paused = (trialNumber: number, rocAuc: number, rounds = 10) =>
  ended('trial_paused', trialNumber, { rocAuc, rounds });
const promoted = (trialNumber: number, step: number, rung = 1): StudyChange => ({
  type: 'trial_promoted',
  trialNumber,
  step,
  rung,
  attempt: 1,
  toRounds: 20,
});

describe('stepsReady under successive halving', () => {
  it('promotes the better of two before it starts a third', () => {
    const events = [started(1), paused(1, 0.6), started(2), paused(2, 0.7)];
    expect(stepsReady(study(ASHA, ...events))).toEqual([
      { kind: 'promote', trialNumber: 2, rung: 1, step: 3 },
    ]);
    expect(stepsReady(study(ASHA, ...events, promoted(2, 3), paused(2, 0.75, 20)))).toEqual([
      { kind: 'start', trialNumber: 3, step: 4 },
    ]);
  });

  it('looks at the steps 1 … n − workers alone, even when later ones are over', () => {
    const events = [started(1), paused(1, 0.6), started(2), paused(2, 0.7), started(3), paused(3, 0.8)];
    // Step 4 knows steps 1 and 2, where trial 2 leads; step 5 also step 3, where trial 3 does.
    expect(stepsReady(study({ ...ASHA, workers: 2 }, ...events))).toEqual([
      { kind: 'promote', trialNumber: 2, rung: 1, step: 4 },
      { kind: 'promote', trialNumber: 3, rung: 1, step: 5 },
    ]);
  });

  it('lets a complete trial take its place in the rung without promoting it', () => {
    const events = [started(1), paused(1, 0.6), started(2), completed(2, 0.7)];
    expect(stepsReady(study(ASHA, ...events))).toEqual([{ kind: 'start', trialNumber: 3, step: 3 }]);
  });

  it('prefers the highest rung', () => {
    const events = [
      ...[started(1), paused(1, 0.6), started(2), paused(2, 0.7)],
      ...[promoted(2, 3), paused(2, 0.71, 20), started(3, { step: 4 }), paused(3, 0.8)],
      ...[started(4, { step: 5 }), paused(4, 0.9), promoted(4, 6), paused(4, 0.95, 20)],
    ];
    expect(stepsReady(study(ASHA, ...events))).toEqual([
      { kind: 'promote', trialNumber: 4, rung: 2, step: 7 },
    ]);
  });

  it('takes the smaller loss for the better one', () => {
    const loss = (trialNumber: number, logloss: number): StudyChange => {
      const event = paused(trialNumber, 0.5);
      if (event.type !== 'trial_paused') throw new Error('unreachable');
      return { ...event, metrics: { ...event.metrics, logloss } };
    };
    const events = [started(1), loss(1, 0.2), started(2), loss(2, 0.3)];
    expect(stepsReady(study({ ...ASHA, objective: 'logloss' }, ...events))).toMatchObject([
      { kind: 'promote', trialNumber: 1 },
    ]);
  });

  it('never leaves a study without a complete trial: the best goes on to its end when all is known', () => {
    const one = { ...ASHA, nTrials: 1 };
    const events = [started(1), paused(1, 0.6)];
    expect(isTuningOver(study(one, ...events))).toBe(false);
    expect(stepsReady(study(one, ...events))).toEqual([
      { kind: 'promote', trialNumber: 1, rung: 1, step: 2 },
    ]);
    const done = study(one, ...events, promoted(1, 2), completed(1, 0.65));
    expect(stepsReady(done)).toEqual([]);
    expect(isTuningOver(done)).toBe(true);
  });

  it('is not over while a step runs whose result could promote another', () => {
    const events = [started(1), paused(1, 0.6), started(2)];
    expect(isTuningOver(study({ ...ASHA, nTrials: 2 }, ...events))).toBe(false);
  });
});

describe('roundsOfStep', () => {
  it('multiplies by the reduction factor up to the trial’s own rounds', () => {
    const { scheduler } = studyConfig({ scheduler: { type: 'asha', minRounds: 20, reductionFactor: 3 } });
    const config = studyConfig({ scheduler });
    expect([0, 1, 2, 3].map((rung) => roundsOfStep(config, rung, 150))).toEqual([20, 60, 150, 150]);
    expect(roundsOfStep(studyConfig(), 0, 150)).toBe(150);
  });
});

describe('tuningFailure', () => {
  const fails = (trialNumber: number) => [started(trialNumber), failed(trialNumber, false)];

  it('is null while a trial can still complete', () => {
    expect(tuningFailure(study({}))).toBeNull();
    expect(tuningFailure(study({}, ...fails(1), ...fails(2), started(3)))).toBeNull();
    expect(tuningFailure(study({ nTrials: 2 }, ...fails(1), started(2), completed(2, 0.7)))).toBeNull();
  });

  it('gives up when the first three failed, or all', () => {
    expect(tuningFailure(study({}, ...fails(1), ...fails(2), ...fails(3)))).toBe(
      'The first 3 trials failed; trial 1 said: the process ended with signal SIGSEGV',
    );
    expect(tuningFailure(study({ nTrials: 1 }, ...fails(1)))).toBe(
      'No trial completed; trial 1 said: the process ended with signal SIGSEGV',
    );
  });
});

describe('suggestionInputs', () => {
  it('gives results up to n − workers and bare parameters of those after', () => {
    const later = { ...DESIGN_PARAMS, max_depth: 5 };
    const planned = study(
      { workers: 2 },
      ...[started(1), completed(1, 0.7), started(2), failed(2, false), started(3), completed(3, 0.9)],
      ...[started(4, { params: later }), completed(4, 0.8)],
    );
    expect(suggestionInputs(planned, 5, new Map())).toEqual({
      history: [
        { params: DESIGN_PARAMS, value: 0.7, prunedAtRounds: null },
        { params: DESIGN_PARAMS, value: 0.9, prunedAtRounds: null },
      ],
      pending: [later],
    });
  });

  it('counts a trial decided but not begun as pending', () => {
    const later = { ...DESIGN_PARAMS, max_depth: 6 };
    const planned = study({ workers: 3 }, started(1), completed(1, 0.7));
    expect(suggestionInputs(planned, 3, new Map([[2, later]])).pending).toEqual([DESIGN_PARAMS, later]);
  });

  it('gives a trial by its last known rung, with its rounds', () => {
    const planned = study(
      ASHA,
      ...[started(1), paused(1, 0.6), started(2), paused(2, 0.7), promoted(2, 3), paused(2, 0.75, 20)],
    );
    expect(suggestionInputs(planned, 4, new Map()).history).toEqual([
      { params: DESIGN_PARAMS, value: 0.6, prunedAtRounds: 10 },
      { params: DESIGN_PARAMS, value: 0.75, prunedAtRounds: 20 },
    ]);
  });

  it('turns a loss round, so that larger is better', () => {
    const planned = study({ objective: 'logloss', workers: 1 }, started(1), completed(1, 0.7));
    expect(suggestionInputs(planned, 2, new Map()).history).toMatchObject([{ value: -0.2 }]);
  });

  it('refuses a step asked for too early', () => {
    expect(() => suggestionInputs(study({ workers: 1 }, started(1)), 2, new Map())).toThrow(
      'while an earlier one runs',
    );
  });
});

describe('medianThresholds', () => {
  const scheduler = { type: 'median', minRounds: 20, nStartupTrials: 2 } as const;
  const curved = (trialNumber: number, values: readonly number[]): StudyChange => ({
    ...endedAt(trialNumber),
    curve: values.map((value, i): [number, number] => [(i + 1) * 10, value]),
  });
  const endedAt = (trialNumber: number) => {
    const event = completed(trialNumber, 0.7);
    if (event.type !== 'trial_completed') throw new Error('unreachable');
    return event;
  };
  const events = [
    ...[started(1), curved(1, [0.5, 0.6, 0.7])],
    ...[started(2), curved(2, [0.5, 0.64, 0.8])],
    ...[started(3), curved(3, [0.9, 0.9, 0.9])],
  ];

  it('gives the median of what the complete trials 1 … n − workers reported, from minRounds on', () => {
    const planned = study({ scheduler, workers: 2 }, ...events);
    expect(medianThresholds(planned, 4)).toEqual([
      { rounds: 20, value: 0.62 },
      { rounds: 30, value: 0.75 },
    ]);
    expect(medianThresholds(planned, 5)).toEqual([
      { rounds: 20, value: 0.64 },
      { rounds: 30, value: 0.8 },
    ]);
  });

  it('gives nothing while too few are complete, and under another scheduler', () => {
    expect(medianThresholds(study({ scheduler, workers: 2 }, ...events), 3)).toEqual([]);
    expect(medianThresholds(study({ workers: 1 }, ...events), 4)).toEqual([]);
  });
});

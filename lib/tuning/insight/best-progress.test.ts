import { describe, expect, it } from 'vitest';
import {
  completed,
  created,
  ended,
  failed,
  started,
  stateAfter,
  studyConfig,
} from '@/lib/testing/study-fixture';
import { trialWithRocAuc } from '@/lib/testing/trial-of';
import { bestProgress, objectiveInterval } from './best-progress';

const improvementsOf = (state: Parameters<typeof bestProgress>[0]) =>
  bestProgress(state).improvements.map(({ trial, nRounds }) => [trial.number, nRounds]);

describe('bestProgress', () => {
  it('counts the rounds of all trials before each that became the best', () => {
    const state = stateAfter(
      created(),
      ...[started(1), started(2), started(3), started(4)],
      // Ended in another order than decided.
      ...[completed(4, 0.9), completed(2, 0.7), completed(1, 0.8), failed(3, false)],
    );
    expect(improvementsOf(state)).toEqual([
      [1, 50],
      [4, 150],
    ]);
    expect(bestProgress(state).nRounds).toBe(150);
  });

  it('counts the stretches of a trial where each was decided', () => {
    const paused = (trialNumber: number, rocAuc: number) =>
      ended('trial_paused', trialNumber, { rocAuc, rounds: 10 });
    const config = studyConfig({ scheduler: { type: 'asha', minRounds: 10, reductionFactor: 3 } });
    const promoted = {
      type: 'trial_promoted',
      trialNumber: 1,
      step: 3,
      rung: 1,
      attempt: 1,
      toRounds: 50,
    } as const;
    const state = stateAfter(
      created(config),
      ...[started(1, { toRounds: 10 }), paused(1, 0.6), started(2, { toRounds: 10 }), paused(2, 0.5)],
      ...[promoted, started(3, { step: 4, toRounds: 10 }), completed(1, 0.8), paused(3, 0.7)],
    );
    // 10 of trial 1, 10 of trial 2, 40 more of trial 1; trial 3 is no part of it.
    expect(bestProgress(state)).toMatchObject({
      improvements: [{ trial: { number: 1 }, nRounds: 60 }],
      nRounds: 70,
    });
  });

  it('leaves ties to the first and trials that did not complete aside', () => {
    const state = stateAfter(
      created(),
      ...[started(1), completed(1, 0.8), started(2), completed(2, 0.8)],
      ...[started(3), ended('trial_pruned', 3, { rocAuc: 0.95, rounds: 20 }), started(4)],
    );
    expect(improvementsOf(state)).toEqual([[1, 50]]);
    expect(bestProgress(state).nRounds).toBe(120);
  });

  it('takes less for better where the objective is a loss', () => {
    const config = studyConfig({ objective: 'logloss' });
    const withLoss = (trialNumber: number, logloss: number) => {
      const change = ended('trial_completed', trialNumber, { rocAuc: 0.5 });
      if (!('metrics' in change)) throw new Error('no metrics');
      return { ...change, metrics: { ...change.metrics, logloss } };
    };
    const state = stateAfter(
      created(config),
      ...[started(1), withLoss(1, 0.3), started(2), withLoss(2, 0.4), started(3), withLoss(3, 0.2)],
    );
    expect(improvementsOf(state)).toEqual([
      [1, 50],
      [3, 150],
    ]);
  });

  it('has nothing before the first trial', () => {
    expect(bestProgress(stateAfter(created()))).toEqual({ improvements: [], nRounds: 0 });
  });
});

describe('objectiveInterval', () => {
  it('reaches 1.96 standard errors each way', () => {
    const { metrics } = trialWithRocAuc(1, 0.8);
    if (metrics === null) throw new Error('no metrics');
    const config = studyConfig();
    expect(objectiveInterval({ metrics, standardError: 0.01 }, config)).toEqual({
      low: expect.closeTo(0.780400360154599, 12),
      high: expect.closeTo(0.819599639845401, 12),
    });
    expect(objectiveInterval({ metrics, standardError: 0 }, config)).toEqual({ low: 0.8, high: 0.8 });
    expect(objectiveInterval({ metrics, standardError: null }, config)).toBeNull();
  });
});

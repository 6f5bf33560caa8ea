import { describe, expect, it } from 'vitest';
import { created, started, stateAfter } from '@/lib/testing/study-fixture';
import { trialOf } from '@/lib/testing/trial-of';
import { withLiveCurves } from './cockpit-live';

describe('withLiveCurves', () => {
  const state = stateAfter(created(), started(1), started(2));
  const report = (trialNumber: number, rounds: number, value: number) => ({ trialNumber, rounds, value });

  it('lengthens the curves of running trials', () => {
    const shown = withLiveCurves(state, new Map([[2, [report(2, 10, 0.6), report(2, 20, 0.7)]]]));
    expect(shown.trials.map((trial) => trial?.curve)).toEqual([
      [],
      [
        [10, 0.6],
        [20, 0.7],
      ],
    ]);
    expect(shown.trials[0]).toBe(state.trials[0]);
  });

  it('goes on after the rungs that a trial has behind it', () => {
    const trials = [
      trialOf(1, {
        state: 'running',
        curve: [
          [10, 0.5],
          [20, 0.6],
        ],
      }),
    ];
    const shown = withLiveCurves(
      { ...state, trials },
      new Map([[1, [report(1, 20, 0.6), report(1, 30, 0.65)]]]),
    );
    expect(shown.trials[0]?.curve).toEqual([
      [10, 0.5],
      [20, 0.6],
      [30, 0.65],
    ]);
  });

  it('passes over reports of trials that have ended, and gives back what has none', () => {
    const trials = [trialOf(1)];
    expect(withLiveCurves({ ...state, trials }, new Map([[1, [report(1, 60, 0.9)]]])).trials).toEqual(trials);
    expect(withLiveCurves(state, new Map())).toBe(state);
  });
});

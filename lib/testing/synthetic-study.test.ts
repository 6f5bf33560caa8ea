import { describe, expect, it } from 'vitest';
import { isTuningOver } from '@/lib/tuning/study/study-plan';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { studyConfig } from './study-fixture';
import { type SyntheticStudy, stateAfter, syntheticEvents } from './synthetic-study';

const study = (changes: Partial<SyntheticStudy> = {}): SyntheticStudy => ({
  studyId: 'study-00000000000000000000',
  config: studyConfig({ nTrials: 60 }),
  nProcesses: 2,
  failEvery: 0,
  crashEvery: 0,
  ...changes,
});

describe('syntheticEvents', () => {
  it('makes every trial of the plan, and the same ones again', () => {
    const events = syntheticEvents(study());
    const state = stateAfter(events);
    expect(isTuningOver(state)).toBe(true);
    expect(studyProgress(state)).toMatchObject({ nComplete: 60, nFailed: 0, nOver: 60 });
    expect(syntheticEvents(study())).toEqual(events);
  });

  it('fails and repeats the trials it is told to', () => {
    const { trials, ...state } = stateAfter(syntheticEvents(study({ failEvery: 20, crashEvery: 7 })));
    expect(studyProgress({ ...state, trials })).toMatchObject({ nComplete: 57, nFailed: 3 });
    expect([trials[6]?.attempts, trials[7]?.attempts]).toEqual([2, 1]);
  });

  it('prunes by the median and by successive halving', () => {
    const median = { type: 'median', minRounds: 20, nStartupTrials: 5 } as const;
    const asha = { type: 'asha', minRounds: 20, reductionFactor: 3 } as const;
    for (const scheduler of [median, asha]) {
      const state = stateAfter(syntheticEvents(study({ config: studyConfig({ nTrials: 60, scheduler }) })));
      const { nPruned, nComplete, nOver } = studyProgress(state);
      expect([nOver, nPruned + nComplete]).toEqual([60, 60]);
      expect(nPruned).toBeGreaterThan(10);
      expect(nComplete).toBeGreaterThan(5);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { created, ended, numbered, started } from '@/lib/testing/told-study';
import type { StudyChange } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import type { StudyActivity } from '@/lib/tuning/study/study-view';
import { nextSeed, studyCommands, suggestedExtension } from './study-commands';

/** What is offered of a study after changes, by name. */
function offered(changes: readonly StudyChange[], kind: StudyActivity['kind']): readonly string[] {
  const state = numbered([created({ nTrials: 3 }), ...changes]).reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('expected a study');
  const commands = studyCommands({ state, activity: { kind, problem: null } });
  return Object.entries(commands).flatMap(([name, can]) => (can ? [name] : []));
}

const oneDone = [started(1), ended(1)];
const stopped: StudyChange = { type: 'tuning_ended', reason: 'stopped', message: null };
const resumed: StudyChange = { type: 'study_resumed', nProcesses: 1, engineVersion: '3' };

describe('studyCommands', () => {
  it.each([
    ['runs', oneDone, 'running', ['canPause', 'canStop', 'canExtend']],
    ['waits in line', [], 'queued', ['canPause', 'canStop', 'canExtend']],
    ['is held', oneDone, 'held', ['canPause', 'canStop', 'canExtend']],
    ['was interrupted', oneDone, 'idle', ['canStop', 'canResume', 'canExtend', 'canRerun']],
    ['is about to pause', [{ type: 'study_pause_requested' }], 'running', ['canStop']],
    [
      'is paused',
      [...oneDone, { type: 'study_pause_requested' }, { type: 'study_paused' }],
      'idle',
      ['canStop', 'canResume', 'canExtend', 'canRerun', 'canEvaluate'],
    ],
    [
      'is paused without a result',
      [{ type: 'study_pause_requested' }, { type: 'study_paused' }],
      'idle',
      ['canStop', 'canResume', 'canExtend', 'canRerun'],
    ],
    ['is about to stop', [{ type: 'study_stop_requested' }], 'running', []],
    [
      'was stopped',
      [...oneDone, { type: 'study_stop_requested' }, stopped],
      'idle',
      ['canResume', 'canExtend', 'canRerun', 'canEvaluate'],
    ],
    ['is being evaluated', [...oneDone, stopped, { type: 'evaluation_started' }], 'running', []],
    [
      'was evaluated early',
      [...oneDone, stopped, { type: 'evaluation_started' }, { type: 'evaluation_completed', modelId: 'm' }],
      'idle',
      ['canResume', 'canExtend', 'canRerun'],
    ],
    ['goes on', [...oneDone, stopped, resumed], 'running', ['canPause', 'canStop', 'canExtend']],
  ] as const)('of a study that %s', (_, changes, kind, expected) => {
    expect(offered(changes, kind)).toEqual(expected);
  });
});

describe('nextSeed', () => {
  it('is the next one, and 0 after the largest', () => {
    expect(nextSeed({ seed: 42 })).toBe(43);
    expect(nextSeed({ seed: -1 })).toBe(0);
    expect(nextSeed({ seed: 2_147_483_647 })).toBe(0);
  });
});

describe('suggestedExtension', () => {
  it('is half as many again, within the most there may be', () => {
    expect(suggestedExtension({ nTrials: 24 })).toBe(12);
    expect(suggestedExtension({ nTrials: 1 })).toBe(1);
    expect(suggestedExtension({ nTrials: 9_999 })).toBe(1);
  });
});

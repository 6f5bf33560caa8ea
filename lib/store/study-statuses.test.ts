import { describe, expect, it } from 'vitest';
import { created, ended, numbered, started } from '@/lib/testing/told-study';
import type { StudyChange } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import type { StudyActivity } from '@/lib/tuning/study/study-view';
import { freshStatuses, statusAfter } from './cells';
import { studyMessages } from './study-statuses';

/** What the two cells show of a study after changes, however they stood before. */
function shown(changes: readonly StudyChange[], activity: Partial<StudyActivity> = {}) {
  const events = numbered([created({ nTrials: 3 }), ...changes]);
  const state = events.reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('expected a study');
  const last = (type: StudyChange['type']) => events.findLast((event) => event.type === type)?.atMs ?? null;
  const evaluationStartedAtMs = last('evaluation_started');
  const isSinceResumed = (evaluationStartedAtMs ?? 0) > (last('study_resumed') ?? 0);
  const view = { state, activity: { kind: 'running', problem: null, ...activity } as const };
  const statuses = { ...freshStatuses() };
  for (const { cell, message } of studyMessages(view, isSinceResumed ? evaluationStartedAtMs : null)) {
    statuses[cell] = statusAfter(statuses[cell], message);
  }
  return { tuning: statuses.tuning, evaluation: statuses.evaluation };
}

const oneDone = [started(1), ended(1)];
const stopped: StudyChange = { type: 'tuning_ended', reason: 'stopped', message: null };
const failed = (message: string) => ({
  code: 'study_failed',
  message,
  hint: 'Resume it to try again, or start a new study.',
});
const problem = { code: 'engine_changed', message: 'Another version.', hint: 'Launch again.' };

describe('studyMessages', () => {
  it('counts trials that are over and those that wait for promotion', () => {
    expect(shown([...oneDone, started(2), ended(2, 'trial_paused'), started(3)]).tuning).toEqual({
      kind: 'running',
      startedAtMs: 1001,
      progress: { label: 'Trials', done: 2, total: 3 },
    });
  });

  it('puts a failure of the trials on the tuning cell', () => {
    const changes: StudyChange[] = [{ type: 'tuning_ended', reason: 'failed', message: 'All failed.' }];
    expect(shown(changes, { kind: 'idle' })).toMatchObject({
      tuning: { kind: 'failed', failure: failed('All failed.') },
      evaluation: { kind: 'idle' },
    });
  });

  it('puts a failure of the evaluation on the evaluation cell, also where trials are left', () => {
    const changes: StudyChange[] = [
      ...oneDone,
      stopped,
      { type: 'evaluation_started' },
      { type: 'evaluation_failed', message: 'No space.' },
    ];
    expect(shown(changes, { kind: 'idle' })).toMatchObject({
      tuning: { kind: 'done' },
      evaluation: { kind: 'failed', failure: failed('No space.') },
    });
  });

  it('does not take the failure of later trials for one of an evaluation before them', () => {
    const changes: StudyChange[] = [
      ...oneDone,
      stopped,
      { type: 'evaluation_started' },
      { type: 'evaluation_failed', message: 'No space.' },
      { type: 'study_resumed', nProcesses: 1, engineVersion: '3' },
      { type: 'tuning_ended', reason: 'failed', message: 'All failed.' },
    ];
    expect(shown(changes, { kind: 'idle' })).toMatchObject({
      tuning: { kind: 'failed', failure: failed('All failed.') },
      evaluation: { kind: 'idle' },
    });
  });

  it('says why work on a study ended, on the cell that it ended in', () => {
    expect(shown(oneDone, { kind: 'idle', problem }).tuning).toMatchObject({
      kind: 'failed',
      failure: problem,
    });
    expect(
      shown([...oneDone, stopped, { type: 'evaluation_started' }], { kind: 'idle', problem }),
    ).toMatchObject({ tuning: { kind: 'done' }, evaluation: { kind: 'failed', failure: problem } });
  });

  it('says that an evaluation was cut short when nobody works on it', () => {
    const changes: StudyChange[] = [...oneDone, stopped, { type: 'evaluation_started' }];
    expect(shown(changes).evaluation.kind).toBe('running');
    expect(shown(changes, { kind: 'idle' }).evaluation).toEqual({
      kind: 'stale',
      reason: 'Interrupted when the server stopped: resume the study.',
    });
  });

  it.each([
    ['queued', [], 'Waiting for another study; trials'],
    ['held', [], 'Waiting for the disk; trials'],
    ['running', [{ type: 'study_stop_requested' }], 'Stopping; trials'],
    ['running', [{ type: 'study_pause_requested' }], 'Pausing; trials'],
  ] as const)('names what a study waits for: %s', (kind, changes, label) => {
    const held = kind === 'held' ? problem : null;
    expect(shown(changes, { kind, problem: held }).tuning).toMatchObject({
      kind: 'running',
      progress: { label },
    });
  });
});

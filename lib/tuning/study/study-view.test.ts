import { describe, expect, it } from 'vitest';
import { completed, created, started, stateAfter, studyConfig } from '@/lib/testing/study-fixture';
import type { StudyState } from './study-state';
import { isExtendable, isInterrupted, resumption, type StudyView } from './study-view';

/** A study of two trials, so many of them complete. */
function view(
  phase: StudyState['phase'],
  nComplete: number,
  kind: StudyView['activity']['kind'] = 'idle',
): StudyView {
  const events = Array.from({ length: nComplete }, (_, i) => [started(i + 1), completed(i + 1, 0.8)]);
  const state = stateAfter(created(studyConfig({ nTrials: 2, workers: 2 })), ...events.flat());
  return { state: { ...state, phase }, activity: { kind, problem: null } };
}

describe('isInterrupted', () => {
  it.each([
    ['tuning', 1, true],
    ['stopping', 1, true],
    ['pausing', 1, true],
    ['evaluating', 2, true],
    // All trials are over and the evaluation did not begin.
    ['tuned', 2, true],
    // Stopped by the user: waits to be asked.
    ['tuned', 1, false],
    ['paused', 1, false],
    ['evaluated', 2, false],
    ['failed', 0, false],
  ] as const)('%s with %i of 2 trials: %s', (phase, nComplete, expected) => {
    expect(isInterrupted(view(phase, nComplete))).toBe(expected);
  });

  it('is false while somebody works on the study, or holds it until it can be saved', () => {
    expect(isInterrupted(view('tuning', 1, 'running'))).toBe(false);
    expect(isInterrupted(view('tuning', 0, 'queued'))).toBe(false);
    expect(isInterrupted(view('tuning', 0, 'held'))).toBe(false);
  });
});

describe('resumption', () => {
  it.each([
    ['tuning', 1, 'tune'],
    ['stopping', 1, 'tune'],
    ['paused', 1, 'tune'],
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

describe('isExtendable', () => {
  it.each([
    ['tuning', true],
    ['paused', true],
    ['evaluated', true],
    ['failed', true],
    ['stopping', false],
    ['pausing', false],
    ['evaluating', false],
  ] as const)('%s: %s', (phase, expected) => {
    expect(isExtendable(view(phase, 1))).toBe(expected);
  });
});

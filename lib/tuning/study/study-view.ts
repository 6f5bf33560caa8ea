import type { Failure } from '@/lib/core/result';
import { isTuningOver } from './study-plan';
import { bestTrial, type StudyState } from './study-state';

/** What the server does with a study at the moment. Not part of its journal: it ends with the process. */
export interface StudyActivity {
  /**
   * `queued`: another study runs first. `held`: the server waits until it can save again, then goes on by itself.
   * `idle`: nobody works on it.
   */
  readonly kind: 'queued' | 'running' | 'held' | 'idle';
  /** Why work on it ended or waits against expectation, such as a full disk; null when all is well. */
  readonly problem: Failure | null;
}

/** A study as it is shown. */
export interface StudyView {
  readonly state: StudyState;
  readonly activity: StudyActivity;
}

/** Whether a study was cut short, say by a restart of the server, and waits for someone to resume it. */
export function isInterrupted({ state, activity }: StudyView): boolean {
  if (activity.kind !== 'idle') return false;
  // A study whose trials are all over is evaluated at once; one that waits for it was cut short between the two.
  if (state.phase === 'tuned') return isTuningOver(state);
  return ['tuning', 'stopping', 'pausing', 'evaluating'].includes(state.phase);
}

/** What resuming a study would do: run the trials that are left, evaluate, or nothing. */
export function resumption({ state, activity }: StudyView): 'tune' | 'evaluate' | null {
  if (activity.kind !== 'idle') return null;
  if (state.phase === 'evaluating') return 'evaluate';
  // A study stopped early can be evaluated as it is, and still go on later.
  if (state.phase === 'evaluated') return isTuningOver(state) ? null : 'tune';
  return isTuningOver(state) && bestTrial(state) !== null ? 'evaluate' : 'tune';
}

/** Whether a study may be extended by more trials: whenever nobody is about to end it. */
export function isExtendable({ state }: StudyView): boolean {
  return state.phase !== 'stopping' && state.phase !== 'pausing' && state.phase !== 'evaluating';
}

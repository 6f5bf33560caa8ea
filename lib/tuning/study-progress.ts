import type { StudyState } from './study-state';

/** How far a study has come, counted the same way in page, command line and metrics. */
export interface StudyProgress {
  readonly nTrials: number;
  readonly nComplete: number;
  /** Failed for good; a trial that waits for its next attempt is running. */
  readonly nFailed: number;
  readonly nRunning: number;
}

/** Count a study's trials by state. */
export function studyProgress({ config, trials }: Pick<StudyState, 'config' | 'trials'>): StudyProgress {
  const count = (wanted: string) => trials.filter((trial) => trial?.state === wanted).length;
  return {
    nTrials: config.nTrials,
    nComplete: count('complete'),
    nFailed: count('failed'),
    nRunning: count('running'),
  };
}

/**
 * Estimate when the last trial will end: the mean duration of completed trials times those to come, shared among the
 * processes that can work at once, counted from the last event.
 *
 * @param nowMs milliseconds since 1970
 * @returns milliseconds from now, at least 0; null before the first trial has completed; 0 once tuning is over
 */
export function timeLeftMs(state: StudyState, nowMs: number): number | null {
  if (state.tunedAtMs !== null) return 0;
  const { nTrials, nComplete, nFailed } = studyProgress(state);
  if (nComplete === 0) return null;
  const trainedMs = state.trials.reduce((sum, trial) => sum + (trial?.durationMs ?? 0), 0);
  const nAtOnce = Math.min(state.nProcesses, state.config.workers);
  const leftMs = ((trainedMs / nComplete) * (nTrials - nComplete - nFailed)) / nAtOnce;
  return Math.max(0, leftMs - Math.max(0, nowMs - state.updatedAtMs));
}

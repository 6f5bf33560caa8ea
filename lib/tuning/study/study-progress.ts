import { directionOf } from './study-config';
import type { StudyState } from './study-state';
import type { TrialStatus } from './trial-record';

/** How far a study has come, counted the same way in page, command line and metrics. */
export interface StudyProgress {
  readonly nTrials: number;
  readonly nComplete: number;
  /** Ended early because they did badly. */
  readonly nPruned: number;
  /** Wait for promotion to the next rung. */
  readonly nPaused: number;
  /** Failed for good; a trial that waits for its next attempt is running. */
  readonly nFailed: number;
  readonly nRunning: number;
  /** Complete, pruned and failed together. */
  readonly nOver: number;
  /** Boosting rounds trained by all trials, lost ones aside. */
  readonly nRounds: number;
}

/** Count a study's trials by state. */
export function studyProgress({ config, trials }: Pick<StudyState, 'config' | 'trials'>): StudyProgress {
  const counts: Record<TrialStatus, number> = { running: 0, paused: 0, pruned: 0, complete: 0, failed: 0 };
  let nRounds = 0;
  for (const trial of trials) {
    if (trial === undefined) continue;
    counts[trial.state] += 1;
    nRounds += trial.trainedRounds;
  }
  return {
    nTrials: config.nTrials,
    nComplete: counts.complete,
    nPruned: counts.pruned,
    nPaused: counts.paused,
    nFailed: counts.failed,
    nRunning: counts.running,
    nOver: counts.complete + counts.pruned + counts.failed,
    nRounds,
  };
}

/**
 * Estimate when the last trial will end: the mean training time of the trials that are over or paused times those to
 * come, shared among the processes that can work at once, counted from the last event. Under successive halving the
 * promotions still to come are not counted, so it is a lower bound there.
 *
 * @param nowMs milliseconds since 1970
 * @returns milliseconds from now, at least 0; null before the first trial has a result; 0 once tuning is over
 */
export function timeLeftMs(state: StudyState, nowMs: number): number | null {
  if (state.tunedAtMs !== null) return 0;
  const { nTrials, nComplete, nPruned, nPaused, nFailed } = studyProgress(state);
  const nTimed = nComplete + nPruned + nPaused;
  if (nTimed === 0) return null;
  const trainedMs = state.trials.reduce((sum, trial) => sum + (trial?.durationMs ?? 0), 0);
  const nAtOnce = Math.min(state.nProcesses, state.config.workers);
  const leftMs = ((trainedMs / nTimed) * Math.max(0, nTrials - nTimed - nFailed)) / nAtOnce;
  return Math.max(0, leftMs - Math.max(0, nowMs - state.updatedAtMs));
}

/** The objective of the complete trials up to each trial number, best so far; null before the first. */
export function bestSoFar({ config, trials }: Pick<StudyState, 'config' | 'trials'>): (number | null)[] {
  const isBetter =
    directionOf(config.objective) === 'maximize'
      ? (a: number, b: number) => a > b
      : (a: number, b: number) => a < b;
  let best: number | null = null;
  return trials.map((trial) => {
    if (trial?.state === 'complete' && trial.metrics !== null) {
      const value = trial.metrics[config.objective];
      if (best === null || isBetter(value, best)) best = value;
    }
    return best;
  });
}

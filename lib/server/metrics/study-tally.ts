import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';

/** What goes on in a study at this moment, as far as metrics ask. Not its state: it knows of this process alone. */
export interface StudyTally {
  readonly phase: StudyState['phase'];
  /** Whether somebody works on it now; false for one that waits in line or for the disk. */
  readonly isAtWork: boolean;
  /** Worker processes while it is at work; 0 before its first event in this process. */
  readonly nProcesses: number;
  /** Number of each trial in training to the rounds that were trained before this stretch. */
  readonly training: ReadonlyMap<number, number>;
  /** Numbers of the trials that failed and wait for their next attempt: they run, but in no worker. */
  readonly retrying: ReadonlySet<number>;
  /** When the trials began to run after they did not; null while they do not. Milliseconds since 1970. */
  readonly runningSinceMs: number | null;
  /** Time for which trials ran before that. */
  readonly ranMs: number;
  /** Time of the last event in this process. */
  readonly lastAtMs: number;
}

const TUNING_IS_OVER: readonly StudyState['phase'][] = ['tuned', 'evaluating', 'evaluated', 'failed'];

/** Begin the tally of a study of which nothing runs in this process yet. */
export function restingTally({ phase }: Pick<StudyState, 'phase'>): StudyTally {
  return {
    phase,
    isAtWork: false,
    nProcesses: 0,
    training: new Map(),
    retrying: new Set(),
    runningSinceMs: null,
    ranMs: 0,
    lastAtMs: 0,
  };
}

/** Give the tally after an event, of which `state` is the result. Pure. */
export function tallyAfter(tally: StudyTally, event: StudyEvent, state: StudyState): StudyTally {
  const next = {
    ...tally,
    phase: state.phase,
    nProcesses: state.nProcesses,
    lastAtMs: event.atMs,
  };
  switch (event.type) {
    case 'trial_started':
      return inTraining(next, event, 0);
    case 'trial_promoted':
      return inTraining(next, event, state.trials[event.trialNumber - 1]?.trainedRounds ?? 0);
    case 'trial_paused':
    case 'trial_pruned':
    case 'trial_completed':
      return outOfTraining(next, event.trialNumber);
    case 'trial_failed':
      return event.willRetry
        ? {
            ...outOfTraining(next, event.trialNumber),
            retrying: new Set([...tally.retrying, event.trialNumber]),
          }
        : outOfTraining(next, event.trialNumber);
    case 'study_paused':
    case 'tuning_ended':
      return atRest(next);
    case 'study_resumed':
      // A study taken up after its tuning had ended runs anew; a pause or an interruption is only a gap.
      return { ...atRest(next), ranMs: TUNING_IS_OVER.includes(tally.phase) ? 0 : tally.ranMs };
    case 'evaluation_started':
      return { ...next, isAtWork: true };
    case 'evaluation_completed':
    case 'evaluation_failed':
      return { ...next, isAtWork: false };
    default:
      return next;
  }
}

/** Give the tally after nobody works on the study any more, for example because the disk is full. */
export function haltedTally(tally: StudyTally): StudyTally {
  return atRest(tally);
}

/** Count the workers that train now: one a trial, and one that makes the final model. */
export function busyWorkers({ training, phase, isAtWork }: StudyTally): number {
  return training.size + (isAtWork && phase === 'evaluating' ? 1 : 0);
}

function inTraining(
  tally: StudyTally,
  { trialNumber, atMs }: { readonly trialNumber: number; readonly atMs: number },
  roundsBefore: number,
): StudyTally {
  return {
    ...tally,
    isAtWork: true,
    training: new Map(tally.training).set(trialNumber, roundsBefore),
    retrying: without(tally.retrying, trialNumber),
    runningSinceMs: tally.runningSinceMs ?? atMs,
  };
}

function outOfTraining(tally: StudyTally, trialNumber: number): StudyTally {
  const training = new Map(tally.training);
  training.delete(trialNumber);
  return { ...tally, training };
}

function atRest(tally: StudyTally): StudyTally {
  const ranNowMs = tally.runningSinceMs === null ? 0 : tally.lastAtMs - tally.runningSinceMs;
  return {
    ...tally,
    isAtWork: false,
    training: new Map(),
    retrying: new Set(),
    runningSinceMs: null,
    ranMs: tally.ranMs + ranNowMs,
  };
}

function without(numbers: ReadonlySet<number>, number: number): ReadonlySet<number> {
  return new Set([...numbers].filter((each) => each !== number));
}

import { MAX_TRIALS, type StudyConfig } from '@/lib/tuning/study-config';
import { bestTrial } from '@/lib/tuning/study-state';
import { isExtendable, resumption, type StudyView } from '@/lib/tuning/study-view';

/** What can be asked of a study as it stands. */
export interface StudyCommands {
  readonly canPause: boolean;
  readonly canStop: boolean;
  readonly canResume: boolean;
  readonly canExtend: boolean;
  readonly canRerun: boolean;
  /** Evaluate the best trial so far, although others are left. */
  readonly canEvaluate: boolean;
}

/** Say what can be asked of a study: what the server would refuse is not offered. */
export function studyCommands(view: StudyView): StudyCommands {
  const { state, activity } = view;
  const { phase, config } = state;
  const isIdle = activity.kind === 'idle';
  const isPartWay = phase === 'tuned' || phase === 'paused' || phase === 'failed';
  return {
    canPause: phase === 'tuning' && !isIdle,
    canStop: phase === 'tuning' || phase === 'pausing' || phase === 'paused',
    canResume: resumption(view) !== null,
    canExtend: isExtendable(view) && config.nTrials < MAX_TRIALS,
    canRerun: isIdle,
    canEvaluate: isPartWay && resumption(view) === 'tune' && bestTrial(state) !== null,
  };
}

const LARGEST_SEED = 2_147_483_647;

/** Suggest the seed for running a study again: the next one, and 0 after the largest. */
export function nextSeed({ seed }: Pick<StudyConfig, 'seed'>): number {
  return seed >= LARGEST_SEED ? 0 : seed + 1;
}

/** Suggest by how many trials to extend a study: half as many again, as far as there may be so many. */
export function suggestedExtension({ nTrials }: Pick<StudyConfig, 'nTrials'>): number {
  return Math.min(Math.max(1, Math.round(nTrials / 2)), MAX_TRIALS - nTrials);
}

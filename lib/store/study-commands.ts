import { MAX_TRIALS, type StudyConfig } from '@/lib/tuning/study/study-config';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { isExtendable, resumption, type StudyActivity, type StudyView } from '@/lib/tuning/study/study-view';

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

/** Whether successive halving is over takes a walk over all its steps; several places of the page ask. */
const answered = new WeakMap<StudyState, Map<StudyActivity['kind'], StudyCommands>>();

/** Say what can be asked of a study: what the server would refuse is not offered. The same state is looked at once. */
export function studyCommands(view: StudyView): StudyCommands {
  const { state, activity } = view;
  const known = answered.get(state) ?? new Map<StudyActivity['kind'], StudyCommands>();
  const commands = known.get(activity.kind) ?? commandsOf(view);
  answered.set(state, known.set(activity.kind, commands));
  return commands;
}

function commandsOf(view: StudyView): StudyCommands {
  const { state, activity } = view;
  const { phase, config } = state;
  const isIdle = activity.kind === 'idle';
  const isPartWay = phase === 'tuned' || phase === 'paused' || phase === 'failed';
  const next = resumption(view);
  return {
    canPause: phase === 'tuning' && !isIdle,
    canStop: phase === 'tuning' || phase === 'pausing' || phase === 'paused',
    canResume: next !== null,
    canExtend: isExtendable(view) && config.nTrials < MAX_TRIALS,
    canRerun: isIdle,
    canEvaluate: isPartWay && next === 'tune' && bestTrial(state) !== null,
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

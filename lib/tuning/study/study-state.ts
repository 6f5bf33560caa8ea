import { assertNever } from '@/lib/core/result';
import type { StudyConfig, StudyEvent } from './study-events';
import { asGain, type CompleteTrial, isComplete, type TrialRecord } from './trial-record';
import { type StudyTrials, trialsAfter } from './trials-after';

export type { CompleteTrial, TrialRecord } from './trial-record';

/** Where a study stands. */
export interface StudyState extends StudyTrials {
  readonly studyId: string;
  readonly config: StudyConfig;
  readonly engineVersion: string;
  readonly nProcesses: number;
  readonly gateOverrideReason: string | null;
  readonly phase:
    | 'tuning'
    | 'stopping'
    | 'pausing'
    | 'paused'
    | 'tuned'
    | 'evaluating'
    | 'evaluated'
    | 'failed';
  readonly failure: string | null;
  readonly modelId: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When the trials ended; null while they run. */
  readonly tunedAtMs: number | null;
  readonly lastSequence: number;
}

/**
 * Apply one event. Pure; the fold over a journal is the study's state in server, browser and command line alike.
 * An event whose sequence number was seen already changes nothing, so a replay after a reconnect is harmless.
 *
 * @throws if a study does not begin with `study_created` as event 1, a sequence number is skipped, or a trial is
 * finished that does not run or started that is over: then the journal is not one that this program wrote.
 */
export function studyAfter(state: StudyState | null, event: StudyEvent): StudyState {
  if (state === null) return createdState(event);
  if (event.sequence <= state.lastSequence) return state;
  if (event.sequence !== state.lastSequence + 1) {
    throw new Error(`Expected event ${state.lastSequence + 1}, got ${event.sequence}`);
  }
  return {
    ...state,
    ...changeOf(state, event),
    ...trialsAfter(state, event),
    updatedAtMs: event.atMs,
    lastSequence: event.sequence,
  };
}

function createdState(event: StudyEvent): StudyState {
  if (event.type !== 'study_created') throw new Error(`A study begins with study_created, got ${event.type}`);
  if (event.sequence !== 1) throw new Error(`A study begins with event 1, got ${event.sequence}`);
  return {
    studyId: event.studyId,
    config: event.config,
    engineVersion: event.engineVersion,
    nProcesses: event.nProcesses,
    gateOverrideReason: event.gateOverrideReason,
    phase: 'tuning',
    failure: null,
    trials: [],
    steps: [],
    modelId: null,
    createdAtMs: event.atMs,
    updatedAtMs: event.atMs,
    tunedAtMs: null,
    lastSequence: event.sequence,
  };
}

/** What an event changes beside the trials. */
function changeOf(state: StudyState, event: StudyEvent): Partial<StudyState> {
  switch (event.type) {
    case 'study_created':
      throw new Error('A study is created once');
    case 'trial_started':
    case 'trial_promoted':
    case 'trial_paused':
    case 'trial_pruned':
    case 'trial_completed':
    case 'trial_failed':
      return {};
    case 'study_stop_requested':
      return { phase: 'stopping' };
    case 'study_pause_requested':
      return { phase: 'pausing' };
    case 'study_paused':
      return { phase: 'paused' };
    case 'study_extended':
      if (event.nTrials <= state.config.nTrials) throw new Error('A study is extended to more trials');
      return { config: { ...state.config, nTrials: event.nTrials } };
    case 'tuning_ended':
      return {
        phase: event.reason === 'failed' ? 'failed' : 'tuned',
        failure: event.message,
        tunedAtMs: event.atMs,
      };
    case 'study_resumed':
      return {
        phase: 'tuning',
        failure: null,
        // A model made of fewer trials is no longer this study's.
        modelId: null,
        tunedAtMs: null,
        nProcesses: event.nProcesses,
        engineVersion: event.engineVersion,
      };
    case 'evaluation_started':
      return { phase: 'evaluating', failure: null };
    case 'evaluation_completed':
      return { phase: 'evaluated', modelId: event.modelId };
    case 'evaluation_failed':
      return { phase: 'failed', failure: event.message };
    default:
      return assertNever(event);
  }
}

/** The complete trial with the best objective (ties go to the lower number), or null. */
export function bestTrial({ config, trials }: Pick<StudyState, 'config' | 'trials'>): CompleteTrial | null {
  let best: CompleteTrial | null = null;
  let bestGain = Number.NEGATIVE_INFINITY;
  for (const trial of trials) {
    if (!isComplete(trial)) continue;
    const gain = asGain(trial.metrics[config.objective], config.objective);
    if (best !== null && gain <= bestGain) continue;
    best = trial;
    bestGain = gain;
  }
  return best;
}

/** List the trials that have begun, lowest number first. */
export function begunTrials({ trials }: Pick<StudyState, 'trials'>): readonly TrialRecord[] {
  return trials.filter((trial) => trial !== undefined);
}

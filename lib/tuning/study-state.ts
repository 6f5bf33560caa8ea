import { assertNever } from '../core/result';
import type { TrialParams } from './search-space';
import type { StudyConfig, StudyEvent, TrialMetrics } from './study-events';

/** One trial as the cockpit shows it. */
export interface TrialRecord {
  /** 1-based. */
  readonly number: number;
  readonly params: TrialParams;
  readonly state: 'running' | 'complete' | 'failed';
  readonly metrics: TrialMetrics | null;
  readonly durationMs: number | null;
  readonly attempts: number;
  readonly failure: string | null;
}

/** Where a study stands. */
export interface StudyState {
  readonly studyId: string;
  readonly config: StudyConfig;
  readonly engineVersion: string;
  readonly nProcesses: number;
  readonly gateOverrideReason: string | null;
  readonly phase: 'tuning' | 'stopping' | 'tuned' | 'evaluating' | 'evaluated' | 'failed';
  readonly failure: string | null;
  /** By trial number, with holes where a trial has not begun. */
  readonly trials: readonly (TrialRecord | undefined)[];
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
 * @throws if an event other than `study_created` comes first, or a sequence number is skipped.
 */
export function studyAfter(state: StudyState | null, event: StudyEvent): StudyState {
  if (state === null) {
    if (event.type !== 'study_created')
      throw new Error(`A study begins with study_created, got ${event.type}`);
    return {
      studyId: event.studyId,
      config: event.config,
      engineVersion: event.engineVersion,
      nProcesses: event.nProcesses,
      gateOverrideReason: event.gateOverrideReason,
      phase: 'tuning',
      failure: null,
      trials: [],
      modelId: null,
      createdAtMs: event.atMs,
      updatedAtMs: event.atMs,
      tunedAtMs: null,
      lastSequence: event.sequence,
    };
  }
  if (event.sequence <= state.lastSequence) return state;
  if (event.sequence !== state.lastSequence + 1) {
    throw new Error(`Expected event ${state.lastSequence + 1}, got ${event.sequence}`);
  }
  return { ...changedBy(state, event), updatedAtMs: event.atMs, lastSequence: event.sequence };
}

function changedBy(state: StudyState, event: StudyEvent): StudyState {
  switch (event.type) {
    case 'study_created':
      throw new Error('A study is created once');
    case 'trial_started':
      return withTrial(state, event.trialNumber, {
        params: event.params,
        state: 'running',
        metrics: null,
        durationMs: null,
        attempts: event.attempt,
        failure: null,
      });
    case 'trial_completed':
      return withTrial(state, event.trialNumber, {
        params: event.params,
        state: 'complete',
        metrics: event.metrics,
        durationMs: event.durationMs,
      });
    case 'trial_failed':
      return withTrial(state, event.trialNumber, {
        params: event.params,
        state: event.willRetry ? 'running' : 'failed',
        failure: event.message,
      });
    case 'study_stop_requested':
      return { ...state, phase: 'stopping' };
    case 'tuning_ended':
      return event.reason === 'failed'
        ? { ...state, phase: 'failed', failure: event.message, tunedAtMs: event.atMs }
        : { ...state, phase: 'tuned', tunedAtMs: event.atMs, trials: state.trials.map(finishedOnly) };
    case 'study_resumed':
      return {
        ...state,
        phase: 'tuning',
        failure: null,
        tunedAtMs: null,
        nProcesses: event.nProcesses,
        engineVersion: event.engineVersion,
        trials: state.trials.map(finishedOnly),
      };
    case 'evaluation_started':
      return { ...state, phase: 'evaluating', failure: null };
    case 'evaluation_completed':
      return { ...state, phase: 'evaluated', modelId: event.modelId };
    case 'evaluation_failed':
      return { ...state, phase: 'failed', failure: event.message };
    default:
      return assertNever(event);
  }
}

const finishedOnly = (trial: TrialRecord | undefined) => (trial?.state === 'running' ? undefined : trial);

function withTrial(
  state: StudyState,
  number: number,
  change: Omit<Partial<TrialRecord>, 'number'> & { params: TrialParams },
): StudyState {
  const trials = [...state.trials];
  const before = trials[number - 1];
  trials[number - 1] = {
    state: 'running',
    metrics: null,
    durationMs: null,
    attempts: 1,
    failure: null,
    ...before,
    ...change,
    number,
  };
  return { ...state, trials };
}

/** The completed trial with the best objective (larger is better; ties go to the lower number), or null. */
export function bestTrial(state: StudyState): (TrialRecord & { readonly metrics: TrialMetrics }) | null {
  let best: (TrialRecord & { readonly metrics: TrialMetrics }) | null = null;
  for (const trial of state.trials) {
    if (trial?.state !== 'complete' || trial.metrics === null) continue;
    const value = trial.metrics[state.config.objective];
    if (best === null || value > best.metrics[state.config.objective])
      best = { ...trial, metrics: trial.metrics };
  }
  return best;
}

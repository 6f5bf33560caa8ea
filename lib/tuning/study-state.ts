import { assertNever } from '@/lib/core/result';
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
 * @throws if a study does not begin with `study_created` as event 1, a sequence number is skipped, or a trial is
 * finished that does not run or started that is over: then the journal is not one that this program wrote.
 */
export function studyAfter(state: StudyState | null, event: StudyEvent): StudyState {
  if (state === null) {
    if (event.type !== 'study_created')
      throw new Error(`A study begins with study_created, got ${event.type}`);
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
      if (isOver(state, event.trialNumber)) throw new Error(`Trial ${event.trialNumber} was over already`);
      return withTrial(state, event.trialNumber, {
        params: event.params,
        state: 'running',
        metrics: null,
        durationMs: null,
        attempts: event.attempt,
        failure: null,
      });
    case 'trial_completed':
      requireRunning(state, event.trialNumber);
      return withTrial(state, event.trialNumber, {
        params: event.params,
        state: 'complete',
        metrics: event.metrics,
        durationMs: event.durationMs,
        failure: null,
      });
    case 'trial_failed':
      requireRunning(state, event.trialNumber);
      return withTrial(state, event.trialNumber, {
        params: event.params,
        state: event.willRetry ? 'running' : 'failed',
        failure: event.message,
      });
    case 'study_stop_requested':
      return { ...state, phase: 'stopping' };
    case 'tuning_ended':
      return {
        ...state,
        phase: event.reason === 'failed' ? 'failed' : 'tuned',
        failure: event.message,
        tunedAtMs: event.atMs,
        trials: state.trials.map(finishedOnly),
      };
    case 'study_resumed':
      return {
        ...state,
        phase: 'tuning',
        failure: null,
        // A model made of fewer trials is no longer this study's.
        modelId: null,
        tunedAtMs: null,
        nProcesses: event.nProcesses,
        engineVersion: event.engineVersion,
        trials: state.trials.map(state.phase === 'failed' ? completeOnly : finishedOnly),
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

/** A study that failed as a whole, say for want of the engine, tries its failed trials again when resumed. */
const completeOnly = (trial: TrialRecord | undefined) => (trial?.state === 'complete' ? trial : undefined);

function isOver(state: StudyState, number: number): boolean {
  const trial = state.trials[number - 1];
  return trial !== undefined && trial.state !== 'running';
}

function requireRunning(state: StudyState, number: number): void {
  const trial = state.trials[number - 1];
  if (trial?.state !== 'running')
    throw new Error(`Trial ${number} is ${trial?.state ?? 'not begun'}, not running`);
}

function withTrial(
  state: StudyState,
  number: number,
  change: Omit<Partial<TrialRecord>, 'number'> & { params: TrialParams },
): StudyState {
  // Array.from fills holes with undefined, which every consumer sees alike; a sparse array would be skipped by some.
  const length = Math.max(state.trials.length, number);
  const trials = Array.from({ length }, (_, i) => state.trials[i]);
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

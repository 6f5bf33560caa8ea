import { outlookValue } from './curve-outlook';
import type { Objective } from './study-config';
import type { StudyEvent } from './study-events';
import type { TrialRecord, TrialStretch } from './trial-record';

/** A decision that was carried out: a trial was started, or promoted to a rung. */
export interface StepRecord {
  readonly trialNumber: number;
  /** 0 for the start of a trial. */
  readonly rung: number;
  readonly toRounds: number;
  /** How it ended; a step that is not running is over. */
  readonly state: 'running' | 'paused' | 'pruned' | 'complete' | 'failed';
  /** The objective at the end of the step; null while it runs and where it failed. */
  readonly value: number | null;
  /** What the learning curve lets hope for at the trial's end, see `outlookValue`; null as `value`. */
  readonly outlook: number | null;
  /** Rounds that the trial had been trained for at the end of the step; 0 while it runs and where it failed. */
  readonly trainedRounds: number;
}

/** The trials of a study and the steps that they were trained in. */
export interface StudyTrials {
  /** By trial number, with holes where a trial has not begun. */
  readonly trials: readonly (TrialRecord | undefined)[];
  /** By step number, with holes where a step has not begun. */
  readonly steps: readonly (StepRecord | undefined)[];
}

/** What the fold over the trials looks at. */
export interface FoldedStudy extends StudyTrials {
  readonly config: { readonly objective: Objective };
  readonly phase: string;
}

type EventOf<T extends StudyEvent['type']> = Extract<StudyEvent, { type: T }>;
type EndEvent = EventOf<'trial_paused' | 'trial_pruned' | 'trial_completed'>;

/** Give the trials and steps after an event; see `studyAfter`. @throws where the event does not fit them */
export function trialsAfter(state: FoldedStudy, event: StudyEvent): StudyTrials {
  switch (event.type) {
    case 'trial_started':
      return started(state, event);
    case 'trial_promoted':
      return promoted(state, event);
    case 'trial_paused':
      return ended(state, event, 'paused');
    case 'trial_pruned':
      return ended(state, event, 'pruned');
    case 'trial_completed':
      return ended(state, event, 'complete');
    case 'trial_failed':
      return failed(state, event);
    case 'study_paused':
      return cutShort(state, event.atMs);
    case 'tuning_ended':
      return withoutPaused(cutShort(state, event.atMs));
    case 'study_resumed':
      return takenUp(state, event.atMs);
    default:
      return { trials: state.trials, steps: state.steps };
  }
}

function started({ trials, steps }: FoldedStudy, event: EventOf<'trial_started'>): StudyTrials {
  const { trialNumber, step, attempt, toRounds } = event;
  const before = trials[trialNumber - 1];
  if (before !== undefined && (before.state !== 'running' || before.metrics !== null)) {
    throw new Error(`Trial ${trialNumber} was over already`);
  }
  requireStep(steps, step, { trialNumber, rung: 0 });
  const trial: TrialRecord = {
    number: trialNumber,
    params: event.params,
    state: 'running',
    metrics: null,
    standardError: null,
    rounds: null,
    trainedRounds: 0,
    curve: [],
    durationMs: null,
    attempts: attempt,
    failure: null,
    stretches: [...endedStretches(before, event.atMs), runningStretch(event.atMs, 0)],
  };
  return {
    trials: replaced(trials, trialNumber, trial),
    steps: replaced(steps, step, runningStep(trialNumber, 0, toRounds)),
  };
}

function promoted({ trials, steps }: FoldedStudy, event: EventOf<'trial_promoted'>): StudyTrials {
  const { trialNumber, step, rung, attempt, toRounds } = event;
  const before = trials[trialNumber - 1];
  const isRetry = before?.state === 'running' && before.metrics !== null && attempt > 1;
  if (before === undefined || (before.state !== 'paused' && !isRetry)) {
    throw new Error(`Trial ${trialNumber} is ${before?.state ?? 'not begun'}, not paused`);
  }
  requireStep(steps, step, { trialNumber, rung });
  const stretches = [...endedStretches(before, event.atMs), runningStretch(event.atMs, rung)];
  return {
    trials: replaced(trials, trialNumber, {
      ...before,
      state: 'running',
      attempts: attempt,
      failure: null,
      stretches,
    }),
    steps: replaced(steps, step, runningStep(trialNumber, rung, toRounds)),
  };
}

function ended(state: FoldedStudy, event: EndEvent, outcome: 'paused' | 'pruned' | 'complete'): StudyTrials {
  const { trialNumber, metrics, standardError, rounds, trainedRounds, curve, durationMs, worker } = event;
  const before = runningTrial(state.trials, trialNumber);
  const trial: TrialRecord = {
    ...before,
    state: outcome,
    metrics,
    standardError,
    rounds,
    trainedRounds,
    curve,
    durationMs: (before.durationMs ?? 0) + durationMs,
    failure: null,
    stretches: withLast(before.stretches, { endedAtMs: event.atMs, worker, outcome }),
  };
  return {
    trials: replaced(state.trials, trialNumber, trial),
    steps: withStepOver(state.steps, trialNumber, {
      state: outcome,
      value: metrics[state.config.objective],
      outlook:
        outcome === 'paused'
          ? outlookValue(curve, before.params.n_estimators, state.config.objective)
          : metrics[state.config.objective],
      trainedRounds,
    }),
  };
}

function failed(state: FoldedStudy, event: EventOf<'trial_failed'>): StudyTrials {
  const { trialNumber, message, willRetry, atMs } = event;
  const before = runningTrial(state.trials, trialNumber);
  const trial: TrialRecord = {
    ...before,
    state: willRetry ? 'running' : 'failed',
    failure: message,
    stretches: withLast(before.stretches, { endedAtMs: atMs, outcome: 'failed' }),
  };
  return {
    trials: replaced(state.trials, trialNumber, trial),
    steps: willRetry
      ? state.steps
      : withStepOver(state.steps, trialNumber, {
          state: 'failed',
          value: null,
          outlook: null,
          trainedRounds: 0,
        }),
  };
}

/** Nothing runs any more: a trial in its first stretch is as if it had not begun, a later one waits as before. */
function cutShort({ trials, steps }: StudyTrials, atMs: number): StudyTrials {
  return {
    trials: trials.map((trial) => {
      if (trial?.state !== 'running') return trial;
      if (trial.metrics === null) return undefined;
      const stretches = endedStretches(trial, atMs);
      return { ...trial, state: 'paused', failure: null, stretches };
    }),
    steps: steps.map((step) => (step?.state === 'running' ? undefined : step)),
  };
}

/** A trial that waits for promotion when tuning ends did not make it. */
function withoutPaused({ trials, steps }: StudyTrials): StudyTrials {
  return {
    trials: trials.map((trial) => (trial?.state === 'paused' ? { ...trial, state: 'pruned' } : trial)),
    steps,
  };
}

/**
 * A study goes on: what ran is lost, what waited for promotion waits again. A study that failed as a whole, say for want
 * of the engine, tries its failed trials again.
 */
function takenUp(state: FoldedStudy, atMs: number): StudyTrials {
  const { trials, steps } = cutShort(state, atMs);
  const waiting = new Set(
    lastSteps(steps).flatMap((step) => (step.state === 'paused' ? [step.trialNumber] : [])),
  );
  const isForgotten = (trial: TrialRecord | undefined) =>
    state.phase === 'failed' && trial?.state === 'failed';
  const forgotten = new Set(trials.filter(isForgotten).map((trial) => trial?.number));
  return {
    trials: trials.map((trial) => {
      if (trial === undefined || isForgotten(trial)) return undefined;
      return trial.state === 'pruned' && waiting.has(trial.number) ? { ...trial, state: 'paused' } : trial;
    }),
    steps: steps.map((step) => (step !== undefined && forgotten.has(step.trialNumber) ? undefined : step)),
  };
}

/** The last step of each trial. */
function lastSteps(steps: StudyTrials['steps']): readonly StepRecord[] {
  const last = new Map<number, StepRecord>();
  for (const step of steps) if (step !== undefined) last.set(step.trialNumber, step);
  return [...last.values()];
}

function runningTrial(trials: StudyTrials['trials'], number: number): TrialRecord {
  const trial = trials[number - 1];
  if (trial?.state !== 'running') {
    throw new Error(`Trial ${number} is ${trial?.state ?? 'not begun'}, not running`);
  }
  return trial;
}

function requireStep(
  steps: StudyTrials['steps'],
  step: number,
  expected: { readonly trialNumber: number; readonly rung: number },
): void {
  const before = steps[step - 1];
  if (before === undefined) return;
  const isSame = before.trialNumber === expected.trialNumber && before.rung === expected.rung;
  if (before.state !== 'running' || !isSame) throw new Error(`Step ${step} was taken already`);
}

function runningStep(trialNumber: number, rung: number, toRounds: number): StepRecord {
  return { trialNumber, rung, toRounds, state: 'running', value: null, outlook: null, trainedRounds: 0 };
}

function withStepOver(
  steps: StudyTrials['steps'],
  trialNumber: number,
  result: Pick<StepRecord, 'state' | 'value' | 'outlook' | 'trainedRounds'>,
): StudyTrials['steps'] {
  const at = steps.findLastIndex((step) => step?.trialNumber === trialNumber && step.state === 'running');
  const step = steps[at];
  if (step === undefined) throw new Error(`Trial ${trialNumber} runs in no step`);
  return replaced(steps, at + 1, { ...step, ...result });
}

function runningStretch(startedAtMs: number, rung: number): TrialStretch {
  return { startedAtMs, endedAtMs: null, worker: null, rung, outcome: 'running' };
}

function endedStretches(trial: TrialRecord | undefined, atMs: number): readonly TrialStretch[] {
  if (trial === undefined) return [];
  return trial.stretches.map((stretch) =>
    stretch.outcome === 'running' ? { ...stretch, endedAtMs: atMs, outcome: 'lost' } : stretch,
  );
}

function withLast(
  stretches: readonly TrialStretch[],
  change: Partial<TrialStretch>,
): readonly TrialStretch[] {
  return stretches.map((stretch, i) => (i === stretches.length - 1 ? { ...stretch, ...change } : stretch));
}

/** Copy a list with one place (counted from 1) set, filling holes with undefined, which every consumer sees alike. */
function replaced<T>(list: readonly (T | undefined)[], place: number, value: T): readonly (T | undefined)[] {
  const copy = list.slice();
  while (copy.length < place) copy.push(undefined);
  copy[place - 1] = value;
  return copy;
}

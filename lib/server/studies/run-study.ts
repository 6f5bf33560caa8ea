import type { TrialExecutor } from '@/lib/server/xgboost/trial-executor';
import type { SamplePoint } from '@/lib/tuning/samplers/sampler';
import { suggest } from '@/lib/tuning/samplers/samplers';
import type { TrialParams } from '@/lib/tuning/space/search-space';
import type { StudyChange } from '@/lib/tuning/study/study-events';
import {
  isTuningOver,
  type ReadyStep,
  roundsOfStep,
  stepsReady,
  tuningFailure,
} from '@/lib/tuning/study/study-plan';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { suggestionInputs } from '@/lib/tuning/study/suggestion-inputs';
import { stepToItsEnd } from './run-step';
import type { StudyLog } from './study-log';
import type { DecidedStep, StudyRun } from './study-run';

/**
 * Why a run ends before its trials do: a user stopped the study, or paused it so that what runs is finished first, or the
 * process shuts down and it can be resumed later.
 */
export class StudyHalt extends Error {
  readonly why: 'stopped' | 'shutdown';

  constructor(why: StudyHalt['why']) {
    super(why === 'stopped' ? 'The study was stopped.' : 'The program shuts down.');
    this.name = 'StudyHalt';
    this.why = why;
  }
}

/**
 * Run a study's trials until all are over, and record all that happens. The same for page and command line: which
 * parameters a trial gets, and which trial goes on, follows from the study's config and earlier results, never from timing.
 *
 * @returns the state at the end
 * @throws what the log throws when it cannot write; running trials are cut short first
 */
export async function runStudy(run: StudyRun): Promise<StudyState> {
  const { log, executor, signal } = run;
  const cutShort = new AbortController();
  const trialSignal = AbortSignal.any([signal, cutShort.signal]);
  const running = new Map<number, Promise<void>>();
  const { write, writing, keep, errors, broke } = changeWriter(log);
  const decider = stepDecider(run);

  const start = (step: DecidedStep) => {
    const { step: number } = step.ready;
    const ended = stepToItsEnd({ ...run, signal: trialSignal }, step, write)
      .catch(keep)
      .finally(() => running.delete(number));
    running.set(number, ended);
  };

  const mayGoOn = () => !signal.aborted && errors.length === 0 && log.latest().phase === 'tuning';
  while (mayGoOn() && tuningFailure(log.latest()) === null) {
    for (let nFree = executor.nProcesses - running.size; nFree > 0; nFree--) {
      // Training may be ahead of the disk by what one turn of each process writes: that much a crash can cost beside what runs.
      if (writing.size > executor.nProcesses) break;
      const next =
        nextStep(decider.decided(log.latest()), executor, log.latest()) ??
        nextStep(decider.all(log.latest()), executor, log.latest());
      if (next === null) break;
      start(next);
    }
    // While these train, so that no process waits for a sampler.
    decider.all(log.latest());
    if (running.size === 0 && writing.size === 0) break;
    await Promise.race([...running.values(), ...writing, broke]);
  }
  const isStopped = signal.reason instanceof StudyHalt && signal.reason.why === 'stopped';
  if (isStopped && log.latest().phase === 'tuning') await log.record({ type: 'study_stop_requested' });
  // A pause lets what runs come to its end; everything else does not wait for it.
  if (log.latest().phase !== 'pausing' || errors.length > 0) cutShort.abort();
  await Promise.all(running.values());
  await Promise.all(writing);
  if (errors.length > 0) throw errors[0];
  // Extended between the last trial's end and here.
  if (mayGoOn() && !isTuningOver(log.state()) && tuningFailure(log.state()) === null && !signal.aborted) {
    return runStudy(run);
  }
  await recordEnd(log, signal);
  return log.state();
}

/** Writes that nobody waits for one by one, and what went wrong in them or elsewhere. */
function changeWriter(log: StudyLog) {
  const errors: unknown[] = [];
  const writing = new Set<Promise<void>>();
  let tellBroken = () => {};
  const broke = new Promise<void>((resolve) => {
    tellBroken = resolve;
  });
  const keep = (error: unknown) => {
    errors.push(error);
    tellBroken();
  };
  return {
    errors,
    keep,
    writing,
    /** Resolves at the first error. */
    broke,
    /** Resolves when the change is on disk, or could not be written. */
    write(change: StudyChange): Promise<void> {
      const record = log
        .record(change)
        .then(() => undefined, keep)
        .finally(() => writing.delete(record));
      writing.add(record);
      return record;
    },
  };
}

async function recordEnd(log: StudyLog, signal: AbortSignal): Promise<void> {
  const failure = tuningFailure(log.state());
  // As it will be when all that is being written is on disk: a pause may have been asked for just now.
  const { phase } = log.latest();
  if (failure !== null) await log.record({ type: 'tuning_ended', reason: 'failed', message: failure });
  else if (isTuningOver(log.state())) {
    await log.record({ type: 'tuning_ended', reason: 'completed', message: null });
  } else if (phase === 'stopping') {
    await log.record({ type: 'tuning_ended', reason: 'stopped', message: null });
  } else if (phase === 'pausing' && !signal.aborted) {
    await log.record({ type: 'study_paused' });
  } else if (!signal.aborted) {
    throw new Error(`${log.studyId} has trials left, but none can start`);
  }
}

/** Decides how steps run. */
interface StepDecider {
  /** Those of the steps that may begin whose parameters are known; costs nothing. */
  decided(state: StudyState): readonly DecidedStep[];
  /** All steps that may begin; asks the sampler where it was not asked yet. */
  all(state: StudyState): readonly DecidedStep[];
}

/** A suggestion is made once: it depends on nothing that can change between asking and beginning. */
function stepDecider(run: StudyRun): StepDecider {
  const suggested = new Map<number, TrialParams>();
  const decidedSteps = (state: StudyState, steps: readonly ReadyStep[]) => {
    const decided = new Map<number, SamplePoint>();
    return steps.map((ready) => {
      const params = paramsOf(run, state, { ready, suggested, decided });
      if (ready.kind === 'start') decided.set(ready.step, params);
      const rung = ready.kind === 'promote' ? ready.rung : 0;
      return { ready, params, toRounds: roundsOfStep(state.config, rung, params.n_estimators) };
    });
  };
  return {
    decided: (state) =>
      decidedSteps(
        state,
        stepsReady(state).filter(({ kind, step }) => kind === 'promote' || suggested.has(step)),
      ),
    all: (state) => decidedSteps(state, stepsReady(state)),
  };
}

function paramsOf(
  { elapsed, onSuggested }: StudyRun,
  state: StudyState,
  step: {
    readonly ready: ReadyStep;
    readonly suggested: Map<number, TrialParams>;
    readonly decided: ReadonlyMap<number, SamplePoint>;
  },
): TrialParams {
  const { ready, suggested, decided } = step;
  if (ready.kind === 'promote') {
    const trial = state.trials[ready.trialNumber - 1];
    if (trial === undefined) throw new Error(`Trial ${ready.trialNumber} is to go on but has not begun`);
    return trial.params;
  }
  const known = suggested.get(ready.step);
  if (known !== undefined) return known;
  const { sampler, searchSpace: space, seed } = state.config;
  const startedAtMs = elapsed();
  const inputs = suggestionInputs(state, ready.step, decided);
  const params = suggest({ sampler, space, seed, trialNumber: ready.trialNumber, ...inputs });
  onSuggested?.(sampler, elapsed() - startedAtMs);
  suggested.set(ready.step, params);
  return params;
}

/**
 * Choose which decided step begins first: one whose boosters an idle process holds, else the longest, so that no long one
 * is left for the end. One held by a busy process waits for it, since any other would train it again from the beginning.
 */
function nextStep(
  steps: readonly DecidedStep[],
  executor: TrialExecutor,
  state: StudyState,
): DecidedStep | null {
  let best: { readonly step: DecidedStep; readonly rank: number } | null = null;
  for (const step of steps) {
    const { trialNumber } = step.ready;
    const holder = executor.holderOf({ studyKey: state.studyId, trialNumber });
    if (holder === 'busy') continue;
    const rank = holder === 'idle' ? Number.POSITIVE_INFINITY : workOf(step);
    if (best === null || rank > best.rank) best = { step, rank };
  }
  return best?.step ?? null;
}

/** What a step costs, to compare steps by: trees times their depth times the rows and columns that each sees. */
function workOf({ params, toRounds }: DecidedStep): number {
  const { max_depth = 6, subsample = 1, colsample_bytree = 1 } = params;
  return toRounds * (1 + max_depth) * (0.5 + subsample) * (0.5 + colsample_bytree);
}

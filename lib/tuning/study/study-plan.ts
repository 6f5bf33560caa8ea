import { ashaDecision, type Decision, rungRounds, type TakenStep } from './asha';
import type { StudyState } from './study-state';
import type { StepRecord } from './trials-after';

/** The part of a study's state that planning looks at. */
export type PlannedStudy = Pick<StudyState, 'config' | 'trials' | 'steps'>;

/** A step that may begin now. */
export type ReadyStep = Exclude<Decision, { kind: 'none' }> & {
  /** 1-based, in the order of decisions. */
  readonly step: number;
};

/**
 * List the steps that may begin now, lowest number first. Step n is decided from the results of the steps
 * 1 … n − workers, which must be over; so who finishes first, the number of cores, a crash and a resume change nothing.
 * They may begin in any order. Without successive halving, step n is the start of trial n.
 *
 * @example with 6 workers and nothing begun: the starts of trials 1 … 6
 */
export function stepsReady(study: PlannedStudy): readonly ReadyStep[] {
  return study.config.scheduler.type === 'asha' ? ashaOutlook(study).ready : startsReady(study);
}

/** Whether every trial of the study is over, and nothing is left to promote. */
export function isTuningOver(study: PlannedStudy): boolean {
  if (study.config.scheduler.type === 'asha') return ashaOutlook(study).isOver;
  return nOverFromFirst(study.steps) >= study.config.nTrials;
}

/** Give the rounds to which a step trains its trial. */
export function roundsOfStep(
  { scheduler }: PlannedStudy['config'],
  rung: number,
  nEstimators: number,
): number {
  return scheduler.type === 'asha' ? rungRounds(scheduler, rung, nEstimators) : nEstimators;
}

const isOver = (step: StepRecord | undefined) => step !== undefined && step.state !== 'running';

function nOverFromFirst(steps: PlannedStudy['steps']): number {
  const n = steps.findIndex((step) => !isOver(step));
  return n === -1 ? steps.length : n;
}

function startsReady({ config, steps }: PlannedStudy): readonly ReadyStep[] {
  const last = Math.min(config.nTrials, nOverFromFirst(steps) + config.workers);
  const ready: ReadyStep[] = [];
  for (let step = 1; step <= last; step++) {
    if (steps[step - 1] === undefined) ready.push({ kind: 'start', trialNumber: step, step });
  }
  return ready;
}

/**
 * States share their steps until one changes, and every one is asked several times: what follows from the same steps is
 * worked out once.
 */
const knownOutlooks = new WeakMap<
  PlannedStudy['steps'],
  { readonly nTrials: number; readonly outlook: Outlook }
>();

function ashaOutlook(study: PlannedStudy): Outlook {
  const { nTrials } = study.config;
  const known = knownOutlooks.get(study.steps);
  if (known?.nTrials === nTrials) return known.outlook;
  const outlook = workedOutAsha(study);
  knownOutlooks.set(study.steps, { nTrials, outlook });
  return outlook;
}

interface Outlook {
  readonly ready: readonly ReadyStep[];
  readonly isOver: boolean;
}

/**
 * Walk the steps in order. A step for which nothing can begin is over as soon as that is decided; after `workers` of those
 * in a row, with all before them over, everything is known and nothing can change any more.
 */
function workedOutAsha({ config, steps }: PlannedStudy): Outlook {
  const { scheduler, workers } = config;
  if (scheduler.type !== 'asha') throw new Error('Expected a study under successive halving');
  const ready: ReadyStep[] = [];
  /** By step; null where nothing can begin. */
  const taken: (TakenStep | null)[] = [];
  let nDone = 0;
  let nEmptyInARow = 0;
  for (let step = 1; step <= nDone + workers; step++) {
    const begun = steps[step - 1];
    const decision: Decision | null =
      begun === undefined
        ? ashaDecision({
            config: { ...config, scheduler },
            known: steps.slice(0, Math.max(0, step - workers)).filter((known) => known !== undefined),
            pending: taken.slice(Math.max(0, step - workers)).filter((one) => one !== null),
          })
        : null;
    taken.push(begun ?? takenBy(decision));
    if (decision !== null && decision.kind !== 'none') ready.push({ ...decision, step });
    nEmptyInARow = decision?.kind === 'none' ? nEmptyInARow + 1 : 0;
    while (nDone < taken.length && (taken[nDone] === null || isOver(steps[nDone]))) nDone += 1;
    if (nEmptyInARow >= workers && nDone === step) return { ready, isOver: true };
  }
  return { ready, isOver: false };
}

function takenBy(decision: Decision | null): TakenStep | null {
  if (decision === null || decision.kind === 'none') return null;
  return { trialNumber: decision.trialNumber, rung: decision.kind === 'promote' ? decision.rung : 0 };
}

const N_FIRST_TRIALS = 3;

/**
 * Say why tuning cannot succeed, or null while it still can: the first three trials failed (what stops them will stop
 * the others), or all are over and none completed. Judged by number, so the order of completion does not matter.
 */
export function tuningFailure(study: PlannedStudy): string | null {
  const nFirst = Math.min(N_FIRST_TRIALS, study.config.nTrials);
  const first = Array.from({ length: nFirst }, (_, i) => study.trials[i]);
  const haveFirstFailed = first.every((trial) => trial?.state === 'failed');
  const hasNone = isTuningOver(study) && !study.trials.some((trial) => trial?.state === 'complete');
  if (!haveFirstFailed && !hasNone) return null;
  const which = haveFirstFailed && !hasNone ? `The first ${nFirst} trials failed` : 'No trial completed';
  return `${which}; trial 1 said: ${study.trials[0]?.failure ?? 'nothing'}`;
}

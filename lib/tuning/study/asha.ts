import type { Objective, Scheduler, StudyConfig } from './study-config';
import { asGain } from './trial-record';
import type { StepRecord } from './trials-after';

/** What is decided for one step of a study. */
export type Decision =
  | { readonly kind: 'start'; readonly trialNumber: number }
  | { readonly kind: 'promote'; readonly trialNumber: number; readonly rung: number }
  /** Nothing can begin on what is known at this step; later ones may know more. */
  | { readonly kind: 'none' };

/** The part of a step that says whose it is. */
export type TakenStep = Pick<StepRecord, 'trialNumber' | 'rung'>;

/** All that the decision for a step may look at. */
export interface AshaView {
  readonly config: Pick<StudyConfig, 'nTrials' | 'objective'> & {
    readonly scheduler: {
      readonly reductionFactor: number;
      readonly rankBy?: 'outlook' | 'value' | undefined;
    };
  };
  /** Steps whose results are known: 1 … n − workers, all over. Steps in which nothing began are left out. */
  readonly known: readonly StepRecord[];
  /** Steps n − workers + 1 … n − 1: begun or decided, results not to be looked at. */
  readonly pending: readonly TakenStep[];
}

/**
 * Give the rounds at the end of a rung: `minRounds` times the reduction factor for each rung above the first, at most the
 * trial's own `n_estimators`.
 */
export function rungRounds(
  { minRounds, reductionFactor }: { readonly minRounds: number; readonly reductionFactor: number },
  rung: number,
  nEstimators: number,
): number {
  return Math.min(nEstimators, minRounds * reductionFactor ** rung);
}

/** Reports of a rung's upper half: at its eighths, the end among them. */
const N_PARTS = 8;

/**
 * Give the rounds after some rounds at which a trial reports for the sake of its rung: its end, and four marks of its upper
 * half that the outlook is drawn from. Whatever the trial's own `n_estimators`; null under any other scheduler.
 *
 * @example nextRungMark({ type: 'asha', minRounds: 16, reductionFactor: 3 }, 11) // 12
 */
export function nextRungMark(scheduler: Scheduler, trainedRounds: number): number | null {
  if (scheduler.type !== 'asha') return null;
  let end = scheduler.minRounds;
  while (end <= trainedRounds) end *= scheduler.reductionFactor;
  for (let part = N_PARTS / 2; part < N_PARTS; part++) {
    const mark = Math.ceil((end * part) / N_PARTS);
    if (mark > trainedRounds) return mark;
  }
  return end;
}

/**
 * Decide one step by asynchronous successive halving (Li et al. 2020, algorithm 2): the best paused trial among the top
 * 1/`reductionFactor` of the highest rung that has one is promoted; where there is none, the next trial starts. Trials of a
 * rung are compared by the outlook of their curves, or by value, as the scheduler says.
 *
 * What a rung holds is known from the steps 1 … n − workers alone, so who finishes first decides nothing. A complete trial
 * takes part in the ranking of the rung it ended in and needs no promotion; a failed one does not count. Ties go to the
 * lower trial number. When every trial has begun and all is known, a paused trial that is better than every complete one
 * goes on whatever its rung says, so that the best trial of a study is always trained to its end.
 */
export function ashaDecision({ config, known, pending }: AshaView): Decision {
  const taken = [...known, ...pending];
  const rungs = rankedRungs(known, config);
  const promotion = topPromotion(rungs, config.scheduler.reductionFactor, taken);
  if (promotion !== null) return promotion;
  const nStarted = taken.reduce((n, { rung }) => (rung === 0 ? n + 1 : n), 0);
  if (nStarted < config.nTrials) return { kind: 'start', trialNumber: nStarted + 1 };
  return pending.length === 0 ? lastPromotion(rungs, config.objective, taken) : { kind: 'none' };
}

type RankedStep = StepRecord & { readonly value: number; readonly outlook: number };

/** Steps with a result by rung, best first. */
function rankedRungs(
  known: readonly StepRecord[],
  { objective, scheduler }: AshaView['config'],
): ReadonlyMap<number, RankedStep[]> {
  const sign = asGain(1, objective);
  const gain = ({ value, outlook }: RankedStep) => sign * (scheduler.rankBy === 'value' ? value : outlook);
  const rungs = new Map<number, RankedStep[]>();
  for (const step of known) {
    if (!hasValue(step)) continue;
    const rung = rungs.get(step.rung);
    if (rung === undefined) rungs.set(step.rung, [step]);
    else rung.push(step);
  }
  for (const rung of rungs.values()) {
    rung.sort((a, b) => gain(b) - gain(a) || a.trialNumber - b.trialNumber);
  }
  return rungs;
}

function hasValue(step: StepRecord): step is RankedStep {
  return step.value !== null && step.outlook !== null;
}

function topPromotion(
  rungs: ReadonlyMap<number, RankedStep[]>,
  reductionFactor: number,
  taken: readonly TakenStep[],
): Decision | null {
  const isWaiting = waitingTest(taken);
  for (const [rung, ranked] of [...rungs].sort(([a], [b]) => b - a)) {
    const next = ranked.slice(0, Math.floor(ranked.length / reductionFactor)).find(isWaiting);
    if (next !== undefined) return { kind: 'promote', trialNumber: next.trialNumber, rung: rung + 1 };
  }
  return null;
}

function lastPromotion(
  rungs: ReadonlyMap<number, RankedStep[]>,
  objective: Objective,
  taken: readonly TakenStep[],
): Decision {
  const isWaiting = waitingTest(taken);
  const steps = [...rungs.values()].flat();
  const gain = ({ value }: RankedStep) => asGain(value, objective);
  const bestComplete = Math.max(...steps.filter(({ state }) => state === 'complete').map(gain));
  const [best] = steps
    .filter((step) => isWaiting(step) && gain(step) > bestComplete)
    .sort((a, b) => gain(b) - gain(a) || a.trialNumber - b.trialNumber);
  if (best === undefined) return { kind: 'none' };
  return { kind: 'promote', trialNumber: best.trialNumber, rung: best.rung + 1 };
}

/** Whether a trial was paused at the end of a step and has not been promoted since. */
function waitingTest(taken: readonly TakenStep[]): (step: StepRecord) => boolean {
  const begun = new Set(taken.map(({ trialNumber, rung }) => stepKey(trialNumber, rung)));
  return ({ state, trialNumber, rung }) => state === 'paused' && !begun.has(stepKey(trialNumber, rung + 1));
}

/** With a reduction factor of at least 2 no trial has as many rungs. */
const MOST_RUNGS = 32;

function stepKey(trialNumber: number, rung: number): number {
  return trialNumber * MOST_RUNGS + rung;
}

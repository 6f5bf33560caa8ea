import type { ScoredPoint } from './sampler';
import type { TrialParams } from './search-space';
import type { StudyConfig } from './study-events';
import type { StudyState } from './study-state';

/** The part of a study's state that planning looks at. */
export type PlannedStudy = Pick<StudyState, 'config' | 'trials'>;

/**
 * List the trials that may start now, lowest number first: those not begun whose trials 1 … n − workers are all over
 * (complete, or failed for good). Start them in this order.
 *
 * @example with 6 workers and nothing begun: [1, 2, 3, 4, 5, 6]
 */
export function trialsReady({ config, trials }: PlannedStudy): readonly number[] {
  const last = Math.min(config.nTrials, nFinishedFromFirst(trials) + config.workers);
  const ready: number[] = [];
  for (let number = 1; number <= last; number++) {
    if (trials[number - 1] === undefined) ready.push(number);
  }
  return ready;
}

function nFinishedFromFirst(trials: PlannedStudy['trials']): number {
  let n = 0;
  while (trials[n] !== undefined && trials[n]?.state !== 'running') n++;
  return n;
}

/** Whether every trial of the study is over. */
export function isTuningOver({ config, trials }: PlannedStudy): boolean {
  return nFinishedFromFirst(trials) >= config.nTrials;
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

/** What the suggestion of one trial may look at. */
export interface SuggestionInputs {
  readonly history: readonly (ScoredPoint & { readonly params: TrialParams })[];
  readonly pending: readonly TrialParams[];
}

/**
 * Collect what trial n is suggested from: the results of the trials 1 … n − workers that completed, and the parameters
 * (not the results, even if they are in) of those between. So whoever finishes first changes nothing.
 *
 * @throws if a lower-numbered trial has not begun, or one of 1 … n − workers is still running
 */
export function suggestionInputs(study: PlannedStudy, trialNumber: number): SuggestionInputs {
  const objective: StudyConfig['objective'] = study.config.objective;
  const nKnown = Math.max(0, trialNumber - study.config.workers);
  const history: (ScoredPoint & { readonly params: TrialParams })[] = [];
  const pending: TrialParams[] = [];
  for (let number = 1; number < trialNumber; number++) {
    const trial = study.trials[number - 1];
    if (trial === undefined) throw new Error(`Trial ${trialNumber} asked for before trial ${number} began`);
    if (number > nKnown) pending.push(trial.params);
    else if (trial.state === 'running') {
      throw new Error(`Trial ${trialNumber} asked for while trial ${number} runs`);
    } else if (trial.metrics !== null) {
      history.push({ params: trial.params, value: trial.metrics[objective] });
    }
  }
  return { history, pending };
}

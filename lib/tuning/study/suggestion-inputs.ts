import type { SamplePoint, ScoredPoint } from '@/lib/tuning/samplers/sampler';
import type { PlannedStudy } from './study-plan';
import { asGain } from './trial-record';
import type { StepRecord } from './trials-after';

/** What the suggestion of one trial may look at. */
export interface SuggestionInputs {
  readonly history: readonly ScoredPoint[];
  readonly pending: readonly SamplePoint[];
}

/**
 * Collect what the trial that starts in a step is suggested from: what the steps 1 … n − workers came to, each trial by its
 * last result among them, and the parameters (not the results, even if they are in) of the trials started between.
 *
 * @param decided steps below this one that are decided but not begun, with their parameters: a longer one may begin first
 * @throws if a step of 1 … n − workers is not over, or one between is neither begun nor decided
 */
export function suggestionInputs(
  study: PlannedStudy,
  step: number,
  decided: ReadonlyMap<number, SamplePoint>,
): SuggestionInputs {
  const { config, steps, trials } = study;
  const nKnown = Math.max(0, step - config.workers);
  const last = new Map<number, StepRecord>();
  for (const known of steps.slice(0, nKnown)) {
    if (known?.state === 'running') throw new Error(`Step ${step} asked for while an earlier one runs`);
    if (known !== undefined) last.set(known.trialNumber, known);
  }
  const history: ScoredPoint[] = [];
  for (const { trialNumber, value, state, trainedRounds } of byTrial(last)) {
    const params = trials[trialNumber - 1]?.params;
    if (value === null || params === undefined) continue;
    const prunedAtRounds = state === 'complete' ? null : trainedRounds;
    history.push({ params, value: asGain(value, config.objective), prunedAtRounds });
  }
  const pending: SamplePoint[] = [];
  for (let between = nKnown + 1; between < step; between++) {
    const begun = steps[between - 1];
    if (begun !== undefined && begun.rung > 0) continue;
    const params = begun === undefined ? decided.get(between) : trials[begun.trialNumber - 1]?.params;
    if (params !== undefined) pending.push(params);
  }
  return { history, pending };
}

function byTrial(steps: ReadonlyMap<number, StepRecord>): readonly StepRecord[] {
  return [...steps.values()].sort((a, b) => a.trialNumber - b.trialNumber);
}

import { bestProgress, objectiveInterval } from '@/lib/tuning/insight/best-progress';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { type CompleteTrial, gainOf, isComplete } from '@/lib/tuning/study/trial-record';
import { empiricalDistribution } from './empirical-distribution';

/** What studies are compared by: their best by trial or by rounds trained, or the distribution of their trials. */
export type ComparisonView = 'trials' | 'rounds' | 'distribution';

/** A trial on a study's curve. */
export interface CurvePoint {
  readonly trialNumber: number;
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly interval: ReturnType<typeof objectiveInterval>;
}

/** A study's curve: a stepped line, and the trials that make its steps. */
export interface StudyCurve {
  readonly points: readonly CurvePoint[];
  /** Where the line begins and ends beyond its points; null where the study has none. */
  readonly from: { readonly x: number; readonly y: number } | null;
  readonly to: { readonly x: number; readonly y: number } | null;
}

type Compared = Pick<StudyState, 'config' | 'trials' | 'steps'>;

/** Give a study's curve. Only complete trials make steps. */
export function studyCurve(state: Compared, view: ComparisonView): StudyCurve {
  return view === 'distribution' ? distributionCurve(state) : bestCurve(state, view);
}

function bestCurve(state: Compared, view: 'trials' | 'rounds'): StudyCurve {
  const { config, trials } = state;
  const { improvements, nRounds } = bestProgress(state);
  const steps =
    view === 'rounds'
      ? improvements.map(({ trial, nRounds: x }) => ({ trial, x }))
      : improvedTrials(state).map((trial) => ({ trial, x: trial.number }));
  const points = steps.map(({ trial, x }) => {
    const value = trial.metrics[config.objective];
    return { trialNumber: trial.number, x, y: value, value, interval: objectiveInterval(trial, config) };
  });
  const last = points[points.length - 1];
  const end = view === 'rounds' ? nRounds : trials.length;
  return { points, from: null, to: last === undefined ? null : { x: end, y: last.y } };
}

/** The complete trials that were better than all complete ones of lower number. */
function improvedTrials({ config, trials }: Compared): readonly CompleteTrial[] {
  let best = Number.NEGATIVE_INFINITY;
  return trials.filter(isComplete).filter((trial) => {
    const gain = gainOf(trial, config) ?? Number.NEGATIVE_INFINITY;
    if (gain <= best) return false;
    best = gain;
    return true;
  });
}

function distributionCurve({ config, trials }: Compared): StudyCurve {
  const complete = trials.filter(isComplete);
  const byNumber = new Map(complete.map((trial) => [trial.number, trial]));
  const points = empiricalDistribution(complete, config).map(({ trialNumber, value, share }) => {
    const trial = byNumber.get(trialNumber);
    const interval = trial === undefined ? null : objectiveInterval(trial, config);
    return { trialNumber, x: value, y: share, value, interval };
  });
  const [first] = points;
  return { points, from: first === undefined ? null : { x: first.x, y: 0 }, to: null };
}

import { DESIGN_SEARCH_SPACE, type SearchSpace, WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import type { Objective, SamplerName, Scheduler, TuningPlan } from '@/lib/tuning/study/study-config';
import { isSameJson } from './plan-of-config';

/** Samplers in the order that the page offers them. */
export const OFFERED_SAMPLERS: readonly SamplerName[] = ['tpe', 'gp', 'quasi_random', 'random', 'grid'];

/** Samplers as the page names them. */
export const SAMPLER_LABELS: Readonly<Record<SamplerName, string>> = {
  tpe: 'TPE',
  gp: 'Gaussian process',
  quasi_random: 'Quasi-random',
  random: 'Random',
  grid: 'Grid',
};

/** What a trial is judged by, with what larger or smaller means. */
export const OBJECTIVE_LABELS: Readonly<Record<Objective, string>> = {
  roc_auc: 'roc_auc',
  average_precision: 'average_precision',
  logloss: 'logloss (smaller is better)',
  f1_score: 'f1_score',
  recall: 'recall',
  expected_profit: 'expected_profit',
};

/** Schedulers as the page names them. */
export const SCHEDULER_LABELS: Readonly<Record<Scheduler['type'], string>> = {
  none: 'None',
  asha: 'ASHA',
  median: 'Median stopping',
};

/** Say in a few words which space this is and how large. */
export function spaceSummary(space: SearchSpace): string {
  const nParameters = Object.values(space).filter((one) => one !== undefined).length;
  const count = `${nParameters} ${nParameters === 1 ? 'parameter' : 'parameters'}`;
  if (isSameJson(space, DESIGN_SEARCH_SPACE)) return `the design’s, ${count}`;
  if (isSameJson(space, WIDE_SEARCH_SPACE)) return `the wide one, ${count}`;
  return `your own, ${count}`;
}

/** Say in a few words what is folded away: validation, reports, early stopping, constraints. */
export function settingsSummary(plan: TuningPlan): string {
  const { validation, earlyStoppingRounds, reportEveryRounds, monotoneConstraints } = plan;
  const nConstraints = Object.keys(monotoneConstraints).length;
  return [
    validation.type === 'split' ? 'validation rows' : kfoldText(validation.nSplits, validation.nRepeats),
    `a report every ${reportEveryRounds === 1 ? 'round' : `${reportEveryRounds} rounds`}`,
    earlyStoppingRounds === null ? 'no early stopping' : `stops after ${earlyStoppingRounds} rounds`,
    ...(nConstraints > 0 ? [`${nConstraints} monotone`] : []),
  ].join(', ');
}

function kfoldText(nSplits: number, nRepeats: number): string {
  return nRepeats === 1 ? `${nSplits}-fold` : `${nRepeats} × ${nSplits}-fold`;
}

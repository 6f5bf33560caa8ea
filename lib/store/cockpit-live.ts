import type { StudyState } from '@/lib/tuning/study/study-state';
import type { LiveReports } from './workbench-state';

/**
 * Put what running trials reported at the end of their curves, for figures to draw. Reports of rounds that a curve holds
 * already are left out. Without reports the study is given back as it is.
 */
export function withLiveCurves(state: StudyState, reports: LiveReports): StudyState {
  if (reports.size === 0) return state;
  const trials = state.trials.map((trial) => {
    const own = trial?.state === 'running' ? reports.get(trial.number) : undefined;
    if (trial === undefined || own === undefined) return trial;
    const last = trial.curve.at(-1)?.[0] ?? 0;
    const added = own.flatMap(({ rounds, value }) => (rounds > last ? [[rounds, value] as const] : []));
    return { ...trial, curve: [...trial.curve, ...added] };
  });
  return { ...state, trials };
}

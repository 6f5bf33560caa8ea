import type { PlannedStudy } from './study-plan';
import { asGain, isComplete } from './trial-record';

/** End a trial whose best report up to `rounds` is worse than `value`. */
export interface PruneBelow {
  readonly rounds: number;
  /** Of the objective, in its own direction. */
  readonly value: number;
}

/**
 * Give the thresholds under which a trial is ended early by the median rule (Golovin et al., "Google Vizier", 2017, as
 * Optuna's MedianPruner): at each report from `minRounds` on, the median of what the complete trials reported at the same
 * rounds. Only the trials 1 … n − workers count, so a trial gets its thresholds when it starts, and who finishes first
 * decides nothing. Empty while fewer than `nStartupTrials` of them are complete, and under any other scheduler.
 *
 * @returns in rising order of rounds; a round counts once `nStartupTrials` complete trials reported at it
 */
export function medianThresholds(
  { config, trials }: Pick<PlannedStudy, 'config' | 'trials'>,
  trialNumber: number,
): readonly PruneBelow[] {
  const { scheduler, objective, workers } = config;
  if (scheduler.type !== 'median') return [];
  const gainsByRounds = new Map<number, number[]>();
  for (const trial of trials.slice(0, Math.max(0, trialNumber - workers))) {
    if (!isComplete(trial)) continue;
    for (const [rounds, value] of trial.curve) {
      if (rounds < scheduler.minRounds) continue;
      const gains = gainsByRounds.get(rounds);
      if (gains === undefined) gainsByRounds.set(rounds, [asGain(value, objective)]);
      else gains.push(asGain(value, objective));
    }
  }
  return [...gainsByRounds]
    .filter(([, gains]) => gains.length >= scheduler.nStartupTrials)
    .map(([rounds, gains]) => ({ rounds, value: asGain(median(gains), objective) }))
    .sort((a, b) => a.rounds - b.rounds);
}

/** @param values at least one */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const high = sorted[upper] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[upper - 1] ?? Number.NaN) + high) / 2;
}

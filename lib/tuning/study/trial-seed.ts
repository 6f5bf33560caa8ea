import type { StudyConfig } from './study-events';

/**
 * Give the seed of XGBoost's row and column sampling: the study's own, for every trial and the final fit.
 * With it the objective is a function of the parameters alone, trials differ by their parameters and not by their draws
 * (common random numbers), and anyone can train the same model elsewhere with the seed they see on the page.
 */
export function trialSeed(config: Pick<StudyConfig, 'seed'>): number {
  return config.seed;
}

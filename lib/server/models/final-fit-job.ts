import type { FinalFitJob } from '@/lib/server/xgboost/trial-executor';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { CompleteTrial } from '@/lib/tuning/study/trial-record';
import { trialSeed } from '@/lib/tuning/study/trial-seed';

/**
 * Give the final fit of a study's best trial: its parameters, for as many rounds as its measured model had, which early
 * stopping may have made fewer than its `n_estimators`.
 */
export function finalFitJob(
  config: StudyConfig,
  best: Pick<CompleteTrial, 'params' | 'rounds'>,
): FinalFitJob {
  return {
    params: { ...best.params, n_estimators: best.rounds },
    seed: trialSeed(config),
    monotoneConstraints: config.monotoneConstraints,
  };
}

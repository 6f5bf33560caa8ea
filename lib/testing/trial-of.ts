import type { TrialRecord } from '@/lib/tuning/study/trial-record';

/** Write a complete trial with the metrics of nobody in particular, but for what is given. */
export function trialOf(number: number, changes: Partial<TrialRecord> = {}): TrialRecord {
  return {
    number,
    params: { n_estimators: 50, max_depth: 3 },
    state: 'complete',
    metrics: {
      roc_auc: 0.8,
      average_precision: 0.2,
      logloss: 0.15,
      f1_score: 0.1,
      recall: 0.05,
      expected_profit: 12.5,
    },
    standardError: 0.01,
    rounds: 50,
    trainedRounds: 50,
    curve: [[50, 0.8]],
    durationMs: 120,
    attempts: 1,
    failure: null,
    stretches: [],
    ...changes,
  };
}

/** Write a complete trial with a ROC AUC. */
export function trialWithRocAuc(
  number: number,
  rocAuc: number,
  changes: Partial<TrialRecord> = {},
): TrialRecord {
  const trial = trialOf(number, changes);
  return { ...trial, metrics: trial.metrics && { ...trial.metrics, roc_auc: rocAuc } };
}

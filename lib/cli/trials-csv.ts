import { spreadsheetSafeCsv } from '@/lib/core/csv';
import type { StudyState } from '@/lib/tuning/study-state';

/** Columns of `trials.csv`, in order. */
export const TRIALS_COLUMNS = [
  'trial_number',
  'state',
  'max_depth',
  'learning_rate',
  'n_estimators',
  'subsample',
  'colsample_bytree',
  'roc_auc',
  'average_precision',
  'f1_score',
  'recall',
  'duration_ms',
  'attempts',
  'failure',
] as const;

/** Write a study's trials by number, those that were not begun left out. Numbers in full, so they give back the very trial. */
export function trialsCsv({ trials }: Pick<StudyState, 'trials'>): string {
  const rows = trials.flatMap((trial) => {
    if (trial === undefined) return [];
    const { number, state, params, metrics, durationMs, attempts, failure } = trial;
    return [
      [
        number,
        state,
        params.max_depth,
        params.learning_rate,
        params.n_estimators,
        params.subsample,
        params.colsample_bytree,
        metrics?.roc_auc,
        metrics?.average_precision,
        metrics?.f1_score,
        metrics?.recall,
        durationMs === null ? null : Math.round(durationMs),
        attempts,
        failure,
      ],
    ];
  });
  return spreadsheetSafeCsv(TRIALS_COLUMNS, rows);
}

import type { Objective, StudyConfig } from '@/lib/tuning/study/study-config';

const NAMES: Readonly<Record<Objective, string>> = {
  roc_auc: 'ROC AUC',
  average_precision: 'Average precision',
  logloss: 'Log loss',
  f1_score: 'F1 score',
  recall: 'Recall',
  expected_profit: 'Expected profit',
};

/** Name an objective in the field's words. */
export function objectiveName(objective: Objective): string {
  return NAMES[objective];
}

/**
 * Name an objective with its unit and what it is measured on.
 *
 * @example objectiveMeasure({ objective: 'logloss', validation: { type: 'split' } }) // 'Log loss (nats a row) on validation rows'
 */
export function objectiveMeasure({
  objective,
  validation,
}: Pick<StudyConfig, 'objective' | 'validation'>): string {
  const units: Partial<Record<Objective, string>> = {
    logloss: ' (nats a row)',
    expected_profit: ' (US$ a row)',
  };
  const name = `${NAMES[objective]}${units[objective] ?? ''}`;
  return validation.type === 'split'
    ? `${name} on validation rows`
    : `${name}, mean of ${validation.nSplits * validation.nRepeats} folds`;
}

/** Ticks of an objective's axis: as many decimals as tell them apart, four at most. */
export const OBJECTIVE_TICKS = ',.4~f';

/** Write a value of an objective, four decimals. */
export function objectiveText(value: number): string {
  return value.toFixed(4);
}

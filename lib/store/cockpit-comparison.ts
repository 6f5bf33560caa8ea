import { percentText } from '@/lib/explore/summary/plain-numbers';
import { PARAMETER_NAMES } from '@/lib/tuning/space/parameter-catalogue';
import type { Distribution } from '@/lib/tuning/space/search-space';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import type { TrialColumn, TrialValue } from './cockpit-columns';

/** One line of a comparison: what each of the things compared has there. */
export interface ComparedRow<Value = TrialValue> {
  readonly key: string;
  readonly label: string;
  /** In the order of the things compared; null where one has nothing. */
  readonly values: readonly Value[];
  /** Whether they are not all the same. */
  readonly differs: boolean;
}

/** Set trials side by side: a line a column that any of them has something in. */
export function comparedTrials(
  trials: readonly TrialRecord[],
  columns: readonly TrialColumn[],
): readonly (ComparedRow & { readonly column: TrialColumn })[] {
  return columns
    .filter(({ key }) => key !== 'trial_number')
    .map((column) => ({ column, ...comparedRow(column, trials.map(column.valueIn)) }))
    .filter(({ values }) => values.some((value) => value !== null));
}

/** Set the configs of studies side by side, a line for each setting and for each parameter of their spaces. */
export function comparedConfigs(configs: readonly StudyConfig[]): readonly ComparedRow<string | null>[] {
  const settings = SETTINGS.map(({ key, label, textOf }) => comparedRow({ key, label }, configs.map(textOf)));
  const parameters = PARAMETER_NAMES.map((name) =>
    comparedRow(
      { key: `searchSpace.${name}`, label: name },
      configs.map(({ searchSpace }) => {
        const distribution = searchSpace[name];
        return distribution === undefined ? null : distributionText(distribution);
      }),
    ),
  );
  return [...settings, ...parameters].filter(({ values }) => values.some((value) => value !== null));
}

function comparedRow<Value extends TrialValue>(
  { key, label }: { readonly key: string; readonly label: string },
  values: readonly Value[],
): ComparedRow<Value> {
  return { key, label, values, differs: values.some((value) => value !== values[0]) };
}

interface Setting {
  readonly key: keyof StudyConfig;
  readonly label: string;
  readonly textOf: (config: StudyConfig) => string | null;
}

const SETTINGS: readonly Setting[] = [
  { key: 'datasetDigest', label: 'Dataset', textOf: (config) => config.datasetDigest.slice(0, 12) },
  { key: 'featureSpecDigest', label: 'Features', textOf: (config) => config.featureSpecDigest.slice(0, 12) },
  { key: 'objective', label: 'Objective', textOf: (config) => config.objective },
  { key: 'threshold', label: 'Threshold', textOf: ({ threshold }) => thresholdText(threshold) },
  { key: 'economics', label: 'Economics', textOf: ({ economics }) => economicsText(economics) },
  { key: 'validation', label: 'Validation', textOf: ({ validation }) => validationText(validation) },
  { key: 'sampler', label: 'Sampler', textOf: (config) => config.sampler },
  { key: 'scheduler', label: 'Scheduler', textOf: ({ scheduler }) => schedulerText(scheduler) },
  { key: 'nTrials', label: 'Trials', textOf: (config) => String(config.nTrials) },
  { key: 'workers', label: 'Workers', textOf: (config) => String(config.workers) },
  { key: 'seed', label: 'Seed', textOf: (config) => String(config.seed) },
  { key: 'reportEveryRounds', label: 'Report', textOf: (c) => `every ${c.reportEveryRounds} rounds` },
  { key: 'earlyStoppingRounds', label: 'Early stopping', textOf: earlyStoppingText },
  { key: 'maxFailures', label: 'Given up after', textOf: ({ maxFailures }) => `${maxFailures} failures` },
  { key: 'monotoneConstraints', label: 'Monotone', textOf: monotoneText },
];

function thresholdText(threshold: StudyConfig['threshold']): string {
  switch (threshold.rule) {
    case 'fixed':
      return `fixed at ${threshold.probability}`;
    case 'largest_f1':
      return 'largest F1';
    case 'top_share':
      return `best ${percentText(threshold.share, 1)}`;
  }
}

function economicsText({ saleValueUsd, contactCostUsd }: StudyConfig['economics']): string {
  return `sale $${saleValueUsd}, contact $${contactCostUsd}`;
}

function validationText(validation: StudyConfig['validation']): string {
  return validation.type === 'split' ? 'split' : `${validation.nRepeats} × ${validation.nSplits} folds`;
}

/** Say how a scheduler ends trials early. */
export function schedulerText(scheduler: StudyConfig['scheduler']): string {
  switch (scheduler.type) {
    case 'none':
      return 'none';
    case 'asha':
      return `asha, ${scheduler.minRounds} rounds, 1 in ${scheduler.reductionFactor}`;
    case 'median':
      return `median, ${scheduler.minRounds} rounds, after ${scheduler.nStartupTrials}`;
  }
}

function earlyStoppingText({ earlyStoppingRounds }: StudyConfig): string {
  return earlyStoppingRounds === null ? 'off' : `after ${earlyStoppingRounds} rounds`;
}

function monotoneText({ monotoneConstraints }: StudyConfig): string | null {
  const signs = Object.entries(monotoneConstraints).sort(([a], [b]) => (a < b ? -1 : 1));
  if (signs.length === 0) return null;
  return signs.map(([feature, sign]) => `${feature} ${sign === 1 ? '↑' : '↓'}`).join(', ');
}

/**
 * Say how a parameter is drawn.
 *
 * @example distributionText({ type: 'randint', low: 3, high: 8 }) // 'randint 3 … 8'
 */
export function distributionText(distribution: Distribution): string {
  const { type, when } = distribution;
  const condition = when === undefined ? '' : ` where ${when.parameter} is ${when.isIn.join(' or ')}`;
  if (type === 'choice') return `choice ${distribution.values.join(', ')}${condition}`;
  const step = type === 'quniform' ? ` by ${distribution.step}` : '';
  return `${type} ${distribution.low} … ${distribution.high}${step}${condition}`;
}

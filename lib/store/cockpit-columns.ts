import { PARAMETER_NAMES, type ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { ParamValue } from '@/lib/tuning/space/search-space';
import { directionOf, type Objective } from '@/lib/tuning/study/study-config';
import type { TrialMetrics } from '@/lib/tuning/study/study-events';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';

/** What a trial has in one column; null where it has nothing there. */
export type TrialValue = ParamValue | null;

/** One column of the trial table. */
export interface TrialColumn {
  /** Unique; what filters and the CSV call it. */
  readonly key: string;
  /** What the header calls it. */
  readonly label: string;
  /** What it holds, in a few words. */
  readonly meaning: string;
  readonly format: 'text' | 'count' | 'metric' | 'parameter' | 'duration';
  /** Whether the first click on its header puts large values on top. */
  readonly isLargestFirst: boolean;
  readonly valueIn: (trial: TrialRecord) => TrialValue;
}

const METRICS: Readonly<Record<keyof TrialMetrics, string>> = {
  roc_auc: 'Area under the ROC curve',
  average_precision: 'Average precision',
  logloss: 'Mean negative log-likelihood a row, in nats; smaller is better',
  f1_score: 'F1, by the study’s threshold rule',
  recall: 'Recall, by the study’s threshold rule',
  expected_profit: 'US dollars a row',
};
const METRIC_NAMES = Object.keys(METRICS) as readonly Objective[];

/** List the parameters that trials have, in the order of the catalogue. A conditional one counts if any trial has it. */
export function occurringParameters(
  trials: readonly Pick<TrialRecord, 'params'>[],
): readonly ParameterName[] {
  const occurring = new Set(trials.flatMap(({ params }) => Object.keys(params)));
  return PARAMETER_NAMES.filter((name) => occurring.has(name));
}

/**
 * List the columns of a study's trial table: number and state, the objective with its standard error, the parameters, what
 * the trial took, the other metrics, and why it failed.
 *
 * @param parameters those that trials have; see `occurringParameters`
 */
export function trialColumns(
  objective: Objective,
  parameters: readonly ParameterName[],
): readonly TrialColumn[] {
  const others = METRIC_NAMES.filter((name) => name !== objective);
  return [
    number('trial_number', 'Trial', 'count', 'Number of the trial', ({ number: own }) => own, false),
    text('state', 'State', 'Where the trial stands', ({ state }) => state),
    metricColumn(objective),
    number('standard_error', '± SE', 'metric', 'Standard error of the objective', (t) => t.standardError),
    ...parameters.map(parameterColumn),
    ...EFFORT_COLUMNS,
    ...others.map(metricColumn),
    text('failure', 'Failure', 'Why the trial failed, or its last attempt', ({ failure }) => failure),
  ];
}

const EFFORT_COLUMNS: readonly TrialColumn[] = [
  number('trained_rounds', 'Rounds trained', 'count', 'Boosting rounds trained', (trial) =>
    trial.trainedRounds === 0 ? null : trial.trainedRounds,
  ),
  number('rounds', 'of model', 'count', 'Boosting rounds of the model that was measured', (t) => t.rounds),
  number('duration_ms', 'Time', 'duration', 'Training time in milliseconds', ({ durationMs }) => durationMs),
  number('attempts', 'Attempts', 'count', 'Attempts of the last stretch of training', (t) => t.attempts),
];

function metricColumn(name: Objective): TrialColumn {
  const valueIn = ({ metrics }: TrialRecord) => metrics?.[name] ?? null;
  return number(name, name, 'metric', METRICS[name], valueIn, directionOf(name) === 'maximize');
}

function parameterColumn(name: ParameterName): TrialColumn {
  return number(name, name, 'parameter', 'Parameter of XGBoost', ({ params }) => params[name] ?? null);
}

function number(
  key: string,
  label: string,
  format: TrialColumn['format'],
  meaning: string,
  valueIn: TrialColumn['valueIn'],
  isLargestFirst = true,
): TrialColumn {
  return { key, label, format, meaning, valueIn, isLargestFirst };
}

function text(key: string, label: string, meaning: string, valueIn: TrialColumn['valueIn']): TrialColumn {
  return { key, label, format: 'text', meaning, valueIn, isLargestFirst: false };
}

import { spreadsheetSafeCsv } from '@/lib/core/csv';
import { PARAMETER_NAMES } from '@/lib/tuning/space/parameter-catalogue';
import { trialMetricsSchema } from '@/lib/tuning/study/study-events';
import { begunTrials, type StudyState } from '@/lib/tuning/study/study-state';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';

const METRIC_NAMES = trialMetricsSchema.keyof().options;

type WrittenStudy = Pick<StudyState, 'config' | 'trials'>;

/** List the columns of a study's `trials.csv`: with the parameters that its space or any of its trials has. */
export function trialsColumns(study: WrittenStudy): readonly string[] {
  return [
    'trial_number',
    'state',
    ...parametersOf(study),
    ...METRIC_NAMES,
    'standard_error',
    'rounds',
    'trained_rounds',
    'duration_ms',
    'worker',
    'attempts',
    'failure',
  ];
}

/** Write a study's trials by number, those that were not begun left out. Numbers in full, so they give back the very trial. */
export function trialsCsv(study: WrittenStudy): string {
  const parameters = parametersOf(study);
  const rows = begunTrials(study).map((trial) => {
    const { metrics } = trial;
    return [
      trial.number,
      trial.state,
      ...parameters.map((name) => trial.params[name]),
      ...METRIC_NAMES.map((name) => metrics?.[name]),
      trial.standardError,
      trial.rounds,
      trial.trainedRounds,
      trial.durationMs === null ? null : Math.round(trial.durationMs),
      lastWorker(trial),
      trial.attempts,
      trial.failure,
    ];
  });
  return spreadsheetSafeCsv(trialsColumns(study), rows);
}

/** Write the objective of each trial by the rounds that it was reported at, a line a report. */
export function learningCurvesCsv(study: WrittenStudy): string {
  const rows = begunTrials(study).flatMap(({ number, curve }) =>
    curve.map(([rounds, value]) => [number, rounds, value]),
  );
  return spreadsheetSafeCsv(['trial_number', 'rounds', study.config.objective], rows);
}

function parametersOf(study: WrittenStudy) {
  const { searchSpace } = study.config;
  return PARAMETER_NAMES.filter(
    (name) =>
      searchSpace[name] !== undefined || begunTrials(study).some(({ params }) => params[name] !== undefined),
  );
}

/** The process that a trial ran in last, from 0; null where it never came to an end of a stretch. */
function lastWorker({ stretches }: TrialRecord): number | null {
  return stretches.findLast(({ worker }) => worker !== null)?.worker ?? null;
}

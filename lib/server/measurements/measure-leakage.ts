import { ExpectedFailure } from '@/lib/core/result';
import {
  crossValidatedAuc,
  type FoldScores,
  type LeakageMeasurement,
  type TimeSplit,
  timeSplitOf,
  withoutSuspect,
} from '@/lib/evaluation/leakage/measurement';
import {
  N_FOLDS,
  OLDEST_SHARE,
  PROBE_PARAMS,
  type ProbeJob,
  type ProbeScores,
} from '@/lib/evaluation/probe/probe-job';
import type { StudyExecutor } from '@/lib/server/studies/study-engine';
import { type DatasetFile, TrialFailure } from '@/lib/server/xgboost/trial-executor';
import { probeBatch } from './probe-batch';

/** What to measure on a dataset. */
export interface LeakageOrder {
  readonly seed: number;
  readonly suspects: readonly { readonly id: string; readonly features: readonly string[] }[];
  /** The feature that says how long a row is on the list; null where there is none. */
  readonly daysFeature: string | null;
  /** What stands for a missing value of it beside NaN. */
  readonly missingValue: number | null;
}

/** Where it is measured, and who is told how far it came. */
export interface MeasurementContext {
  readonly dataset: DatasetFile;
  readonly executor: Pick<StudyExecutor, 'runProbe'>;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Measure ROC AUC with and without each suspect by k-fold cross-validation on the training and validation rows, and by a
 * time-based split. Parameters and folds are the same for all, so the same order gives the same numbers on any machine.
 *
 * @throws TrialFailure when a model cannot be trained; the signal's reason when it is aborted
 */
export async function measureLeakage(
  order: LeakageOrder,
  context: MeasurementContext,
): Promise<LeakageMeasurement> {
  const { seed, suspects, daysFeature, missingValue } = order;
  const sets = [[], ...suspects.map(({ features }) => [...features])];
  const base = { params: { ...PROBE_PARAMS }, seed };
  const jobs = sets.flatMap((leftOut) =>
    Array.from(
      { length: N_FOLDS },
      (_, fold): ProbeJob => ({ ...base, leftOut, rows: { type: 'fold', nSplits: N_FOLDS, fold, seed } }),
    ),
  );
  const oldest: ProbeJob | null =
    daysFeature === null
      ? null
      : { ...base, leftOut: [], rows: { type: 'oldest', daysFeature, missingValue, share: OLDEST_SHARE } };
  const timed = { scores: null as ProbeScores | null, why: 'The features say nothing of the opt-in date.' };
  const scores = await probeBatch([...jobs, ...(oldest === null ? [] : [oldest])], context, (error, job) => {
    const why = job.rows.type === 'oldest' ? noTimeSplit(error) : null;
    if (why === null) throw error;
    timed.why = why;
  });
  const foldsOf = (set: number): FoldScores =>
    scores.slice(set * N_FOLDS, (set + 1) * N_FOLDS).filter((fold) => fold !== null);
  const all = foldsOf(0);
  const newest = scores[jobs.length] ?? null;
  const timeSplit: TimeSplit | null = newest === null ? null : timeSplitOf(newest, all);
  return {
    seed,
    nFolds: N_FOLDS,
    nRows: all.reduce((sum, { rows }) => sum + rows.length, 0),
    nBuyers: all.reduce((sum, { labels }) => sum + labels.reduce((n, label) => n + label, 0), 0),
    all: crossValidatedAuc(all),
    without: suspects.map(({ id, features }, i) =>
      withoutSuspect({ id, nFeatures: features.length }, all, foldsOf(i + 1)),
    ),
    timeSplit,
    noTimeSplit: timeSplit === null ? timed.why : null,
  };
}

/** Why the list cannot be split by time, where that is what went wrong. */
function noTimeSplit(error: unknown): string | null {
  if (!(error instanceof TrialFailure && error.cause instanceof ExpectedFailure)) return null;
  const { code, message } = error.cause.failure;
  return code === 'no_time_split' ? message : null;
}

import type { Result } from '@/lib/core/result';
import type { FeatureSpec } from '@/lib/features/spec';
import type { ChildPool, Preparation } from '@/lib/server/xgboost/child-pool';
import type { DatasetFile, EngineInfo, TrialExecutor } from '@/lib/server/xgboost/trial-executor';
import type { StudyState } from '@/lib/tuning/study/study-state';

/** Runs a study's trials and its final fit, and probes. */
export type StudyExecutor = TrialExecutor & Pick<ChildPool, 'runFinalFit' | 'runNativeScore' | 'runProbe'>;

/** The library that trains, ready for use. */
export interface TrainingEngine {
  readonly info: EngineInfo;
  /** Processes that this machine bears at once for a study that asks for so many workers. */
  processesFor(workers: number): number;
  /** Close what it gives. */
  openExecutor(nProcesses: number): StudyExecutor;
  /**
   * Start processes and, where a preparation is given, let them read its dataset, so that the next study's first trials
   * need not wait. Never rejects: what goes wrong shows when a study runs.
   */
  warm(preparation: Preparation | null): Promise<void>;
}

/** What a model is made from. */
export interface ModelOrder {
  /** Tuned, with at least one completed trial. */
  readonly study: StudyState;
  readonly featureSpec: FeatureSpec;
  readonly dataset: DatasetFile;
  readonly executor: StudyExecutor;
  readonly signal: AbortSignal;
}

/**
 * Make the best trial's model, judge it on the test rows and publish it.
 *
 * @returns its id
 * @throws TrialFailure when the final fit fails; the signal's reason when it is aborted
 */
export type ModelMaker = (order: ModelOrder) => Promise<Result<string>>;

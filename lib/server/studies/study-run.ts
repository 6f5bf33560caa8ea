import type { DatasetFile, TrialExecutor, TrialReport } from '@/lib/server/xgboost/trial-executor';
import type { TrialParams } from '@/lib/tuning/space/search-space';
import type { SamplerName } from '@/lib/tuning/study/study-config';
import type { ReadyStep } from '@/lib/tuning/study/study-plan';
import type { StudyLog } from './study-log';

/** Hears what happens beside the journal. It must not throw. */
export interface RunObserver {
  /** A trial that trains said how it does. */
  readonly onReport?: (report: TrialReport) => void;
  /** What choosing the parameters of one trial took. */
  readonly onSuggested?: (sampler: SamplerName, durationMs: number) => void;
}

/** What a study runs with. */
export interface StudyRun extends RunObserver {
  /** In phase `tuning`: just created, or resumed. */
  readonly log: StudyLog;
  readonly dataset: DatasetFile;
  readonly executor: TrialExecutor;
  /**
   * Ends the run at once. Aborted with `StudyHalt` of `stopped`, tuning ends as stopped; for any other reason nothing
   * more is recorded, and the study can be resumed as after a crash.
   */
  readonly signal: AbortSignal;
  /** Milliseconds of any clock that does not go backwards. */
  readonly elapsed: () => number;
}

/** A step that may begin, with all that decides how it runs. */
export interface DecidedStep {
  readonly ready: ReadyStep;
  readonly params: TrialParams;
  readonly toRounds: number;
}

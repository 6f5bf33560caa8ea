import type { TrialParams } from '@/lib/tuning/space/search-space';
import type { PruneBelow } from '@/lib/tuning/study/median-rule';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { TrialMetrics } from '@/lib/tuning/study/study-events';

/** Where a training dataset lies: an Arrow IPC file addressed by its SHA-256. */
export interface DatasetFile {
  readonly path: string;
  readonly digest: string;
}

/** The part of a study's config that training needs: the same for all its trials. */
export type TrainingPlan = Pick<
  StudyConfig,
  | 'objective'
  | 'threshold'
  | 'economics'
  | 'validation'
  | 'scheduler'
  | 'reportEveryRounds'
  | 'earlyStoppingRounds'
  | 'monotoneConstraints'
>;

/** One stretch of a trial to train. */
export interface TrialJob {
  /** Tells the trials of one study from those of another, in processes that serve several. */
  readonly studyKey: string;
  readonly trialNumber: number;
  readonly params: TrialParams;
  /** Seed of XGBoost's own sampling, the same whichever worker runs the trial. */
  readonly seed: number;
  readonly plan: TrainingPlan;
  /** Rounds to have at the end, counted from the trial's beginning. A process that holds the trial goes on; any other begins again. */
  readonly toRounds: number;
  /** When to end the trial early, in rising order of rounds. */
  readonly pruneBelow: readonly PruneBelow[];
}

/** The objective of a trial that trains. */
export interface TrialReport {
  readonly trialNumber: number;
  readonly rounds: number;
  readonly value: number;
}

/** What a stretch of training gave. */
export interface TrialOutcome {
  /** `paused`: trained to `toRounds`, fewer than its `n_estimators`. `complete`: trained to its end, or stopped because it no longer got better. */
  readonly state: 'complete' | 'paused' | 'pruned';
  readonly metrics: TrialMetrics;
  readonly standardError: number | null;
  /** Rounds of the model measured. */
  readonly rounds: number;
  /** Rounds trained since the trial began, in each fold. */
  readonly trainedRounds: number;
  readonly curve: readonly (readonly [number, number])[];
  readonly durationMs: number;
  /** Place among the processes that run at once, from 0. */
  readonly worker: number;
}

/** Why a trial did not finish. `crashed`, `hung` and `memory` cost one child process, never the study. */
export class TrialFailure extends Error {
  readonly kind: 'crashed' | 'hung' | 'memory' | 'refused';

  constructor(kind: TrialFailure['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrialFailure';
    this.kind = kind;
  }
}

/** What goes with one run of a job. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** Told now and then how a trial does; never after `run` has settled. */
  readonly onReport?: (report: TrialReport) => void;
}

/**
 * Runs trials somewhere. Today a pool of child processes on this machine; nothing but the composition root knows where.
 * `run` trains and measures as the job's plan says and resolves with the metrics; it never sees test rows.
 */
export interface TrialExecutor {
  /** Trials that can run at once. */
  readonly nProcesses: number;
  /** @throws TrialFailure when the trial fails; the signal's reason when it is aborted. */
  run(job: TrialJob, dataset: DatasetFile, options: RunOptions): Promise<TrialOutcome>;
  /** Whether a process holds a paused trial's boosters, and can go on with it now or only when its own job is done. */
  holderOf(job: Pick<TrialJob, 'studyKey' | 'trialNumber'>): 'idle' | 'busy' | 'none';
  /** Kill every child and resolve when none is left. */
  close(): Promise<void>;
}

/** Facts about the library in use, shown in the page and recorded with every model. */
export interface EngineInfo {
  /** As `XGBoostVersion` says, for example 3.2.0. */
  readonly version: string;
  readonly path: string;
  readonly source: 'XGBOOST_LIB' | 'project cache' | 'system';
  /** What probing found: symbols and build flags by name. */
  readonly features: Readonly<Record<string, boolean>>;
}

/** The final fit of a study: best parameters again on training + validation rows, judged on test rows by the caller. */
export interface FinalFitJob {
  /** With `n_estimators` as the best trial's rounds. */
  readonly params: TrialParams;
  readonly seed: number;
  readonly monotoneConstraints: StudyConfig['monotoneConstraints'];
}

/** What the final fit leaves. All arrays are in the dataset's row order within their part. */
export interface FinalFit {
  /** XGBoost's own model file, UBJSON. */
  readonly modelUbj: Uint8Array;
  /** Margins of the validation rows by a model trained on the training rows alone: what calibration, threshold and tiers are chosen on. */
  readonly validationMargins: Float32Array;
  readonly validationLabels: Uint8Array;
  /** Margins of the test rows by the final model. */
  readonly testMargins: Float32Array;
  readonly testLabels: Uint8Array;
}

/** A stored model to score the test rows of a dataset with. Check its file first; see `verifiedModel`. */
export interface NativeScoreJob {
  /** UBJSON, as published. */
  readonly modelUbj: Uint8Array;
}

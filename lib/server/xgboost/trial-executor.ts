import type { TrialParams } from '@/lib/tuning/search-space';
import type { TrialMetrics } from '@/lib/tuning/study-events';

/** Where a training dataset lies: an Arrow IPC file addressed by its SHA-256. */
export interface DatasetFile {
  readonly path: string;
  readonly digest: string;
}

/** One trial to run. */
export interface TrialJob {
  readonly trialNumber: number;
  readonly params: TrialParams;
  /** Seed of XGBoost's own sampling, the same whichever worker runs the trial. */
  readonly seed: number;
}

/** What a trial gave. */
export interface TrialOutcome {
  readonly metrics: TrialMetrics;
  readonly durationMs: number;
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

/**
 * Runs trials somewhere. Today a pool of child processes on this machine; nothing but the composition root knows where.
 * `run` trains on the training rows, scores the validation rows and resolves with the metrics; it never sees test rows.
 */
export interface TrialExecutor {
  /** Trials that can run at once. */
  readonly nProcesses: number;
  /** @throws TrialFailure when the trial fails; the signal's reason when it is aborted. */
  run(job: TrialJob, dataset: DatasetFile, signal: AbortSignal): Promise<TrialOutcome>;
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
  readonly params: TrialParams;
  readonly seed: number;
}

/** What the final fit leaves. All arrays are in the dataset's row order within their part. */
export interface FinalFit {
  /** XGBoost's own model file, UBJSON. */
  readonly modelUbj: Uint8Array;
  /** The same model as JSON text, which the ONNX exporter reads. */
  readonly modelJson: string;
  /** Probabilities of the validation rows by a model trained on the training rows alone: what the threshold and the tiers are chosen on. */
  readonly validationProbabilities: Float32Array;
  readonly validationLabels: Uint8Array;
  /** Probabilities and margins of the test rows by the final model. */
  readonly testProbabilities: Float32Array;
  readonly testMargins: Float32Array;
  readonly testLabels: Uint8Array;
}

import type { Failure } from '@/lib/core/result';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import type { Verdict } from '@/lib/evaluation/verdict/verdict-reason';
import type { ModelStage, Promotion, RegistryEvent } from './model-registry';

/** What the newest tests of a model came to, in brief. */
export type TestsInBrief = Pick<
  ModelTests,
  | 'passed'
  | 'n_passed'
  | 'n_failed'
  | 'n_warned'
  | 'n_skipped'
  | 'champion_model_id'
  | 'suite_name'
  | 'digest_sha256'
>;

/** A published model in a line. */
export interface ListedModel {
  readonly modelId: string;
  readonly stage: ModelStage;
  readonly rocAuc: number;
  readonly averagePrecision: number;
  readonly brierScore: number;
  readonly threshold: number;
  readonly nTest: number;
  readonly nFeatures: number;
  readonly datasetDigest: string;
  readonly seed: number;
  readonly gateOverrideReason: string | null;
  /** Of its evaluation and its tests. */
  readonly verdict: Verdict;
  /** Null where none were run. */
  readonly tests: TestsInBrief | null;
  /** The newest time it was put to use; null where it never was. */
  readonly promotion: Promotion | null;
}

/** All models of a server. */
export interface ModelListing {
  /** The one in use first, then by ROC AUC on their test rows. */
  readonly models: readonly ListedModel[];
  /** Folders that hold no model that can be read. */
  readonly unreadable: readonly { readonly modelId: string; readonly failure: Failure }[];
  readonly championId: string | null;
  /** The one that reverting brings back. */
  readonly predecessorId: string | null;
  /** What happened, newest first. */
  readonly events: readonly RegistryEvent[];
}

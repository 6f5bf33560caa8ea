import type { ModelComparison } from '@/lib/evaluation/comparison/compare-models';
import type { SliceReport } from '@/lib/evaluation/slices/slice-report';
import type { SliceSearch } from '@/lib/evaluation/slices/slice-search';
import type { FeatureMatrix } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import type { TierCutoffs } from '@/lib/scoring/model-metadata';
import type { TierMigration } from '@/lib/scoring/strategy/tier-migration';

/** One of two models that are compared. */
export interface ComparedModel {
  /** In table order; null for the model that the page shows, whose scores the worker has. */
  readonly probabilities: Float32Array | null;
  readonly threshold: number;
  readonly cutoffs: TierCutoffs;
}

/** What is known of the rows that the other model was made on. */
export interface OtherRows {
  readonly splitSeed: number;
  /** As its metadata names them. */
  readonly testRowsSha256: string;
}

/** Two models on test rows, and who moves between tiers over the whole list. */
export interface ComparisonOfModels {
  /**
   * `same`: both have these very test rows. `common`: rows that are test rows of both, since each was split by a seed of its own.
   * `unknown`: the other was made on another list, so it may have been trained on some of them.
   */
  readonly rows: 'same' | 'common' | 'unknown';
  readonly comparison: ModelComparison;
  readonly migration: TierMigration;
}

/** What the CRM worker answers of a scored model. */
export interface JudgedApi {
  slices(input: { readonly threshold: number }): SliceReport;
  searchSlices(input: { readonly threshold: number }): SliceSearch;
  /** Features of every subscriber as another model has them. Fails with `file_does_not_fit`. */
  matrixBy(input: { readonly spec: FeatureSpec }): FeatureMatrix;
  compare(input: {
    readonly champion: ComparedModel;
    readonly challenger: ComparedModel;
    /** Which of the two the page shows. */
    readonly shown: 'champion' | 'challenger';
    readonly otherRows: OtherRows;
  }): ComparisonOfModels;
}

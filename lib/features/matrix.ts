/** A dense matrix of features, one row a subscriber. Holds numbers only: no names, e-mail addresses or ids. */
export interface FeatureMatrix {
  /** Row-major, nRows × featureNames.length. A missing value is the spec's `missingValue`, or NaN where the spec leaves it to XGBoost. */
  readonly values: Float32Array;
  readonly nRows: number;
  readonly featureNames: readonly string[];
}

/** Part of the stratified split that a row belongs to. */
export const SplitPart = { train: 0, validation: 1, test: 2 } as const;

/** What training needs: features, label and split, in the row order of the CRM. This is all that ever reaches the server. */
export interface TrainingDataset {
  readonly matrix: FeatureMatrix;
  /** 0 or 1 a row: `made_purchase`. */
  readonly labels: Uint8Array;
  /** A `SplitPart` a row. */
  readonly split: Uint8Array;
}

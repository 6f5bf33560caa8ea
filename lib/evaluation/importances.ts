/**
 * The nodes of a boosted model as parallel arrays, all trees one after the other: what importances need of it.
 * The parsed XGBoost model (`lib/onnx`) has this shape.
 */
export interface SplitGains {
  /** Index of the feature a node splits on, −1 at a leaf. */
  readonly nodeFeature: Int32Array;
  /** Loss that a split saved (XGBoost's `loss_changes`), 0 at a leaf. */
  readonly nodeGain: Float32Array;
}

/** What a feature brought to a model. */
export interface FeatureImportance {
  readonly feature: string;
  /** Share of the gain of all splits, 0–1; XGBoost's `total_gain` over its sum. */
  readonly gain_share: number;
  /** XGBoost's `weight`. */
  readonly n_splits: number;
}

/**
 * Sum up gain and number of splits by feature. Features never split on are listed with 0; a model without any gain has shares of 0.
 *
 * @param model only nodes that a row can reach
 * @param featureNames in column order
 * @returns largest gain share first, ties in column order
 * @throws where a node splits on a feature without a name
 */
export function importances(model: SplitGains, featureNames: readonly string[]): FeatureImportance[] {
  const gain = new Float64Array(featureNames.length);
  const nSplits = new Uint32Array(featureNames.length);
  let totalGain = 0;
  for (let node = 0; node < model.nodeFeature.length; node++) {
    const feature = model.nodeFeature[node]!;
    if (feature < 0) continue;
    if (feature >= featureNames.length) {
      throw new Error(`Expected features below ${featureNames.length}, got a split on feature ${feature}.`);
    }
    const nodeGain = model.nodeGain[node]!;
    gain[feature] = gain[feature]! + nodeGain;
    nSplits[feature] = nSplits[feature]! + 1;
    totalGain += nodeGain;
  }
  return featureNames
    .map((feature, column) => ({
      feature,
      gain_share: totalGain > 0 ? gain[column]! / totalGain : 0,
      n_splits: nSplits[column]!,
    }))
    .sort((a, b) => b.gain_share - a.gain_share);
}

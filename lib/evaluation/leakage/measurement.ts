import { aucFromComponents, meanOverFolds, pairedAucDifference, rocAucComponents } from '../paired-roc-auc';
import type { ProbeScores } from '../probe/probe-job';
import { type Measured, measuredAuc, measuredChange } from './measured-auc';

/** ROC AUC with and without one suspect. */
export interface WithoutSuspect {
  readonly id: string;
  /** Features left out. */
  readonly nFeatures: number;
  /** Without them, cross-validated. */
  readonly rocAuc: Measured;
  /** With all features less without these: what they bring. On the same rows, so its interval is the narrower one. */
  readonly gain: Measured;
}

/** A model of the oldest opt-ins that scores the newest, beside models that may learn from all. */
export interface TimeSplit {
  readonly nTrained: number;
  readonly nScored: number;
  readonly nBuyersScored: number;
  /** Of the newest rows by a model that was trained on older ones alone. */
  readonly rocAuc: Measured;
  /** Of the same rows by the cross-validation's models, which were trained on rows of every age. */
  readonly randomRocAuc: Measured;
  /** What it brings to have seen rows as new as those that are scored: random less time-based, on the same rows. */
  readonly gap: Measured;
}

/** What measuring the suspects came to. */
export interface LeakageMeasurement {
  readonly seed: number;
  readonly nFolds: number;
  readonly nRows: number;
  readonly nBuyers: number;
  /** With all features, cross-validated. */
  readonly all: Measured;
  readonly without: readonly WithoutSuspect[];
  /** Null where the list cannot be split by time, with the reason. */
  readonly timeSplit: TimeSplit | null;
  readonly noTimeSplit: string | null;
}

/** The scores of every fold's model. */
export type FoldScores = readonly ProbeScores[];

/**
 * Compare two sets of features by the scores of the same folds.
 *
 * @param all with all features
 * @param without without the suspect, fold by fold the same rows
 */
export function withoutSuspect(
  suspect: { readonly id: string; readonly nFeatures: number },
  all: FoldScores,
  without: FoldScores,
): WithoutSuspect {
  const components = (folds: FoldScores) =>
    folds.map(({ labels, probabilities }) => rocAucComponents(labels, probabilities));
  const [ofAll, ofLess] = [components(all), components(without)];
  const gain = meanOverFolds(ofAll.map((fold, i) => pairedAucDifference(all[i]!.labels, fold, ofLess[i]!)));
  return {
    ...suspect,
    rocAuc: crossValidatedAuc(without),
    gain: measuredChange(gain.value, gain.variance),
  };
}

/** Average the ROC AUC over folds. */
export function crossValidatedAuc(folds: FoldScores): Measured {
  const { value, variance } = meanOverFolds(
    folds.map(({ labels, probabilities }) =>
      aucFromComponents(labels, rocAucComponents(labels, probabilities)),
    ),
  );
  return measuredAuc(value, variance);
}

/** Compare a model of the oldest rows with the folds' models on the newest rows, which all of them scored. */
export function timeSplitOf(oldest: ProbeScores, all: FoldScores): TimeSplit {
  const { rows, labels, probabilities } = oldest;
  const ofRow = new Map<number, number>();
  for (const fold of all) {
    for (const [i, row] of fold.rows.entries()) ofRow.set(row, fold.probabilities[i]!);
  }
  const random = Float32Array.from(rows, (row) => ofRow.get(row) ?? Number.NaN);
  const components = rocAucComponents(labels, probabilities);
  const ofRandom = rocAucComponents(labels, random);
  const measured = (values: Float64Array) => {
    const { value, variance } = aucFromComponents(labels, values);
    return measuredAuc(value, variance);
  };
  const gap = pairedAucDifference(labels, ofRandom, components);
  return {
    nTrained: oldest.nTrained,
    nScored: rows.length,
    nBuyersScored: labels.reduce((sum, label) => sum + label, 0),
    rocAuc: measured(components),
    randomRocAuc: measured(ofRandom),
    gap: measuredChange(gap.value, gap.variance),
  };
}

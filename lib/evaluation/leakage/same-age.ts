import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { type Measured, measuredAuc } from './measured-auc';
import { valueCounts } from './value-counts';
import { countedRocAuc } from './value-separation';

/** How well a feature tells buyers from others who are equally long on the list. */
export interface SameAge {
  /** Mean of the ROC AUCs within the ages, weighted by pairs of a buyer and another; below 0.5 where the feature goes the other way there. */
  readonly rocAuc: Measured;
  /** Ages that hold two buyers and two others at least. */
  readonly nAges: number;
}

const N_AGES = 5;

/**
 * Measure a feature among subscribers of the same fifth of list age, so that what only tells how long somebody is on the
 * list tells nothing. Days of the same date stay together; rows without an opt-in date are left out.
 *
 * @param ages as `listAges` gives them
 * @param feature its column, and whether larger values go with buying
 * @returns null where no age has two buyers and two others
 */
export function sameAgeSeparation(
  dataset: TrainingDataset,
  ages: Int8Array,
  feature: { readonly column: number; readonly isRising: boolean },
): SameAge | null {
  const { column, isRising } = feature;
  let pairs = 0;
  let sum = 0;
  let variance = 0;
  let nAges = 0;
  for (let age = 0; age < N_AGES; age++) {
    const counts = valueCounts(dataset, column, (row) => ages[row] === age);
    if (counts.nBuyers < 2 || counts.nOthers < 2) continue;
    const within = countedRocAuc(counts);
    const weight = counts.nBuyers * counts.nOthers;
    nAges += 1;
    pairs += weight;
    sum += weight * within.value;
    variance += weight ** 2 * within.variance;
  }
  if (nAges === 0) return null;
  const mean = sum / pairs;
  return { rocAuc: measuredAuc(isRising ? mean : 1 - mean, variance / pairs ** 2), nAges };
}

/**
 * Give the fifth of list age of each row, 0 the newest; −1 for test rows and rows without an opt-in date. Null where
 * `optin_days` is not among the features.
 */
export function listAges(spec: FeatureSpec, { matrix, split }: TrainingDataset): Int8Array | null {
  const column = spec.features.findIndex(({ source }) => source.type === 'optin' && source.part === 'days');
  if (column === -1) return null;
  const stride = matrix.featureNames.length;
  const days = Float32Array.from(split, (_, row) => matrix.values[row * stride + column]!);
  const isDated = (row: number) =>
    split[row] !== SplitPart.test && !Number.isNaN(days[row]) && days[row] !== spec.missingValue;
  const dated = days.filter((_, row) => isDated(row)).sort();
  const cuts = Array.from(
    { length: N_AGES - 1 },
    (_, i) => dated[Math.floor(((i + 1) * dated.length) / N_AGES)]!,
  );
  const ageOf = (day: number) => {
    let age = 0;
    while (age < cuts.length && day >= cuts[age]!) age += 1;
    return age;
  };
  return Int8Array.from(days, (day, row) => (isDated(row) ? ageOf(day) : -1));
}

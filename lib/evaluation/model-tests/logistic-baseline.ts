import { fitLogistic, logOdds } from '@/lib/explore/statistics/logistic-regression';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { logistic } from '../calibration/calibration';

/** 1 / C of scikit-learn's default. */
const RIDGE = 1;

/** How one feature becomes columns of the regression. */
interface Terms {
  readonly feature: number;
  /** Values with a column each; null for a number, which is one column. */
  readonly levels: readonly number[] | null;
  readonly mean: number;
  readonly deviation: number;
  /** Whether training rows lack it, so that there is a column for it. */
  readonly canBeMissing: boolean;
}

/**
 * Score the test rows by a logistic regression on the model's own features, trained on training and validation rows as the
 * model is: numbers on the scale of their standard deviation, a missing one at the mean with an indicator of its own, the
 * country one-hot, L2 penalty with C = 1 as scikit-learn's default.
 *
 * @returns probabilities of the test rows, in row order
 */
export function logisticBaseline(spec: FeatureSpec, dataset: TrainingDataset): Float32Array {
  const { labels, split } = dataset;
  const rows = Uint32Array.from(labels.keys());
  const trained = rows.filter((row) => split[row] !== SplitPart.test);
  const terms = spec.features.map((_, feature) => termsOf(spec, dataset, feature, trained));
  const { values, nColumns } = designMatrix(spec, dataset, terms);
  const model = fitLogistic({ values, nColumns, labels, rows: trained, ridge: RIDGE });
  return Float32Array.from(
    rows.filter((row) => split[row] === SplitPart.test),
    (row) => logistic(logOdds(model, values, row)),
  );
}

function termsOf(spec: FeatureSpec, dataset: TrainingDataset, feature: number, rows: Uint32Array): Terms {
  const { values, featureNames } = dataset.matrix;
  const stride = featureNames.length;
  let [n, sum] = [0, 0];
  const seen = new Set<number>();
  const isCategory = spec.features[feature]!.source.type === 'country_code';
  for (const row of rows) {
    const value = values[row * stride + feature]!;
    if (isMissing(spec, value)) continue;
    n += 1;
    sum += value;
    if (isCategory) seen.add(value);
  }
  const mean = n === 0 ? 0 : sum / n;
  let squares = 0;
  for (const row of rows) {
    const value = values[row * stride + feature]!;
    if (!isMissing(spec, value)) squares += (value - mean) ** 2;
  }
  const deviation = n === 0 ? 0 : Math.sqrt(squares / n);
  return {
    feature,
    levels: isCategory ? [...seen].sort((a, b) => a - b) : null,
    mean,
    // A column without spread says nothing, and is left at 0.
    deviation: deviation > 0 ? deviation : Infinity,
    canBeMissing: n < rows.length,
  };
}

function designMatrix(spec: FeatureSpec, { matrix, labels }: TrainingDataset, terms: readonly Terms[]) {
  const widths = terms.map(({ levels, canBeMissing }) => (levels?.length ?? 1) + Number(canBeMissing));
  const nColumns = widths.reduce((sum, width) => sum + width, 0);
  const stride = matrix.featureNames.length;
  const values = new Float64Array(labels.length * nColumns);
  let column = 0;
  for (const [place, { feature, levels, mean, deviation, canBeMissing }] of terms.entries()) {
    const placeOf = new Map((levels ?? []).map((level, i) => [level, i]));
    for (let row = 0; row < labels.length; row++) {
      const value = matrix.values[row * stride + feature]!;
      const at = row * nColumns + column;
      if (isMissing(spec, value)) {
        if (canBeMissing) values[at + widths[place]! - 1] = 1;
        if (levels === null) values[at] = mean / deviation;
      } else if (levels === null) values[at] = value / deviation;
      else {
        const level = placeOf.get(value);
        if (level !== undefined) values[at + level] = 1;
      }
    }
    column += widths[place]!;
  }
  return { values, nColumns };
}

function isMissing({ missingValue }: FeatureSpec, value: number): boolean {
  return Number.isNaN(value) || value === missingValue;
}

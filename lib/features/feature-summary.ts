import { type CountedValues, countedValues, nCounted, quantileOfCounted } from './counted-values';
import { formulaOf } from './feature-formula';
import { type FeatureRelation, featureRelation } from './feature-relation';
import { SplitPart, type TrainingDataset } from './matrix';
import { type Feature, type FeatureSpec, missingValueOf } from './spec';
import { rowsOfPart } from './split';

/** One feature as the page lists it; the figures are over the training rows. */
export interface FeatureSummary {
  readonly name: string;
  readonly kind: Feature['kind'];
  /** False where it was switched off, and is no column of the matrix. */
  readonly isOn: boolean;
  /** How it is made, in words. */
  readonly formula: string;
  readonly nMissing: number;
  /** Over the rows that have a value; null when none has. */
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  /** 10 %, 50 % and 90 % of the rows that have a value lie at or below; null of a categorical feature, or without a value. */
  readonly quantiles: readonly [number, number, number] | null;
  /** Distinct values met, of a categorical feature; null of the others. */
  readonly nLevels: number | null;
  /** The most frequent values of a categorical feature, most frequent first; null of the others. */
  readonly topLevels: readonly { readonly value: number; readonly n: number }[] | null;
  /** Null where the rows that have a value are all buyers, or none. */
  readonly relation: FeatureRelation | null;
}

/** Features that are no columns of the dataset, encoded for themselves. */
export interface ExtraFeatures {
  readonly features: readonly Feature[];
  /** Row-major, as a matrix of these features alone. */
  readonly values: Float32Array;
}

const N_TOP_LEVELS = 5;

/** Sum up every feature over the training rows, in the specification's order, then those that were switched off. */
export function featureSummaries(
  spec: FeatureSpec,
  { matrix, labels, split }: TrainingDataset,
  off: ExtraFeatures = { features: [], values: new Float32Array(0) },
): FeatureSummary[] {
  const over = { rows: rowsOfPart(split, SplitPart.train), labels };
  const missingValue = missingValueOf(spec);
  const groups = [
    { features: spec.features, values: matrix.values, isOn: true },
    { ...off, isOn: false },
  ];
  return groups.flatMap(({ features, values, isOn }) =>
    features.map((feature, column) => {
      const place = { values, column, stride: features.length, missingValue };
      const figures = figuresOf(countedValues(place, over), feature.kind === 'categorical');
      return { name: feature.name, kind: feature.kind, isOn, formula: formulaOf(feature, spec), ...figures };
    }),
  );
}

function figuresOf(counted: CountedValues, isCategorical: boolean) {
  const { values, n, nMissing } = counted;
  const nRows = nCounted(counted);
  const range = { min: values.at(0) ?? null, mean: meanOf(counted, nRows), max: values.at(-1) ?? null };
  const quantile = (probability: number) => quantileOfCounted(counted, probability) ?? Number.NaN;
  const levels = Array.from(values, (value, place) => ({ value, n: n[place]! }));
  return {
    nMissing,
    ...range,
    quantiles: isCategorical || nRows === 0 ? null : ([quantile(0.1), quantile(0.5), quantile(0.9)] as const),
    nLevels: isCategorical ? values.length : null,
    topLevels: isCategorical ? levels.sort((a, b) => b.n - a.n).slice(0, N_TOP_LEVELS) : null,
    relation: featureRelation(counted, isCategorical),
  };
}

function meanOf({ values, n }: CountedValues, nRows: number): number | null {
  if (nRows === 0) return null;
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += values[place]! * n[place]!;
  return sum / nRows;
}

import { SplitPart, type TrainingDataset } from './matrix';
import type { Feature, FeatureSpec } from './spec';
import { rowsOfPart } from './split';

/** One feature as the page lists it; the figures are over the training rows. */
export interface FeatureSummary {
  readonly name: string;
  readonly kind: Feature['kind'];
  /** How it is made, in words. */
  readonly formula: string;
  readonly nMissing: number;
  /** Over the rows that have a value; null when none has. */
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  /** Distinct values met, of a categorical feature; null of the others. */
  readonly nLevels: number | null;
}

/** Sum up every feature over the training rows, in the specification's order. */
export function featureSummaries(spec: FeatureSpec, dataset: TrainingDataset): FeatureSummary[] {
  const rows = rowsOfPart(dataset.split, SplitPart.train);
  return spec.features.map((feature, column) => ({
    name: feature.name,
    kind: feature.kind,
    formula: formulaOf(feature, spec),
    ...figuresOf(dataset.matrix.values, {
      rows,
      column,
      stride: spec.features.length,
      missingValue: Math.fround(spec.missingValue),
      isCategorical: feature.kind === 'categorical',
    }),
  }));
}

function figuresOf(
  values: Float32Array,
  options: {
    readonly rows: Uint32Array;
    readonly column: number;
    readonly stride: number;
    readonly missingValue: number;
    readonly isCategorical: boolean;
  },
) {
  const { rows, column, stride, missingValue, isCategorical } = options;
  const levels = new Set<number>();
  let n = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = values[row * stride + column]!;
    if (value === missingValue || Number.isNaN(value)) continue;
    n++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    if (isCategorical) levels.add(value);
  }
  const range = n === 0 ? { min: null, mean: null, max: null } : { min, mean: sum / n, max };
  return { nMissing: rows.length - n, ...range, nLevels: isCategorical ? levels.size : null };
}

/** Say in plain words how a feature is made. */
export function formulaOf({ source }: Feature, spec: FeatureSpec): string {
  switch (source.type) {
    case 'optin':
      return OPTIN_FORMULAS[source.part].replace('{day}', spec.referenceDay);
    case 'tag_count':
      return 'number of distinct tags held';
    case 'tag_count_by_optin_day':
      return `tag_count / (|days from opt-in to ${spec.referenceDay}| + 1)`;
    case 'member_rating':
      return 'member rating, 1 to 5';
    case 'country_code': {
      const other = spec.countryLevels.length - 1;
      return `place of the country among the ${other} kept, in alphabetical order from 0; other = ${other}`;
    }
    case 'is_free_email':
      return `1 if the e-mail address is at one of ${spec.freeEmailDomains.length} free providers' domains, else 0`;
    case 'tag':
      return `1 if the subscriber holds ${source.tag}, else 0`;
    default:
      return source satisfies never;
  }
}

const OPTIN_FORMULAS = {
  days: 'days from opt-in to {day}',
  month: 'month of the opt-in, 1 to 12',
  day_of_week: 'day of the week of the opt-in, 0 = Monday to 6 = Sunday',
  day_of_year: 'day of the year of the opt-in, 1 to 366',
  quarter: 'quarter of the opt-in, 1 to 4',
  is_weekend: '1 if the opt-in fell on a Saturday or Sunday, else 0',
} as const;

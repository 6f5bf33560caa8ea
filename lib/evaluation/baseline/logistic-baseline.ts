import { fitLogistic, logOdds } from '@/lib/explore/statistics/logistic-regression';
import { type FeatureMatrix, SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { type FeatureSpec, missingValueOf } from '@/lib/features/spec';
import { rowsOfPart } from '@/lib/features/split';

/** Ridge of the baseline: scikit-learn's default, C = 1, on scaled columns. */
export const BASELINE_RIDGE = 1;
/** More rows change the weights by less than their error, and would need more memory than the model itself. */
export const MAX_BASELINE_ROWS = 200_000;
const MAX_LEVELS = 100;

/** What a logistic regression makes of the same rows. */
export interface LogisticBaseline {
  /** Log-odds of the test rows, in the dataset's row order. */
  readonly testLogOdds: Float64Array;
  readonly nRows: number;
  readonly nColumns: number;
}

/** A column of the baseline's design, made of a feature. */
type DesignColumn =
  | {
      readonly type: 'scaled';
      readonly feature: number;
      readonly scale: number;
      readonly whenMissing: number;
    }
  | { readonly type: 'is_missing'; readonly feature: number }
  | { readonly type: 'is_level'; readonly feature: number; readonly level: number };

/**
 * Fit a logistic regression on the rows that the final model was trained on, and score the test rows: what a model without
 * trees and without tuning reaches with the same features. Numbers are divided by their spread, missing ones take the mean
 * and an indicator of their own; a label-encoded country becomes one indicator a level. Columns that do not vary are left out.
 *
 * @returns null where the fit rows lack a class
 */
export function logisticBaseline(spec: FeatureSpec, dataset: TrainingDataset): LogisticBaseline | null {
  const { matrix, labels, split } = dataset;
  const known = Uint32Array.from(split.keys()).filter((row) => split[row] !== SplitPart.test);
  const step = Math.ceil(known.length / MAX_BASELINE_ROWS);
  const fitRows = known.filter((_, i) => i % step === 0);
  const nBuyers = fitRows.reduce((sum, row) => sum + labels[row]!, 0);
  if (nBuyers === 0 || nBuyers === fitRows.length) return null;
  const columns = designColumns(spec, matrix, fitRows);
  const design = designOf(columns, { spec, matrix, rows: fitRows });
  const model = fitLogistic({
    values: design,
    nColumns: columns.length,
    labels: fitRows.map((row) => labels[row]!),
    rows: fitRows.map((_, i) => i),
    ridge: BASELINE_RIDGE,
  });
  const testRows = rowsOfPart(split, SplitPart.test);
  const test = designOf(columns, { spec, matrix, rows: testRows });
  return {
    testLogOdds: Float64Array.from(testRows, (_, i) => logOdds(model, test, i)),
    nRows: fitRows.length,
    nColumns: columns.length,
  };
}

function designColumns(spec: FeatureSpec, matrix: FeatureMatrix, rows: Uint32Array): DesignColumn[] {
  const isMissing = missingTest(spec);
  return spec.features.flatMap(({ source }, feature): DesignColumn[] => {
    const values = Float64Array.from(rows, (row) => cell(matrix, row, feature));
    const present = values.filter((value) => !isMissing(value));
    const missing: DesignColumn[] =
      present.length > 0 && present.length < values.length ? [{ type: 'is_missing', feature }] : [];
    const levels = new Set(present);
    if (levels.size < 2) return missing;
    if (source.type === 'country_code' && levels.size <= MAX_LEVELS) {
      const ofLevels = [...levels]
        .sort((a, b) => a - b)
        .map((level) => ({ type: 'is_level' as const, feature, level }));
      return [...ofLevels, ...missing];
    }
    const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
    const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length;
    const scale = 1 / Math.sqrt(variance);
    return [{ type: 'scaled', feature, scale, whenMissing: mean * scale }, ...missing];
  });
}

/** Row-major, rows × columns. */
function designOf(
  columns: readonly DesignColumn[],
  of: { readonly spec: FeatureSpec; readonly matrix: FeatureMatrix; readonly rows: Uint32Array },
): Float32Array {
  const isMissing = missingTest(of.spec);
  const design = new Float32Array(of.rows.length * columns.length);
  of.rows.forEach((row, i) => {
    columns.forEach((column, c) => {
      const value = cell(of.matrix, row, column.feature);
      design[i * columns.length + c] = designCell(column, value, isMissing(value));
    });
  });
  return design;
}

function designCell(column: DesignColumn, value: number, isMissing: boolean): number {
  switch (column.type) {
    case 'scaled':
      return isMissing ? column.whenMissing : value * column.scale;
    case 'is_missing':
      return Number(isMissing);
    case 'is_level':
      return Number(value === column.level);
    default:
      return column satisfies never;
  }
}

function missingTest(spec: FeatureSpec): (value: number) => boolean {
  const missing = missingValueOf(spec);
  return (value) => Number.isNaN(value) || value === missing;
}

function cell({ values, featureNames }: FeatureMatrix, row: number, feature: number): number {
  return values[row * featureNames.length + feature]!;
}

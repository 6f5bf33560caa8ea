import type { JoinedTable } from '@/lib/crm/joined-table';
import { countryLevelOfRows } from './country-levels';
import { SplitPart } from './matrix';
import type { Feature, FeatureSpec } from './spec';
import { rowsOfPart } from './split';
import { outOfFoldRates, targetEncodingFolds } from './target-encoding';

/** Which rows of a table a specification was fitted on. */
export interface TrainingRows {
  /** A `SplitPart` a row. */
  readonly split: Uint8Array;
}

/** Folds that training rows are dealt to. */
export const TARGET_ENCODING_FOLDS = 5;
/** Fewest training rows of a level whose conversion is told. */
export const MIN_LEVEL_ROWS = 5;

/**
 * Give the target encoding of every row: out of fold for the training rows, by the stored rates for the others, NaN where
 * the country is missing.
 *
 * @throws where a class has fewer training rows than there are folds, which fitting refuses
 */
export function targetColumn(
  spec: FeatureSpec,
  { rates, minRows, folds: nFolds }: Extract<Feature['source'], { type: 'country_target' }>,
  { table, training }: { readonly table: JoinedTable; readonly training: TrainingRows },
): Float64Array {
  const levels = countryLevelOfRows(spec.countryLevels, table);
  const rows = rowsOfPart(training.split, SplitPart.train);
  const labels = table.madePurchase;
  const folds = targetEncodingFolds(
    Uint8Array.from(rows, (row) => labels[row]!),
    { nFolds, seed: spec.split.seed },
  );
  if (folds === null) throw new Error(`Expected at least ${nFolds} training rows of each class`);
  const column = Float64Array.from(levels, (level) => (level < 0 ? Number.NaN : rates[level]!));
  const outOfFold = outOfFoldRates({ levels, labels, nLevels: rates.length, minRows }, rows, folds);
  for (const [at, row] of rows.entries()) column[row] = outOfFold[at]!;
  return column;
}

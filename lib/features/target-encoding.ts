import { derivedSeed } from '@/lib/core/random';
import { stratifiedFolds } from './stratified-folds';

/** Rows that an encoding is fitted on. */
export interface LevelRows {
  /** Level of each row of the table, −1 where missing. */
  readonly levels: ArrayLike<number>;
  /** 0 or 1 a row of the table. */
  readonly labels: Uint8Array;
  readonly nLevels: number;
  /** A level of fewer rows gets the mean of all: its conversion would tell of those few. */
  readonly minRows: number;
}

/**
 * Give each level's share of buyers among some rows, drawn to the share of all of them by the empirical-Bayes weight
 * λ = n·v / (n·v + v_level), v the variance of all labels, v_level that of the level's (as scikit-learn `TargetEncoder` with
 * `smooth="auto"`; Micci-Barreca 2001). Levels without rows get the share of all; rows without a level count in that.
 *
 * @param rows row numbers, at least one
 * @returns nLevels shares
 */
export function smoothedRates(
  { levels, labels, nLevels, minRows }: LevelRows,
  rows: Uint32Array,
): Float64Array {
  const n = new Uint32Array(nLevels);
  const buyers = new Uint32Array(nLevels);
  let nBuyers = 0;
  for (const row of rows) {
    const label = labels[row]!;
    nBuyers += label;
    const level = levels[row]!;
    if (level < 0) continue;
    n[level]! += 1;
    buyers[level]! += label;
  }
  const overall = nBuyers / rows.length;
  const variance = overall * (1 - overall);
  return Float64Array.from(n, (count, level) => {
    if (count === 0 || count < minRows || variance === 0) return overall;
    const share = buyers[level]! / count;
    const weight = (variance * count) / (variance * count + share * (1 - share));
    return weight * share + (1 - weight) * overall;
  });
}

/**
 * Deal training rows to folds, buyers and others evenly, for `outOfFoldRates`. The same labels and seed give the same folds.
 *
 * @param seed the seed the user sees
 * @returns a fold for each of the rows; null where a class has fewer rows than there are folds
 */
export function targetEncodingFolds(
  labels: Uint8Array,
  { nFolds, seed }: { readonly nFolds: number; readonly seed: number },
): Uint8Array | null {
  const plan = { nSplits: nFolds, nRepeats: 1, seed: derivedSeed(seed, 'target_encoding') };
  const folds = stratifiedFolds(labels, plan);
  if (folds === null) return null;
  const foldOfRow = new Uint8Array(labels.length);
  for (const [fold, { measured }] of folds.entries()) for (const at of measured) foldOfRow[at] = fold;
  return foldOfRow;
}

/**
 * Give each training row the rate of its level among the training rows of the other folds, so that no row's own label is
 * in its value.
 *
 * @param rows the training rows
 * @param foldOfRow the fold of each of `rows`
 * @returns a rate for each of `rows`; NaN where the level is missing
 */
export function outOfFoldRates(fit: LevelRows, rows: Uint32Array, foldOfRow: Uint8Array): Float64Array {
  const nFolds = foldOfRow.reduce((most, fold) => Math.max(most, fold + 1), 0);
  const ratesOfFold = Array.from({ length: nFolds }, (_, fold) =>
    smoothedRates(
      fit,
      rows.filter((_row, at) => foldOfRow[at] !== fold),
    ),
  );
  return Float64Array.from(rows, (row, at) => {
    const level = fit.levels[row]!;
    return level < 0 ? Number.NaN : ratesOfFold[foldOfRow[at]!]![level]!;
  });
}

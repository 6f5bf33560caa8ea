import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';

/** Buyers and others at each distinct value of a feature. */
export interface ValueCounts {
  /** Ascending; a missing value is the one that the specification writes for it, and NaN comes first. */
  readonly values: Float64Array;
  /** Buyers at each of the values. */
  readonly buyers: Uint32Array;
  /** Others at each of the values. */
  readonly others: Uint32Array;
  readonly nBuyers: number;
  readonly nOthers: number;
}

/** Whole numbers from 0 that are counted by place; all other values are looked up. */
const N_PLACES = 4096;
/** Of a very wide matrix, so that the places stay few. */
const N_PLACES_WHEN_WIDE = 64;
const WIDE = 200;

/**
 * Count buyers and others at each value of each feature on the training and validation rows, in one pass. Test rows are
 * not looked at.
 *
 * @returns in the order of the columns
 */
export function allValueCounts({ matrix, labels, split }: TrainingDataset): readonly ValueCounts[] {
  const nColumns = matrix.featureNames.length;
  const nPlaces = nColumns > WIDE ? N_PLACES_WHEN_WIDE : N_PLACES;
  const placed = new Uint32Array(nColumns * nPlaces * 2);
  const looked = Array.from({ length: nColumns }, () => new Map<number, [others: number, buyers: number]>());
  for (let row = 0, at = 0; row < labels.length; row++) {
    if (split[row] === SplitPart.test) {
      at += nColumns;
      continue;
    }
    const label = labels[row]!;
    for (let column = 0; column < nColumns; column++, at++) {
      const value = matrix.values[at]!;
      const whole = value | 0;
      if (whole === value && whole >= 0 && whole < nPlaces) {
        placed[(column * nPlaces + whole) * 2 + label]! += 1;
        continue;
      }
      const known = looked[column]!.get(value);
      if (known === undefined) looked[column]!.set(value, label === 1 ? [0, 1] : [1, 0]);
      else known[label as 0 | 1] += 1;
    }
  }
  return looked.map((counts, column) => {
    for (let whole = 0; whole < nPlaces; whole++) {
      const at = (column * nPlaces + whole) * 2;
      const [others, buyers] = [placed[at]!, placed[at + 1]!];
      if (others + buyers > 0) counts.set(whole, [others, buyers]);
    }
    return sortedCounts(counts);
  });
}

/**
 * Count buyers and others at each value of one feature, on those training and validation rows that count.
 *
 * @param column 0 … number of features − 1
 * @param isCounted tells by its number whether a row counts
 */
export function valueCounts(
  { matrix, labels, split }: TrainingDataset,
  column: number,
  isCounted: (row: number) => boolean,
): ValueCounts {
  const stride = matrix.featureNames.length;
  const counts = new Map<number, [others: number, buyers: number]>();
  for (let row = 0, at = column; row < labels.length; row++, at += stride) {
    if (split[row] === SplitPart.test || !isCounted(row)) continue;
    const value = matrix.values[at]!;
    const known = counts.get(value) ?? [0, 0];
    known[labels[row] === 1 ? 1 : 0] += 1;
    counts.set(value, known);
  }
  return sortedCounts(counts);
}

function sortedCounts(counts: ReadonlyMap<number, readonly [others: number, buyers: number]>): ValueCounts {
  const sorted = [...counts].sort(([a], [b]) => rank(a) - rank(b));
  const others = Uint32Array.from(sorted, ([, [n]]) => n);
  const buyers = Uint32Array.from(sorted, ([, [, n]]) => n);
  const total = (numbers: Uint32Array) => numbers.reduce((sum, number) => sum + number, 0);
  return {
    values: Float64Array.from(sorted, ([value]) => value),
    buyers,
    others,
    nBuyers: total(buyers),
    nOthers: total(others),
  };
}

/** NaN before every number, so that sorting has an answer. */
function rank(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

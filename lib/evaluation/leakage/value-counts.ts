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

/**
 * Count buyers and others at each value of a feature on the training and validation rows. Test rows are not looked at.
 *
 * @param column 0 … number of features − 1
 * @param isCounted tells by its number whether a row counts; all but test rows do when left out
 */
export function valueCounts(
  { matrix, labels, split }: TrainingDataset,
  column: number,
  isCounted: (row: number) => boolean = () => true,
): ValueCounts {
  const stride = matrix.featureNames.length;
  const placeOf = new Map<number, number>();
  const counts: [buyers: number[], others: number[]] = [[], []];
  const [buyers, others] = counts;
  for (let row = 0, at = column; row < labels.length; row++, at += stride) {
    if (split[row] === SplitPart.test || !isCounted(row)) continue;
    const value = matrix.values[at]!;
    let place = placeOf.get(value);
    if (place === undefined) {
      place = placeOf.size;
      placeOf.set(value, place);
      buyers.push(0);
      others.push(0);
    }
    const ofKind = labels[row] === 1 ? buyers : others;
    ofKind[place]! += 1;
  }
  const sorted = [...placeOf.entries()].sort(([a], [b]) => rank(a) - rank(b));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    values: Float64Array.from(sorted, ([value]) => value),
    buyers: Uint32Array.from(sorted, ([, place]) => buyers[place]!),
    others: Uint32Array.from(sorted, ([, place]) => others[place]!),
    nBuyers: sum(buyers),
    nOthers: sum(others),
  };
}

/** NaN before every number, so that sorting has an answer. */
function rank(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

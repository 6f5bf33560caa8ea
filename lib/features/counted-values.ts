/** How often each distinct value of a column occurs among some rows, and with how many buyers. */
export interface CountedValues {
  /** Distinct values, ascending; missing ones apart. */
  readonly values: Float64Array;
  /** Rows a value. */
  readonly n: Uint32Array;
  /** Buyers a value. */
  readonly buyers: Uint32Array;
  readonly nMissing: number;
}

/** Where a feature stands in a row-major matrix. */
export interface ColumnPlace {
  readonly values: Float32Array;
  readonly column: number;
  readonly stride: number;
  /** Taken as missing, as is NaN. */
  readonly missingValue: number;
}

/** Count the distinct values of a column over some rows, in one pass. */
export function countedValues(
  { values, column, stride, missingValue }: ColumnPlace,
  { rows, labels }: { readonly rows: Uint32Array; readonly labels: Uint8Array },
): CountedValues {
  const missing = Math.fround(missingValue);
  const placeOfValue = new Map<number, number>();
  const n: number[] = [];
  const buyers: number[] = [];
  let nMissing = 0;
  // Most neighbours are equal in most columns, and need no look-up.
  let last = Number.NaN;
  let lastPlace = 0;
  for (const row of rows) {
    const value = values[row * stride + column]!;
    if (value === last) {
      n[lastPlace]! += 1;
      buyers[lastPlace]! += labels[row]!;
      continue;
    }
    if (value === missing || Number.isNaN(value)) {
      nMissing++;
      continue;
    }
    let place = placeOfValue.get(value);
    if (place === undefined) {
      place = n.length;
      placeOfValue.set(value, place);
      n.push(0);
      buyers.push(0);
    }
    n[place]! += 1;
    buyers[place]! += labels[row]!;
    last = value;
    lastPlace = place;
  }
  const sorted = Float64Array.from(placeOfValue.keys()).sort();
  const places = Array.from(sorted, (value) => placeOfValue.get(value)!);
  return {
    values: sorted,
    n: Uint32Array.from(places, (place) => n[place]!),
    buyers: Uint32Array.from(places, (place) => buyers[place]!),
    nMissing,
  };
}

/** Rows that have a value. */
export function nCounted({ n }: CountedValues): number {
  return n.reduce((sum, count) => sum + count, 0);
}

/**
 * Give a quantile by linear interpolation (type 7, as `quantileOfSorted`). Null when there are no values.
 *
 * @param probability 0 … 1
 */
export function quantileOfCounted(counted: CountedValues, probability: number): number | null {
  const nRows = nCounted(counted);
  if (nRows === 0) return null;
  const position = (nRows - 1) * probability;
  const below = Math.floor(position);
  const low = valueAtRank(counted, below);
  const high = valueAtRank(counted, Math.min(below + 1, nRows - 1));
  return low + (high - low) * (position - below);
}

function valueAtRank({ values, n }: CountedValues, rank: number): number {
  let nUpTo = 0;
  for (let place = 0; place < values.length; place++) {
    nUpTo += n[place]!;
    if (rank < nUpTo) return values[place]!;
  }
  throw new Error(`Expected a rank below ${nUpTo}, got ${rank}`);
}

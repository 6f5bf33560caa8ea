import { type Binning, binningOf } from './drift-bins';
import type { MonitoredColumn } from './drift-columns';

/** A list of which rows belong to one of the sides, or to none. */
export interface ComparedList {
  /** In an order that all lists share. */
  readonly columns: readonly MonitoredColumn[];
  /** 0 neither, 1 reference, 2 current. */
  readonly sideOf: Uint8Array;
  /** Place of a row's window of time; −1 where it is in none. */
  readonly windowOf: Int16Array;
}

/** How many rows of each side a column's bins have in each window. */
export interface ColumnCounts {
  readonly column: MonitoredColumn;
  readonly binning: Binning;
  /** Bins with missing as the last, whether held or not. */
  readonly nBins: number;
  /** By window (the first for rows of none), side and bin. */
  readonly cells: Float64Array;
}

const N_SIDES = 3;
export const REFERENCE = 1;
export const CURRENT = 2;

/** Count all columns, in one pass each. The bins are made from the reference rows of the first list. */
export function countedColumns(lists: readonly ComparedList[], nWindows: number): readonly ColumnCounts[] {
  const [first] = lists;
  if (first === undefined) return [];
  const isReference = first.sideOf.map((side) => Number(side === REFERENCE));
  const groups = lists.map(({ sideOf, windowOf }) =>
    Int32Array.from(sideOf, (side, row) => (windowOf[row]! + 1) * N_SIDES + side),
  );
  return first.columns.map((column, place) => {
    const binning = binningOf(column, isReference);
    const nBins = binning.labels.length + 1;
    const cells = new Float64Array((nWindows + 1) * N_SIDES * nBins);
    for (const [at, list] of lists.entries()) {
      const codes = binning.codesOf(list.columns[place]!);
      const group = groups[at]!;
      for (let row = 0; row < group.length; row++) cells[group[row]! * nBins + codes[row]!]! += 1;
    }
    return { column, binning, nBins, cells };
  });
}

/** Rows of a side by bin, in one window or in all and none. */
export function sideCounts({ nBins, cells }: ColumnCounts, side: number, window?: number): number[] {
  const counts = new Array<number>(nBins).fill(0);
  for (let group = side; group * nBins < cells.length; group += N_SIDES) {
    if (window !== undefined && Math.floor(group / N_SIDES) !== window + 1) continue;
    for (let bin = 0; bin < nBins; bin++) counts[bin]! += cells[group * nBins + bin]!;
  }
  return counts;
}

/** Rows by window (row-major) and bin, whatever their side. */
export function windowCounts({ nBins, cells }: ColumnCounts, nWindows: number): Float64Array {
  const counts = new Float64Array(nWindows * nBins);
  for (let window = 0; window < nWindows; window++) {
    for (let side = 0; side < N_SIDES; side++) {
      const from = ((window + 1) * N_SIDES + side) * nBins;
      for (let bin = 0; bin < nBins; bin++) counts[window * nBins + bin]! += cells[from + bin]!;
    }
  }
  return counts;
}

/** Rows of each window. */
export function windowSizes(counted: ColumnCounts, nWindows: number): Float64Array {
  const counts = windowCounts(counted, nWindows);
  const sizes = new Float64Array(nWindows);
  for (const [cell, count] of counts.entries()) sizes[Math.floor(cell / counted.nBins)]! += count;
  return sizes;
}

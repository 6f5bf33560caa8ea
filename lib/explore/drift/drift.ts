import { derivedSeed, randomSource } from '@/lib/core/random';
import { MISSING_LEVEL } from '../segments/row-filter';
import { adjustedPValues } from '../statistics/benjamini-hochberg';
import type { BinRule } from './drift-bins';
import { type ChangePoint, changePoint, nullPaths } from './drift-change';
import type { MonitoredColumn } from './drift-columns';
import {
  type ColumnCounts,
  type ComparedList,
  CURRENT,
  countedColumns,
  REFERENCE,
  sideCounts,
  windowCounts,
  windowSizes,
} from './drift-counts';
import { type KsTest, ksTwoSample } from './drift-ks';
import {
  type ChiSquareTest,
  homogeneityTest,
  jensenShannonDistance,
  mergedBins,
  mergedCounts,
  populationStability,
  type ShareDifference,
  shareDifference,
  stabilityLimit,
  type TwoCounts,
} from './drift-tests';

/** Customary marks of the index: above the first a distribution has changed, above the second much. */
export const PSI_MARKS = { small: 0.1, large: 0.25 } as const;
/** A difference counts where chance gives it, or a larger one, in at most this share of cases. */
export const MOST_CHANCE = 0.05;

/** How much a feature has changed: `small` and `large` are both beyond chance and beyond the marks. */
export type DriftVerdict = 'none' | 'small' | 'large';

/** Rows of one bin on either side. */
export interface DriftBin {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
  /** Level of the column's dimension to filter to; null where the bin is none. */
  readonly level: string | null;
}

/**
 * One feature of one window of time: against the reference without the window's own rows or, between two files, against the
 * reference's rows of the same window where it has some.
 */
export interface WindowDrift {
  readonly n: number;
  /** Null where there is too little to compare. */
  readonly psi: number | null;
  /** The index that chance alone exceeds in any window in at most 5 of 100 lists. */
  readonly limit: number | null;
  readonly pValue: number | null;
}

/** What became of one feature. */
export interface FeatureDrift {
  readonly name: string;
  /** Dimension that the bins' levels belong to. */
  readonly dimension: MonitoredColumn['dimension'];
  readonly isLabel: boolean;
  readonly verdict: DriftVerdict;
  /** How its values are put into bins. */
  readonly rule: BinRule;
  /** All bins with a row, missing last. PSI, distance and test are over these with small ones merged. */
  readonly bins: readonly DriftBin[];
  /** Null where there are not two bins, or a side has no rows. `limit`: what chance alone stays below in 95 of 100 cases. */
  readonly stability: { readonly psi: number; readonly limit: number; readonly pValue: number } | null;
  readonly jensenShannon: number | null;
  readonly chiSquare: ChiSquareTest | null;
  /** Of the chi-square test, for all features compared (Benjamini & Hochberg 1995). */
  readonly adjustedPValue: number | null;
  /** Of numbers, over the known values. */
  readonly ks: KsTest | null;
  readonly means: { readonly reference: number; readonly current: number } | null;
  /** Null where no row of either side is without a value. */
  readonly missing: ShareDifference | null;
  /** The bin whose share moved most; null where a side has no rows. */
  readonly mover: (DriftBin & { readonly from: number; readonly to: number }) | null;
  readonly change: ChangePoint | null;
  readonly windows: readonly WindowDrift[];
}

/**
 * Compare the distributions of all columns between the rows of two sides, and along the windows of time. The first list
 * holds reference rows, which make the bins.
 *
 * @param options.nWindows windows, in the order of time
 * @param options.isPaired whether both sides have rows in each window, which are compared with each other; what changed then
 *   changed with the first window in which they differ beyond chance
 * @param options.seed of the draws that the search for a change is judged by
 */
export function featureDrifts(
  lists: readonly ComparedList[],
  options: { readonly nWindows: number; readonly isPaired: boolean; readonly seed: number },
): readonly FeatureDrift[] {
  const { nWindows, isPaired, seed } = options;
  const counted = countedColumns(lists, nWindows);
  const [first] = counted;
  if (first === undefined) return [];
  const random = randomSource(derivedSeed(seed, 'drift'));
  const paths = nullPaths(windowSizes(first, nWindows), random);
  const compared = counted.map((of, place) => {
    const windows = windowDrifts(of, { nWindows, isPaired });
    const { nBins, binning } = of;
    const change = isPaired
      ? firstBeyond(windows)
      : changePoint(windowCounts(of, nWindows), { nBins, isOrdered: binning.isOrdered, paths });
    return { ...comparison(of), ...numbersOf(lists, place), change, windows };
  });
  return judged(compared);
}

type Compared = Omit<FeatureDrift, 'verdict' | 'adjustedPValue'>;

function comparison(counted: ColumnCounts): Omit<Compared, 'ks' | 'means' | 'change' | 'windows'> {
  const { column, binning } = counted;
  const counts = { reference: sideCounts(counted, REFERENCE), current: sideCounts(counted, CURRENT) };
  const sizes = { reference: sum(counts.reference), current: sum(counts.current) };
  const merged = mergedCounts(counts, mergedBins(counts, binning));
  const stability = populationStability(merged);
  const missing = binning.labels.length;
  const bins = [...binning.labels, MISSING_LEVEL].map((label, bin) => ({
    label,
    reference: counts.reference[bin]!,
    current: counts.current[bin]!,
    level: bin === missing ? column.dimension && MISSING_LEVEL : (binning.levels[bin] ?? null),
  }));
  const held = bins.filter(({ reference, current }) => reference + current > 0);
  return {
    name: column.name,
    dimension: column.dimension,
    isLabel: column.isLabel,
    rule: binning.rule,
    bins: held,
    stability: stability && {
      ...stability,
      limit: stabilityLimit(sizes, stability.degreesOfFreedom, MOST_CHANCE),
    },
    jensenShannon: jensenShannonDistance(merged),
    chiSquare: homogeneityTest(merged),
    missing: missingDifference(counts, missing, sizes),
    mover: moverOf(held, sizes),
  };
}

function missingDifference(
  { reference, current }: TwoCounts,
  bin: number,
  sizes: { readonly reference: number; readonly current: number },
): ShareDifference | null {
  const [from, to] = [reference[bin]!, current[bin]!];
  if (from + to === 0) return null;
  return shareDifference({ n: from, of: sizes.reference }, { n: to, of: sizes.current });
}

function moverOf(
  bins: readonly DriftBin[],
  sizes: { readonly reference: number; readonly current: number },
): FeatureDrift['mover'] {
  if (sizes.reference === 0 || sizes.current === 0) return null;
  const moved = bins.map((bin) => ({
    ...bin,
    from: bin.reference / sizes.reference,
    to: bin.current / sizes.current,
  }));
  const distance = ({ from, to }: { readonly from: number; readonly to: number }) => Math.abs(to - from);
  // Of two that move alike, as with and without a tag do, the later one is what is held.
  return moved.length === 0 ? null : moved.reduce((a, b) => (distance(b) >= distance(a) - 1e-12 ? b : a));
}

/** Compare the known numbers of a column themselves. */
function numbersOf(lists: readonly ComparedList[], place: number): Pick<FeatureDrift, 'ks' | 'means'> {
  const values = (side: number) => {
    const found = new Float64Array(lists.reduce((n, { sideOf }) => n + sideOf.length, 0));
    let n = 0;
    for (const { columns, sideOf } of lists) {
      const column = columns[place]!;
      if (column.kind !== 'number') continue;
      const { values: of } = column;
      for (let row = 0; row < sideOf.length; row++) {
        if (sideOf[row] === side && !Number.isNaN(of[row]!)) found[n++] = of[row]!;
      }
    }
    return found.subarray(0, n).sort();
  };
  const [reference, current] = [values(REFERENCE), values(CURRENT)];
  if (reference.length === 0 || current.length === 0) return { ks: null, means: null };
  const mean = (of: Float64Array) => of.reduce((total, value) => total + value, 0) / of.length;
  return {
    ks: ksTwoSample(reference, current),
    means: { reference: mean(reference), current: mean(current) },
  };
}

function firstBeyond(windows: readonly WindowDrift[]): ChangePoint | null {
  const window = windows.findIndex(({ psi, limit }) => psi !== null && limit !== null && psi > limit);
  const pValue = windows[window]?.pValue ?? null;
  return pValue === null ? null : { window, pValue: Math.min(1, pValue * windows.length) };
}

function windowDrifts(
  counted: ColumnCounts,
  { nWindows, isPaired }: { readonly nWindows: number; readonly isPaired: boolean },
): readonly WindowDrift[] {
  const all = sideCounts(counted, REFERENCE);
  const perWindow = windowCounts(counted, nWindows);
  const { nBins, binning } = counted;
  return Array.from({ length: nWindows }, (_, window) => {
    const own = sideCounts(counted, REFERENCE, window);
    const rest = all.map((count, bin) => count - own[bin]!);
    const reference = !isPaired ? rest : sum(own) > 0 ? own : all;
    const current = isPaired
      ? sideCounts(counted, CURRENT, window)
      : Array.from(perWindow.subarray(window * nBins, (window + 1) * nBins));
    const counts = { reference, current };
    const stability = populationStability(mergedCounts(counts, mergedBins(counts, binning)));
    const sizes = { reference: sum(reference), current: sum(current) };
    return {
      n: sizes.current,
      psi: stability?.psi ?? null,
      pValue: stability?.pValue ?? null,
      limit: stability && stabilityLimit(sizes, stability.degreesOfFreedom, MOST_CHANCE / nWindows),
    };
  });
}

function judged(compared: readonly Compared[]): readonly FeatureDrift[] {
  const tested = compared.filter(({ chiSquare }) => chiSquare !== null);
  const adjusted = adjustedPValues(tested.map(({ chiSquare }) => chiSquare?.pValue ?? 1));
  const adjustedOf = new Map(tested.map(({ name }, place) => [name, adjusted[place] ?? null]));
  return compared.map((feature) => {
    const adjustedPValue = adjustedOf.get(feature.name) ?? null;
    return { ...feature, adjustedPValue, verdict: verdictOf(feature, adjustedPValue) };
  });
}

function verdictOf({ stability }: Compared, adjustedPValue: number | null): DriftVerdict {
  if (stability === null || adjustedPValue === null || adjustedPValue > MOST_CHANCE) return 'none';
  if (stability.psi >= PSI_MARKS.large) return 'large';
  return stability.psi >= PSI_MARKS.small ? 'small' : 'none';
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

import { type Day, MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { Segmenter } from '../segments/dimensions';
import { type FeatureDrift, featureDrifts } from './drift';
import { monitoredColumns } from './drift-columns';
import { type ComparedList, CURRENT, REFERENCE } from './drift-counts';
import {
  addedDayCounts,
  type DayRange,
  type DriftRanges,
  dayCounts,
  defaultRanges,
  rangeOfDays,
  type TimeWindow,
  timeWindows,
} from './drift-windows';

/** Of the draws that a change is judged by: the same list gives the same figures, in the page and on the command line. */
export const DRIFT_SEED = 1;

/** One side of the comparison. */
export interface DriftSide {
  readonly n: number;
  /** Opt-in days; null for a whole file. */
  readonly range: DayRange | null;
  /** Null where both sides are of one file. */
  readonly fileName: string | null;
}

/** What of a list has changed. */
export interface DriftReport {
  readonly kind: 'dates' | 'files';
  /** Null where there is nothing to compare, for which `features` is empty. */
  readonly sides: { readonly reference: DriftSide; readonly current: DriftSide } | null;
  /** All opt-in days that ranges can be chosen from; null where none is known. */
  readonly days: DayRange | null;
  readonly windows: readonly TimeWindow[];
  /** In the order of the columns. */
  readonly features: readonly FeatureDrift[];
  /** Columns that follow from the opt-in date, by which the sides were chosen: they differ of necessity and are left out. */
  readonly excluded: readonly string[];
}

/** A list as it is compared. */
export interface DriftList {
  readonly table: JoinedTable;
  readonly segmenter: Segmenter;
}

/**
 * Compare subscribers who opted in at one time with those who did at another. Who has no opt-in date is left out.
 *
 * @param options.rows those to look at; all where left out
 * @param options.ranges the older half and the newest quarter where null
 */
export function driftByDate(
  { table, segmenter }: DriftList,
  options: {
    readonly rows?: Uint32Array | undefined;
    readonly ranges: DriftRanges | null;
    readonly seed: number;
  },
): DriftReport {
  const { rows, seed } = options;
  const counts = dayCounts(table.optinDay, rows);
  const days = rangeOfDays(counts);
  const columns = monitoredColumns(table, { segmenter, tags: table.tagColumns, newestDay: days?.to ?? 0 });
  const excluded = columns.flatMap(({ name, isOfOptin }) => (isOfOptin ? [name] : []));
  const ranges = options.ranges ?? defaultRanges(counts);
  const nothing: DriftReport = { kind: 'dates', sides: null, days, windows: [], features: [], excluded };
  if (ranges === null) return nothing;
  const { reference, current } = ranges;
  const windows = timeWindows(counts, {
    from: Math.min(reference.from, current.from),
    to: Math.max(reference.to, current.to),
  });
  const list: ComparedList = {
    columns: columns.filter(({ isOfOptin }) => !isOfOptin),
    sideOf: new Uint8Array(table.nRows),
    windowOf: new Int16Array(table.nRows).fill(-1),
  };
  const isWithin = (day: Day, range: DayRange) => day >= range.from && day <= range.to;
  const windowAt = windowsByDay(windows);
  let [nReference, nCurrent] = [0, 0];
  const place = (row: number) => {
    const day = table.optinDay[row]!;
    if (day === MISSING_DAY) return;
    list.windowOf[row] = windowAt(day);
    if (isWithin(day, reference)) {
      list.sideOf[row] = REFERENCE;
      nReference += 1;
    } else if (isWithin(day, current)) {
      list.sideOf[row] = CURRENT;
      nCurrent += 1;
    }
  };
  if (rows === undefined) for (let row = 0; row < table.nRows; row++) place(row);
  else for (const row of rows) place(row);
  if (nReference === 0 || nCurrent === 0) return nothing;
  return {
    ...nothing,
    sides: {
      reference: { n: nReference, range: reference, fileName: null },
      current: { n: nCurrent, range: current, fileName: null },
    },
    windows,
    features: featureDrifts([list], { nWindows: windows.length, isPaired: false, seed }),
  };
}

/**
 * Compare all subscribers of one file, the reference, with all of a second one. The windows of time are cut from both files'
 * opt-in dates.
 */
export function driftBetweenFiles(
  reference: DriftList & { readonly fileName: string },
  current: DriftList & { readonly fileName: string },
  { seed }: { readonly seed: number },
): DriftReport {
  const counts = addedDayCounts(dayCounts(reference.table.optinDay), dayCounts(current.table.optinDay));
  const days = rangeOfDays(counts);
  const windows = days === null ? [] : timeWindows(counts, days);
  const newestDay = dayCounts(reference.table.optinDay).days.at(-1) ?? 0;
  const tags = [...new Set([...reference.table.tagColumns, ...current.table.tagColumns])].sort();
  const windowAt = windowsByDay(windows);
  const listOf = ({ table, segmenter }: DriftList, side: number): ComparedList => ({
    columns: monitoredColumns(table, { segmenter, tags, newestDay }),
    sideOf: new Uint8Array(table.nRows).fill(side),
    windowOf: Int16Array.from(table.optinDay, (day) => (day === MISSING_DAY ? -1 : windowAt(day))),
  });
  const nothing: DriftReport = { kind: 'files', sides: null, days, windows, features: [], excluded: [] };
  if (reference.table.nRows === 0 || current.table.nRows === 0) return nothing;
  return {
    ...nothing,
    sides: {
      reference: { n: reference.table.nRows, range: null, fileName: reference.fileName },
      current: { n: current.table.nRows, range: null, fileName: current.fileName },
    },
    features: featureDrifts([listOf(reference, REFERENCE), listOf(current, CURRENT)], {
      nWindows: windows.length,
      isPaired: true,
      seed,
    }),
  };
}

/** Give the place of the window that a day lies in, −1 for none; each day is looked up once. */
function windowsByDay(windows: readonly TimeWindow[]): (day: Day) => number {
  const known = new Map<Day, number>();
  return (day) => {
    const place = known.get(day) ?? windows.findIndex(({ from, to }) => day >= from && day <= to);
    known.set(day, place);
    return place;
  };
}

import type { ExpectationResult } from '../suite-result';
import type { Cell, CountedRows } from './batch';
import { type ColumnProfile, cellOf, compareCells, levelAt, rankingOf } from './column-profile';

/** What an expectation found. */
export interface Finding {
  readonly success: boolean;
  readonly result: ExpectationResult['result'];
  /** Every row that is not as expected, ascending; looked for when asked. Left out where no single row is to blame. */
  readonly failingRows?: () => Uint32Array;
}

/** A value in a result. */
export type JsonValue = ExpectationResult['result'][string];

/** Length of the lists of examples, as `partial_unexpected_count` in Great Expectations. */
export const MAX_EXAMPLES = 20;

/** So few unexpected rows are counted by themselves; past it the column's values are ranked, once for all checks. */
const FEW_ROWS = 512;

/**
 * Report on each non-missing cell as Great Expectations 1.x does in its SUMMARY format.
 *
 * `partial_unexpected_counts` counts over all unexpected cells, most frequent first, ties by value; the original looks at the
 * first twenty only.
 *
 * @param isUnexpected 1 for each level of the profile that is not as expected, 0 for missing ones; not changed
 * @param mostly least share, 0–1, of the non-missing cells; vacuously reached when there are none
 */
export function judgedLevels(profile: ColumnProfile, isUnexpected: Uint8Array, mostly = 1): Finding {
  const { counts, nRows, nPresent } = profile;
  let nUnexpected = 0;
  if (counts === null) for (const mark of isUnexpected) nUnexpected += mark;
  else
    for (let level = 0; level < counts.length; level++) nUnexpected += counts[level]! * isUnexpected[level]!;
  const rows = firstRows(nRows, nUnexpected, (row) => isUnexpected[levelAt(profile, row)] === 1);
  return {
    success: isReached(nPresent, nUnexpected, mostly),
    result: {
      ...mapCounts({ nRows, nMissing: nRows - nPresent, nUnexpected }),
      partial_unexpected_list: rows.map((row) => jsonCell(cellOf(profile, row))),
      partial_unexpected_counts: frequentValues(profile, isUnexpected, nUnexpected),
      partial_unexpected_index_list: rows,
    },
    failingRows: () => rowsWhere(nRows, (row) => isUnexpected[levelAt(profile, row)] === 1),
  };
}

/** What is asked of rows, where several columns are looked at together. */
export interface RowQuestion {
  readonly nRows: number;
  /** Rows that are not judged. None where it is left out. */
  readonly isIgnored?: (row: number) => boolean;
  readonly isExpected: (row: number) => boolean;
  /** What an unexpected row is shown as. */
  readonly shown: (row: number) => JsonValue;
  readonly mostly?: number | undefined;
}

/** Judge each row that is not ignored; ignored ones count as missing, as in Great Expectations 1.x. */
export function judgedRows({ nRows, isIgnored, isExpected, shown, mostly = 1 }: RowQuestion): Finding {
  const isUnexpected = new Uint8Array(nRows);
  let nMissing = 0;
  let nUnexpected = 0;
  for (let row = 0; row < nRows; row++) {
    if (isIgnored?.(row)) nMissing++;
    else if (!isExpected(row)) {
      isUnexpected[row] = 1;
      nUnexpected++;
    }
  }
  const rows = firstRows(nRows, nUnexpected, (row) => isUnexpected[row] === 1);
  const examples = rows.map(shown);
  return {
    success: isReached(nRows - nMissing, nUnexpected, mostly),
    result: {
      ...mapCounts({ nRows, nMissing, nUnexpected }),
      partial_unexpected_list: examples,
      partial_unexpected_counts: countedExamples(examples),
      partial_unexpected_index_list: rows,
    },
    failingRows: () => rowsWhere(nRows, (row) => isUnexpected[row] === 1),
  };
}

/** List the rows for which something holds, ascending. */
export function rowsWhere(nRows: number, holds: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(nRows);
  let n = 0;
  for (let row = 0; row < nRows; row++) if (holds(row)) found[n++] = row;
  return found.slice(0, n);
}

/** Judge that cells are there. As in Great Expectations, the result has no `missing_…` keys and `mostly` is a share of all rows. */
export function judgedPresence(profile: ColumnProfile, mostly?: number): Finding {
  const nMissing = profile.nRows - profile.nPresent;
  const isMissing = (row: number) => cellOf(profile, row) === null;
  const counts = nMissing === 0 ? [] : [{ value: null, count: nMissing }];
  return nullFinding(profile, { nUnexpected: nMissing, isUnexpected: isMissing, counts, mostly });
}

/** Judge that cells are missing. As in Great Expectations, the result has no `missing_…` keys and `mostly` is a share of all rows. */
export function judgedAbsence(profile: ColumnProfile, mostly?: number): Finding {
  const isPresent = (row: number) => cellOf(profile, row) !== null;
  const { nPresent, isPresent: isPresentLevel } = profile;
  const counts = frequentValues(profile, isPresentLevel, nPresent);
  return nullFinding(profile, { nUnexpected: nPresent, isUnexpected: isPresent, counts, mostly });
}

/** Report rows that were counted elsewhere, without examples. */
export function countedFinding({ elementCount, unexpectedCount, failingRows }: CountedRows): Finding {
  return {
    ...(failingRows === undefined ? {} : { failingRows }),
    success: unexpectedCount === 0,
    result: {
      element_count: elementCount,
      unexpected_count: unexpectedCount,
      unexpected_percent: percent(unexpectedCount, elementCount),
      partial_unexpected_list: [],
      partial_unexpected_counts: [],
      partial_unexpected_index_list: [],
    },
  };
}

/** JSON has no infinite numbers. */
export function jsonCell(cell: Cell): Cell {
  return typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell;
}

function nullFinding(
  profile: ColumnProfile,
  {
    nUnexpected,
    isUnexpected,
    counts,
    mostly = 1,
  }: {
    readonly nUnexpected: number;
    readonly counts: { value: Cell; count: number }[];
    readonly isUnexpected: (row: number) => boolean;
    readonly mostly: number | undefined;
  },
): Finding {
  const { nRows } = profile;
  const rows = firstRows(nRows, nUnexpected, isUnexpected);
  const values = rows.map((row) => jsonCell(cellOf(profile, row)));
  return {
    success: isReached(nRows, nUnexpected, mostly),
    result: {
      element_count: nRows,
      unexpected_count: nUnexpected,
      unexpected_percent: percent(nUnexpected, nRows),
      partial_unexpected_list: values,
      partial_unexpected_counts: counts,
      partial_unexpected_index_list: rows,
    },
    failingRows: () => rowsWhere(nRows, isUnexpected),
  };
}

function isReached(nJudged: number, nUnexpected: number, mostly: number): boolean {
  return nJudged === 0 || (nJudged - nUnexpected) / nJudged >= mostly;
}

function mapCounts({
  nRows,
  nMissing,
  nUnexpected,
}: {
  readonly nRows: number;
  readonly nMissing: number;
  readonly nUnexpected: number;
}) {
  return {
    element_count: nRows,
    unexpected_count: nUnexpected,
    unexpected_percent: percent(nUnexpected, nRows - nMissing),
    missing_count: nMissing,
    missing_percent: percent(nMissing, nRows),
    unexpected_percent_total: percent(nUnexpected, nRows),
    unexpected_percent_nonmissing: percent(nUnexpected, nRows - nMissing),
  };
}

/** 0–100; null of nothing. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (part / whole) * 100;
}

function firstRows(nRows: number, nFound: number, holds: (row: number) => boolean): number[] {
  const nWanted = Math.min(nFound, MAX_EXAMPLES);
  const rows: number[] = [];
  for (let row = 0; row < nRows && rows.length < nWanted; row++) if (holds(row)) rows.push(row);
  return rows;
}

function frequentValues(profile: ColumnProfile, isUnexpected: Uint8Array, nUnexpected: number) {
  if (nUnexpected === 0) return [];
  if (profile.codes === null && nUnexpected <= FEW_ROWS) return countedFew(profile, isUnexpected);
  const { levels, counts } = rankingOf(profile);
  const shown: { value: Cell; count: number }[] = [];
  for (let i = 0; i < levels.length && shown.length < MAX_EXAMPLES; i++) {
    const level = levels[i]!;
    if (isUnexpected[level] === 1) {
      shown.push({ value: jsonCell(profile.levels[level] ?? null), count: counts[i]! });
    }
  }
  return shown;
}

function countedFew({ levels }: ColumnProfile, isUnexpected: Uint8Array) {
  const counts = new Map<Cell, number>();
  for (let row = 0; row < levels.length; row++) {
    const cell = levels[row] ?? null;
    if (isUnexpected[row] === 1 && cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value: jsonCell(value), count }))
    .sort((a, b) => b.count - a.count || compareCells(a.value, b.value))
    .slice(0, MAX_EXAMPLES);
}

function countedExamples(examples: readonly JsonValue[]) {
  const counts = new Map<string, { value: JsonValue; count: number }>();
  for (const value of examples) {
    const key = JSON.stringify(value);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { value, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

import type { BatchColumn, Cell, CountedRows } from './batch';
import type { ExpectationResult } from './suite-result';

/** What an expectation found. */
export interface Finding {
  readonly success: boolean;
  readonly result: ExpectationResult['result'];
  /** Every row that is not as expected, ascending; looked for when asked. Left out where no single row is to blame. */
  readonly failingRows?: () => Uint32Array;
}

/** Length of the lists of examples, as `partial_unexpected_count` in Great Expectations. */
const MAX_EXAMPLES = 20;

/** Distinct unexpected values beyond these are no longer told apart in `partial_unexpected_counts`. */
const MAX_COUNTED_VALUES = 100_000;

/** Gathers the unexpected cells of a column. */
interface Unexpected {
  count: number;
  readonly values: Cell[];
  readonly rows: number[];
  readonly counts: Map<Cell, number>;
}

/**
 * Judge each non-missing cell, and report as Great Expectations 1.x does in its SUMMARY format.
 *
 * `partial_unexpected_counts` counts over all unexpected cells, most frequent first, ties by value; the original looks at the
 * first twenty only.
 *
 * @param isExpected called once a distinct value where the column is coded, once a cell otherwise
 * @param mostly least share, 0–1, of the non-missing cells; vacuously reached when there are none
 */
export function judgedCells(
  column: BatchColumn,
  isExpected: (cell: string | number, row: number) => boolean,
  mostly = 1,
): Finding {
  const unexpected: Unexpected = { count: 0, values: [], rows: [], counts: new Map() };
  const nMissing =
    column.kind === 'coded'
      ? judgeLevels(column.levels, column.codes, isExpected, unexpected)
      : judgeRows(column, isExpected, unexpected);
  const nPresent = column.nRows - nMissing;
  const share = nPresent === 0 ? 1 : (nPresent - unexpected.count) / nPresent;
  return {
    success: share >= mostly,
    result: {
      element_count: column.nRows,
      unexpected_count: unexpected.count,
      unexpected_percent: percent(unexpected.count, nPresent),
      partial_unexpected_list: unexpected.values,
      missing_count: nMissing,
      missing_percent: percent(nMissing, column.nRows),
      unexpected_percent_total: percent(unexpected.count, column.nRows),
      unexpected_percent_nonmissing: percent(unexpected.count, nPresent),
      partial_unexpected_counts: mostFrequent(unexpected.counts),
      partial_unexpected_index_list: unexpected.rows,
    },
    failingRows: () =>
      rowsWhere(column.nRows, (row) => {
        const cell = column.cellAt(row);
        return cell !== null && !isExpected(cell, row);
      }),
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
export function judgedPresence(column: BatchColumn, mostly = 1): Finding {
  const rows: number[] = [];
  let nMissing = 0;
  for (let row = 0; row < column.nRows; row++) {
    if (column.cellAt(row) !== null) continue;
    if (nMissing++ < MAX_EXAMPLES) rows.push(row);
  }
  return {
    success: column.nRows === 0 || (column.nRows - nMissing) / column.nRows >= mostly,
    result: {
      element_count: column.nRows,
      unexpected_count: nMissing,
      unexpected_percent: percent(nMissing, column.nRows),
      partial_unexpected_list: rows.map(() => null),
      partial_unexpected_counts: nMissing === 0 ? [] : [{ value: null, count: nMissing }],
      partial_unexpected_index_list: rows,
    },
    failingRows: () => rowsWhere(column.nRows, (row) => column.cellAt(row) === null),
  };
}

/** Judge that cells are missing. As in Great Expectations, the result has no `missing_…` keys and `mostly` is a share of all rows. */
export function judgedAbsence(column: BatchColumn, mostly = 1): Finding {
  const unexpected: Unexpected = { count: 0, values: [], rows: [], counts: new Map() };
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell !== null) note(unexpected, cell, row);
  }
  return {
    success: column.nRows === 0 || (column.nRows - unexpected.count) / column.nRows >= mostly,
    result: {
      element_count: column.nRows,
      unexpected_count: unexpected.count,
      unexpected_percent: percent(unexpected.count, column.nRows),
      partial_unexpected_list: unexpected.values,
      partial_unexpected_counts: mostFrequent(unexpected.counts),
      partial_unexpected_index_list: unexpected.rows,
    },
    failingRows: () => rowsWhere(column.nRows, (row) => column.cellAt(row) !== null),
  };
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

/** 0–100; null of nothing. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (part / whole) * 100;
}

function judgeRows(
  column: BatchColumn,
  isExpected: (cell: string | number, row: number) => boolean,
  unexpected: Unexpected,
): number {
  let nMissing = 0;
  for (let row = 0; row < column.nRows; row++) {
    const cell = column.cellAt(row);
    if (cell === null) nMissing++;
    else if (!isExpected(cell, row)) note(unexpected, cell, row);
  }
  return nMissing;
}

function judgeLevels(
  levels: readonly Cell[],
  codes: ArrayLike<number>,
  isExpected: (cell: string | number, row: number) => boolean,
  unexpected: Unexpected,
): number {
  const verdicts = Uint8Array.from(levels, (level) =>
    level === null ? MISSING : isExpected(level, -1) ? FINE : UNEXPECTED,
  );
  let nMissing = 0;
  for (let row = 0; row < codes.length; row++) {
    const verdict = verdicts[codes[row]!] ?? MISSING;
    if (verdict === MISSING) nMissing++;
    else if (verdict === UNEXPECTED) note(unexpected, levels[codes[row]!] ?? null, row);
  }
  return nMissing;
}

const FINE = 0;
const UNEXPECTED = 1;
const MISSING = 2;

function note(unexpected: Unexpected, cell: Cell, row: number): void {
  if (unexpected.count++ < MAX_EXAMPLES) {
    unexpected.values.push(jsonCell(cell));
    unexpected.rows.push(row);
  }
  const known = unexpected.counts.get(cell);
  if (known !== undefined || unexpected.counts.size < MAX_COUNTED_VALUES)
    unexpected.counts.set(cell, (known ?? 0) + 1);
}

/** JSON has no infinite numbers. */
function jsonCell(cell: Cell): Cell {
  return typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell;
}

function mostFrequent(counts: ReadonlyMap<Cell, number>) {
  return [...counts]
    .map(([value, count]) => ({ value: jsonCell(value), count }))
    .sort((a, b) => b.count - a.count || compareCells(a.value, b.value))
    .slice(0, MAX_EXAMPLES);
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

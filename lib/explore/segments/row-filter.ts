import type { FilterDimension, Segmenter, Segments } from './dimensions';

/** Stands for "no value" among the levels of a filter. */
export const MISSING_LEVEL = '(missing)';

/** Rows that hold any of these levels of a dimension. */
export interface RowFilter {
  readonly dimension: FilterDimension;
  /** At least one; `MISSING_LEVEL` for rows without a value. */
  readonly levels: readonly string[];
}

/**
 * Give the rows that pass every filter, ascending; undefined where there is no filter, which means all rows. A level that
 * the file lacks holds no row.
 */
export function rowsOfFilters(
  segmenter: Segmenter,
  filters: readonly RowFilter[],
  nRows: number,
): Uint32Array | undefined {
  if (filters.length === 0) return undefined;
  const nPassed = new Uint8Array(nRows);
  for (const [i, filter] of filters.entries())
    markPassing(segmenter(filter.dimension), filter, { nPassed, i });
  let n = 0;
  for (const passed of nPassed) if (passed === filters.length) n += 1;
  const rows = new Uint32Array(n);
  let at = 0;
  for (let row = 0; row < nRows; row++) if (nPassed[row] === filters.length) rows[at++] = row;
  return rows;
}

/** Count up the rows that passed `i` filters and pass this one too. */
function markPassing(
  segments: Segments,
  { levels }: RowFilter,
  { nPassed, i }: { readonly nPassed: Uint8Array; readonly i: number },
): void {
  const wanted = new Set(levels);
  if (segments.kind === 'single') {
    // Place 0 is "missing", so that a code of −1 needs no branch.
    const isWanted = Uint8Array.of(
      Number(wanted.has(MISSING_LEVEL)),
      ...segments.levels.map((level) => Number(wanted.has(level))),
    );
    const { codes } = segments;
    for (let row = 0; row < nPassed.length; row++) {
      if (isWanted[codes[row]! + 1] === 1 && nPassed[row] === i) nPassed[row] = i + 1;
    }
    return;
  }
  for (const [level, name] of segments.levels.entries()) {
    if (!wanted.has(name)) continue;
    for (const row of segments.rowsOf(level)) if (nPassed[row] === i) nPassed[row] = i + 1;
  }
  if (wanted.has(MISSING_LEVEL)) {
    const holds = new Uint8Array(nPassed.length);
    for (const level of segments.levels.keys()) for (const row of segments.rowsOf(level)) holds[row] = 1;
    for (let row = 0; row < nPassed.length; row++) {
      if (holds[row] === 0 && nPassed[row] === i) nPassed[row] = i + 1;
    }
  }
}

/**
 * Filter to what was picked, or take it away where it is there: what a click on a bar does. A pick of several dimensions, as
 * of a cell, is one step: all of it is set, or all of it goes.
 *
 * @param picked one entry a dimension
 * @param isAdded keep the dimensions' other levels, as a click with Shift does; else these levels alone stay
 */
export function filtersWithPick(
  filters: readonly RowFilter[],
  picked: readonly RowFilter[],
  isAdded = false,
): readonly RowFilter[] {
  const before = (dimension: FilterDimension) =>
    filters.find((filter) => filter.dimension === dimension)?.levels ?? [];
  const isTaken = picked.every(({ dimension, levels }) => {
    const there = before(dimension);
    return levels.every((level) => there.includes(level)) && (isAdded || there.length === levels.length);
  });
  const others = filters.filter(({ dimension }) => picked.every((pick) => pick.dimension !== dimension));
  const changed = picked.map(({ dimension, levels }): RowFilter => {
    const there = before(dimension);
    if (isTaken) return { dimension, levels: there.filter((level) => !levels.includes(level)) };
    return { dimension, levels: [...new Set([...(isAdded ? there : []), ...levels])] };
  });
  return [...others, ...changed.filter(({ levels }) => levels.length > 0)];
}

/** Leave out the filters on a figure's own dimensions: it shows all their levels, so that others can be added. */
export function filtersOfOthers(
  filters: readonly RowFilter[],
  own: readonly FilterDimension[],
): readonly RowFilter[] {
  return filters.filter(({ dimension }) => !own.includes(dimension));
}

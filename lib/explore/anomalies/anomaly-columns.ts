import { MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { Segmenter } from '../segments/dimensions';
import { quantileOfSorted } from '../statistics/quantile';
import { sortedKnown } from './anomaly-robust-z';
import type { NumberRows } from './isolation-forest';

/** A column of numbers in which outliers are looked for. */
export interface NumberColumn {
  readonly name: string;
  /** NaN where missing. */
  readonly values: Float64Array;
}

/**
 * List the columns whose outliers are judged one by one. Counts stand on the logarithm of 1 more, or every list would have
 * outliers for having a long tail; the rating has too few values for any to be far out.
 */
export function scoredColumns({ optinDay, tagCount }: JoinedTable): readonly NumberColumn[] {
  return [
    { name: 'tag_count', values: logCounts(tagCount) },
    { name: 'optin_day', values: knownDays(optinDay) },
  ];
}

/**
 * List the columns that the isolation forest sees: rating, tags (on the logarithm of 1 more), opt-in day, and how frequent the
 * country and the e-mail's domain are (on the logarithm), no country or domain being one of its own.
 */
export function forestColumns(table: JoinedTable, segmenter: Segmenter): readonly NumberColumn[] {
  return [
    { name: 'member_rating', values: table.memberRating },
    { name: 'tag_count', values: logCounts(table.tagCount) },
    { name: 'optin_day', values: knownDays(table.optinDay) },
    { name: 'country_code', values: logFrequencies(segmenter, 'country') },
    { name: 'email_domain', values: logFrequencies(segmenter, 'email_domain') },
  ];
}

function logCounts(counts: Uint16Array): Float64Array {
  const logs = new Float64Array(counts.length);
  for (let row = 0; row < logs.length; row++) logs[row] = Math.log1p(counts[row]!);
  return logs;
}

function knownDays(optinDay: Int32Array): Float64Array {
  const days = new Float64Array(optinDay.length);
  for (let row = 0; row < days.length; row++) {
    const day = optinDay[row]!;
    days[row] = day === MISSING_DAY ? Number.NaN : day;
  }
  return days;
}

function logFrequencies(segmenter: Segmenter, dimension: 'country' | 'email_domain'): Float64Array {
  const segments = segmenter(dimension);
  if (segments.kind !== 'single') throw new Error(`Expected one level a row of ${dimension}`);
  const counts = new Uint32Array(segments.levels.length + 1);
  const { codes } = segments;
  for (let row = 0; row < codes.length; row++) counts[codes[row]! + 1]! += 1;
  const logs = Float64Array.from(counts, Math.log);
  const found = new Float64Array(codes.length);
  for (let row = 0; row < codes.length; row++) found[row] = logs[codes[row]! + 1]!;
  return found;
}

/** Columns beside each other as rows, each missing value as the column's median. */
export interface FilledRows extends NumberRows {
  /** Of each column; 0 where it has no value. */
  readonly medians: Float64Array;
}

/** Put columns beside each other. A missing value is its column's median, which sets nobody apart. */
export function filledRows(columns: readonly NumberColumn[], nRows: number): FilledRows {
  const nColumns = columns.length;
  const values = new Float64Array(nRows * nColumns);
  const medians = Float64Array.from(
    columns,
    (column) => quantileOfSorted(sortedKnown(column.values), 0.5) ?? 0,
  );
  for (const [column, { values: of }] of columns.entries()) {
    const median = medians[column]!;
    for (let row = 0, at = column; row < nRows; row++, at += nColumns) {
      const value = of[row]!;
      values[at] = Number.isNaN(value) ? median : value;
    }
  }
  return { values, nRows, nColumns, medians };
}

import { type Day, formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';

/** A rule that no true value breaks, and who breaks it. */
export interface ImpossibleValues {
  /** Column that the rule is about. */
  readonly name: string;
  /** What is wrong, in words. */
  readonly fault: string;
  /** Rows that break it, ascending. */
  readonly rows: Uint32Array;
}

/** Nobody opted in by e-mail before the first message was sent over a network. */
const OLDEST_DAY: Day = parseDay('1971-01-01');
const LOWEST_RATING = 1;
const HIGHEST_RATING = 5;

/**
 * Find values that cannot be: ratings off the scale, opt-ins that have not been yet or before there was e-mail, counts of tags
 * that are not those held. Missing values are no impossible ones.
 *
 * @param newestDay newest day that it can be
 * @returns every rule, also those that nobody breaks
 */
export function impossibleValues(
  table: JoinedTable,
  { newestDay }: { readonly newestDay: Day },
): readonly ImpossibleValues[] {
  const { memberRating, optinDay, tagCount, tagIndicators, tagColumns } = table;
  const found = (name: string, fault: string, isBroken: (row: number) => boolean): ImpossibleValues => ({
    name,
    fault,
    rows: rowsWhere(table.nRows, isBroken),
  });
  const nHeld = new Uint16Array(table.nRows);
  for (const held of tagIndicators) for (let row = 0; row < nHeld.length; row++) nHeld[row]! += held[row]!;
  return [
    found('member_rating', `no whole number from ${LOWEST_RATING} to ${HIGHEST_RATING}`, (row) =>
      isOffScale(memberRating[row]!),
    ),
    found(
      'optin_time',
      `after ${formatDay(newestDay)}, which has not been yet`,
      (row) => optinDay[row]! > newestDay,
    ),
    found('optin_time before e-mail', `before ${formatDay(OLDEST_DAY)}, when there was no e-mail`, (row) => {
      const day = optinDay[row]!;
      return day !== MISSING_DAY && day < OLDEST_DAY;
    }),
    found(
      'tag_count',
      `not the number of tags held, of the ${tagColumns.length} that there are`,
      (row) => tagCount[row] !== nHeld[row],
    ),
  ];
}

function isOffScale(rating: number): boolean {
  if (Number.isNaN(rating)) return false;
  return !Number.isInteger(rating) || rating < LOWEST_RATING || rating > HIGHEST_RATING;
}

function rowsWhere(nRows: number, holds: (row: number) => boolean): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < nRows; row++) if (holds(row)) rows.push(row);
  return Uint32Array.from(rows);
}

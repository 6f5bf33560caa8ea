import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';

/** A subscriber in a test; what is left out is missing, or 0, or invented from the row number. */
export interface SubscriberRow {
  readonly id?: number;
  readonly name?: string;
  readonly email?: string;
  readonly rating?: number;
  /** YYYY-MM-DD */
  readonly optin?: string;
  readonly country?: string;
  /** Indicator columns that the subscriber holds, `tag_…`. */
  readonly tags?: readonly string[];
  /** The number of tags held if left out. */
  readonly tagCount?: number;
  readonly bought?: boolean;
}

/** Build a joined table from rows; countries and tag columns are those that occur, and `extraTagColumns`. */
export function joinedTableOf(
  rows: readonly SubscriberRow[],
  extraTagColumns: readonly string[] = [],
): JoinedTable {
  const tagColumns = [...new Set([...extraTagColumns, ...rows.flatMap((row) => row.tags ?? [])])].sort();
  const countryCodes = [...new Set(rows.flatMap((row) => row.country ?? []))].sort();
  return {
    nRows: rows.length,
    mailchimpId: Float64Array.from(rows, (row, i) => row.id ?? i + 1),
    userFullName: rows.map((row, i) => row.name ?? `Person ${i + 1}`),
    userEmail: rows.map((row, i) => row.email ?? `person.${i + 1}@example.com`),
    memberRating: Float64Array.from(rows, (row) => row.rating ?? Number.NaN),
    optinDay: Int32Array.from(rows, (row) => (row.optin === undefined ? MISSING_DAY : parseDay(row.optin))),
    countryCodes,
    countryIndex: Int16Array.from(rows, (row) =>
      row.country === undefined ? -1 : countryCodes.indexOf(row.country),
    ),
    tagCount: Uint16Array.from(rows, (row) => row.tagCount ?? row.tags?.length ?? 0),
    madePurchase: Uint8Array.from(rows, (row) => (row.bought ? 1 : 0)),
    tagColumns,
    tagIndicators: tagColumns.map((tag) => Uint8Array.from(rows, (row) => (row.tags?.includes(tag) ? 1 : 0))),
  };
}

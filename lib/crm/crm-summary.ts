import { type Day, formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import type { OpenCrm } from './open-crm';
import type { RawColumn, RawCrm } from './raw-crm';

/** First and last day, YYYY-MM-DD, of a column of dates; null when it holds no date. */
export type DateRange = { readonly first: string; readonly last: string } | null;

/** What a file holds, to show beside its name. No personal data. */
export interface CrmSummary {
  readonly sizeBytes: number;
  /** The needed tables first, then the others as stored. */
  readonly tables: readonly { readonly name: string; readonly nRows: number }[];
  /** Tables beyond these, not counted. */
  readonly nTablesUncounted: number;
  readonly optinRange: DateRange;
  readonly purchaseRange: DateRange;
  readonly notices: readonly string[];
}

/** Summarise an open CRM and what was read from it. */
export function crmSummary(crm: OpenCrm, raw: RawCrm): CrmSummary {
  const needed = [raw.subscribers, raw.tags, raw.transactions].map(({ name, nRows }) => ({ name, nRows }));
  return {
    sizeBytes: crm.sizeBytes,
    tables: [...needed, ...crm.otherTables],
    nTablesUncounted: crm.nTablesUncounted,
    optinRange: dateRange(raw.subscribers.columns.optin_time),
    purchaseRange: dateRange(raw.transactions.columns.purchased_at),
    notices: crm.notices,
  };
}

function dateRange(column: RawColumn): DateRange {
  let first: Day = Number.POSITIVE_INFINITY;
  let last: Day = Number.NEGATIVE_INFINITY;
  for (const value of column.kind === 'coded' ? column.levels : column.values) {
    const day = typeof value === 'string' ? parseDay(value) : MISSING_DAY;
    if (day === MISSING_DAY) continue;
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  return first <= last ? { first: formatDay(first), last: formatDay(last) } : null;
}

import type { CsvCell } from '@/lib/core/csv';
import { formatDay } from '@/lib/core/day';
import { float32Text } from '@/lib/core/float32-text';
import type { ScoredTable } from '../lead-list';
import { tierOf } from '../tiers';

/** Columns of the lead list, in order. */
export const LEAD_LIST_COLUMNS = [
  'mailchimp_id',
  'user_full_name',
  'user_email',
  'score',
  'percentile',
  'tier',
  'member_rating',
  'country_code',
  'optin_time',
  'tag_count',
  'made_purchase',
  'reason_1',
  'reason_2',
  'reason_3',
] as const;

export type LeadListColumn = (typeof LEAD_LIST_COLUMNS)[number];

/** What a column holds, for formats that have types. */
export type LeadColumnKind = 'whole' | 'float32' | 'percent' | 'text';

/** The kind of every column. */
export const LEAD_COLUMN_KINDS: Readonly<Record<LeadListColumn, LeadColumnKind>> = {
  mailchimp_id: 'whole',
  user_full_name: 'text',
  user_email: 'text',
  score: 'float32',
  percentile: 'percent',
  tier: 'text',
  member_rating: 'whole',
  country_code: 'text',
  optin_time: 'text',
  tag_count: 'whole',
  made_purchase: 'whole',
  reason_1: 'text',
  reason_2: 'text',
  reason_3: 'text',
};

const REASON_PLACES: Partial<Record<LeadListColumn, number>> = { reason_1: 0, reason_2: 1, reason_3: 2 };
const N_REASONS = 3;
/** Rows explained at once. */
const BLOCK_ROWS = 1_000;

/** Which leads, in which order, with which columns. */
export interface LeadRows {
  readonly list: ScoredTable;
  /** Row indices in the order to be written. */
  readonly rows: Uint32Array;
  readonly columns: readonly LeadListColumn[];
}

/**
 * Give the cells of leads as every format writes them, in column order: the score as the shortest decimal that gives the same
 * float32 again, the percentile with two decimals, the id with all its digits, null where a value is missing. Reasons are worked
 * out only where a column asks for them.
 */
export function* leadCells({ list, rows, columns }: LeadRows): Generator<CsvCell[]> {
  const wantsReasons = columns.some((column) => column in REASON_PLACES);
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const block = rows.subarray(from, from + BLOCK_ROWS);
    const reasons = wantsReasons ? list.topReasons(block, N_REASONS) : [];
    for (const [place, row] of block.entries())
      yield columns.map((column) => cellOf(list, row, column, reasons[place] ?? []));
  }
}

/** A cell as the typed formats hold it: numbers as numbers, null where missing. */
export function typedCell(cell: CsvCell, column: LeadListColumn): string | number | null {
  if (cell === null || cell === undefined || cell === '') return null;
  return LEAD_COLUMN_KINDS[column] === 'text' ? String(cell) : Number(cell);
}

function cellOf(
  { table, scores, percentiles, cutoffs }: ScoredTable,
  row: number,
  column: LeadListColumn,
  reasons: readonly string[],
): CsvCell {
  switch (column) {
    case 'mailchimp_id':
      return numberCell(table.mailchimpId[row]!);
    case 'user_full_name':
      return table.userFullName[row];
    case 'user_email':
      return table.userEmail[row];
    case 'score':
      return float32Text(scores[row]!);
    case 'percentile':
      return percentiles[row]!.toFixed(2);
    case 'tier':
      return tierOf(scores[row]!, cutoffs);
    case 'member_rating':
      return numberCell(table.memberRating[row]!);
    case 'country_code': {
      const country = table.countryIndex[row]!;
      return country < 0 ? null : table.countryCodes[country];
    }
    case 'optin_time':
      return formatDay(table.optinDay[row]!);
    case 'tag_count':
      return table.tagCount[row];
    case 'made_purchase':
      return table.madePurchase[row];
    case 'reason_1':
    case 'reason_2':
    case 'reason_3':
      return reasons[REASON_PLACES[column]!] ?? null;
    default:
      return column satisfies never;
  }
}

function numberCell(value: number): CsvCell {
  return Number.isNaN(value) ? null : value;
}

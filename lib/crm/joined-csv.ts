import { type CsvCell, spreadsheetSafeCsvChunks } from '@/lib/core/csv';
import { formatDay } from '@/lib/core/day';
import type { JoinedTable } from './joined-table';

/** Columns of `subscribers_joined` before the tag indicators, in the order of the design. */
export const JOINED_COLUMNS = [
  'mailchimp_id',
  'user_full_name',
  'user_email',
  'member_rating',
  'optin_time',
  'country_code',
  'tag_count',
  'made_purchase',
] as const;

/** Name every column of `subscribers_joined`: the fixed ones, then one indicator a tag. */
export function joinedColumns(table: JoinedTable): string[] {
  return [...JOINED_COLUMNS, ...table.tagColumns];
}

/**
 * Write `subscribers_joined.csv`, safe to open in a spreadsheet, in pieces. Missing cells are empty. `parseJoinedCsv` reads it
 * back exactly.
 */
export function joinedCsvChunks(table: JoinedTable): Generator<string> {
  return spreadsheetSafeCsvChunks(joinedColumns(table), joinedRows(table));
}

/** The cells of one row as texts, in the order of `joinedColumns`, '' where missing. */
export function joinedTexts(table: JoinedTable, row: number): string[] {
  return joinedCells(table, row).map((cell) => (cell === null || cell === undefined ? '' : String(cell)));
}

function* joinedRows(table: JoinedTable): Generator<readonly CsvCell[]> {
  for (let row = 0; row < table.nRows; row++) yield joinedCells(table, row);
}

function joinedCells(table: JoinedTable, row: number): CsvCell[] {
  const cells: CsvCell[] = [
    presentNumber(table.mailchimpId[row]!),
    table.userFullName[row],
    table.userEmail[row],
    presentNumber(table.memberRating[row]!),
    formatDay(table.optinDay[row]!),
    table.countryCodes[table.countryIndex[row]!],
    table.tagCount[row],
    table.madePurchase[row],
  ];
  for (const indicators of table.tagIndicators) cells.push(indicators[row]);
  return cells;
}

function presentNumber(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

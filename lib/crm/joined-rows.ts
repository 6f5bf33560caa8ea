import { textWithoutApostrophe } from '@/lib/core/csv';
import { formatDay, MISSING_DAY, parseDay } from '@/lib/core/day';
import { JOINED_COLUMNS } from './joined-csv';
import type { JoinedTable } from './joined-table';

/** Takes the rows of a joined table one by one, as texts. */
export interface JoinedRows {
  readonly nTags: number;
  /** Take one row. Gives the name of the first column whose cell is not as `joinedCsvChunks` writes it, or null. */
  append(cells: readonly string[]): string | null;
  finish(): JoinedTable;
}

const N_FIXED = JOINED_COLUMNS.length;

/** Columns as they grow. */
interface Columns {
  readonly ids: number[];
  readonly names: string[];
  readonly emails: string[];
  readonly ratings: number[];
  readonly days: number[];
  /** Place of each country code in the order of first rows. */
  readonly countryOrder: Map<string, number>;
  /** A place in that order a row; −1 where missing. */
  readonly countries: number[];
  readonly tagCounts: number[];
  readonly purchases: number[];
  /** Longer than the rows so far; doubled when full. */
  readonly indicators: Uint8Array<ArrayBuffer>[];
}

function emptyColumns(nTags: number): Columns {
  return {
    ids: [],
    names: [],
    emails: [],
    ratings: [],
    days: [],
    countryOrder: new Map(),
    countries: [],
    tagCounts: [],
    purchases: [],
    indicators: Array.from({ length: nTags }, () => new Uint8Array(1_024)),
  };
}

/** Start a joined table with these indicator columns. */
export function createJoinedRows(tagColumns: readonly string[]): JoinedRows {
  const columns = emptyColumns(tagColumns.length);
  return {
    nTags: tagColumns.length,
    append(cells) {
      const row = columns.ids.length;
      const wrong = appendFixedCells(columns, cells);
      if (wrong !== null) return wrong;
      const wrongTag = appendIndicators(columns.indicators, cells, row);
      return wrongTag < 0 ? null : (tagColumns[wrongTag] ?? null);
    },
    finish: () => tableOf(columns, tagColumns),
  };
}

function appendFixedCells(columns: Columns, cells: readonly string[]): string | null {
  const [
    id = '',
    name = '',
    email = '',
    rating = '',
    optin = '',
    country = '',
    tagCount = '',
    purchase = '',
  ] = cells;
  const idNumber = writtenNumber(id);
  const ratingNumber = writtenNumber(rating);
  const day = optin === '' ? MISSING_DAY : parseDay(optin);
  if (idNumber === undefined) return 'mailchimp_id';
  if (ratingNumber === undefined) return 'member_rating';
  if (formatDay(day) !== optin) return 'optin_time';
  if (!/^\d{1,4}$/.test(tagCount)) return 'tag_count';
  if (purchase !== '0' && purchase !== '1') return 'made_purchase';
  columns.ids.push(idNumber);
  columns.names.push(textWithoutApostrophe(name));
  columns.emails.push(textWithoutApostrophe(email));
  columns.ratings.push(ratingNumber);
  columns.days.push(day);
  columns.countries.push(country === '' ? -1 : orderOf(columns.countryOrder, textWithoutApostrophe(country)));
  columns.tagCounts.push(Number(tagCount));
  columns.purchases.push(Number(purchase));
  return null;
}

/** Gives the index of the first indicator that is neither 0 nor 1, or −1. */
function appendIndicators(
  indicators: Uint8Array<ArrayBuffer>[],
  cells: readonly string[],
  row: number,
): number {
  for (let i = 0; i < indicators.length; i++) {
    const cell = cells[N_FIXED + i];
    if (cell !== '0' && cell !== '1') return i;
    if (row >= indicators[i]!.length) indicators[i] = grown(indicators[i]!);
    indicators[i]![row] = cell === '1' ? 1 : 0;
  }
  return -1;
}

function tableOf(columns: Columns, tagColumns: readonly string[]): JoinedTable {
  const found = [...columns.countryOrder.keys()];
  const countryCodes = found.toSorted();
  const sorted = new Map(countryCodes.map((code, i) => [code, i]));
  const nRows = columns.ids.length;
  return {
    nRows,
    mailchimpId: Float64Array.from(columns.ids),
    userFullName: columns.names,
    userEmail: columns.emails,
    memberRating: Float64Array.from(columns.ratings),
    optinDay: Int32Array.from(columns.days),
    countryCodes,
    countryIndex: Int16Array.from(columns.countries, (order) => sorted.get(found[order] ?? '') ?? -1),
    tagCount: Uint16Array.from(columns.tagCounts),
    madePurchase: Uint8Array.from(columns.purchases),
    tagColumns,
    tagIndicators: columns.indicators.map((values) => values.slice(0, nRows)),
  };
}

/** NaN for an empty cell; undefined for a text that no number is written as. */
function writtenNumber(cell: string): number | undefined {
  if (cell === '') return Number.NaN;
  const number = Number(cell);
  return String(number) === cell && !Number.isNaN(number) ? number : undefined;
}

function orderOf(orders: Map<string, number>, code: string): number {
  const known = orders.get(code);
  if (known !== undefined) return known;
  orders.set(code, orders.size);
  return orders.size - 1;
}

function grown(values: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(values.length * 2);
  larger.set(values);
  return larger;
}

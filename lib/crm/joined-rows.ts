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

/** Start a joined table with these indicator columns. */
export function createJoinedRows(tagColumns: readonly string[]): JoinedRows {
  const ids: number[] = [];
  const names: string[] = [];
  const emails: string[] = [];
  const ratings: number[] = [];
  const days: number[] = [];
  const countryOrder = new Map<string, number>();
  const countries: number[] = [];
  const tagCounts: number[] = [];
  const purchases: number[] = [];
  const indicators = tagColumns.map(() => new Uint8Array(1_024));

  const appendIndicators = (cells: readonly string[], row: number): string | null => {
    for (let i = 0; i < indicators.length; i++) {
      const cell = cells[N_FIXED + i];
      if (cell !== '0' && cell !== '1') return tagColumns[i]!;
      if (row >= indicators[i]!.length) indicators[i] = grown(indicators[i]!);
      indicators[i]![row] = cell === '1' ? 1 : 0;
    }
    return null;
  };

  return {
    nTags: tagColumns.length,
    append(cells) {
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
      const numbers = [writtenNumber(id), writtenNumber(rating)];
      const day = optin === '' ? MISSING_DAY : parseDay(optin);
      if (numbers[0] === undefined) return 'mailchimp_id';
      if (numbers[1] === undefined) return 'member_rating';
      if (formatDay(day) !== optin) return 'optin_time';
      if (!/^\d{1,4}$/.test(tagCount)) return 'tag_count';
      if (purchase !== '0' && purchase !== '1') return 'made_purchase';
      const row = ids.push(numbers[0]) - 1;
      names.push(textWithoutApostrophe(name));
      emails.push(textWithoutApostrophe(email));
      ratings.push(numbers[1]);
      days.push(day);
      countries.push(country === '' ? -1 : orderOf(countryOrder, textWithoutApostrophe(country)));
      tagCounts.push(Number(tagCount));
      purchases.push(Number(purchase));
      return appendIndicators(cells, row);
    },
    finish() {
      const countryCodes = [...countryOrder.keys()].sort();
      const sorted = new Map(countryCodes.map((code, i) => [code, i]));
      const indexOfOrder = [...countryOrder.keys()].map((code) => sorted.get(code) ?? -1);
      return {
        nRows: ids.length,
        mailchimpId: Float64Array.from(ids),
        userFullName: names,
        userEmail: emails,
        memberRating: Float64Array.from(ratings),
        optinDay: Int32Array.from(days),
        countryCodes,
        countryIndex: Int16Array.from(countries, (order) => indexOfOrder[order] ?? -1),
        tagCount: Uint16Array.from(tagCounts),
        madePurchase: Uint8Array.from(purchases),
        tagColumns,
        tagIndicators: indicators.map((values) => values.slice(0, ids.length)),
      };
    },
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

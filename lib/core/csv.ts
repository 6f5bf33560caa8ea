/** What a CSV cell may hold. `null` and `undefined` become empty cells. */
export type CsvCell = string | number | null | undefined;

/**
 * A text that a spreadsheet could read as a formula: it starts (after blanks, control characters or a byte-order mark)
 * with = + - @ or their full-width forms, or with a tab, carriage return, line feed or NUL (OWASP CSV injection, ASVS 1.2.10).
 * Apostrophes before it count too, so that every text with an apostrophe added can be told from one that had it.
 */
const FORMULA_START = /^'*(?:\p{Cc}|[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/** A text that RFC 4180 wants in quotes, or whose blanks or byte-order mark a reader might drop. */
const NEEDS_QUOTES = /[",\r\n\ufeff]|^ | $/;

/** Most texts, told at a glance: they start with a letter or digit, so they are no formulas, and hold nothing to quote. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9@._\-:/ ]*[A-Za-z0-9@._\-:/])?$/;

const ROWS_PER_CHUNK = 10_000;

/**
 * Write rows as RFC 4180 CSV, safe to open in a spreadsheet: texts that could be formulas get a leading apostrophe,
 * numbers stay numbers.
 *
 * @param header column names, escaped as texts
 * @param rows cells in header order
 * @returns CSV text with CRLF line ends, ending in one
 */
export function spreadsheetSafeCsv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  return Array.from(spreadsheetSafeCsvChunks(header, rows)).join('');
}

/**
 * Write the text of `spreadsheetSafeCsv` in pieces of 10,000 rows, the header with the first, so that a long list is never
 * held whole, neither as rows nor as one text.
 *
 * @param rows cells in header order; a generator makes them as they are written
 */
export function spreadsheetSafeCsvChunks(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
): Generator<string> {
  return csvChunks(header, rows, csvField);
}

/**
 * Write rows as RFC 4180 CSV for programs, in pieces of 10,000 rows: every text as it is, without the apostrophe that keeps a
 * spreadsheet from reading it as a formula.
 */
export function plainCsvChunks(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
): Generator<string> {
  return csvChunks(header, rows, plainField);
}

function* csvChunks(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
  field: (cell: CsvCell) => string,
): Generator<string> {
  const csvLine = (cells: readonly CsvCell[]) => `${cells.map(field).join(',')}\r\n`;
  let lines = [csvLine(header)];
  let nRows = 0;
  for (const row of rows) {
    lines.push(csvLine(row));
    nRows++;
    if (nRows % ROWS_PER_CHUNK === 0) {
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
}

/**
 * Undo the apostrophe that `spreadsheetSafeCsv` puts before texts that could be formulas. Every text it writes comes back exact.
 *
 * @param field a cell's text as a CSV reader gives it, quotes already undone
 * @example textWithoutApostrophe("'=1+1") // '=1+1'
 * @example textWithoutApostrophe("'tis") // "'tis"
 */
export function textWithoutApostrophe(field: string): string {
  return field.startsWith("'") && FORMULA_START.test(field) ? field.slice(1) : field;
}

function csvField(cell: CsvCell): string {
  if (typeof cell !== 'string' || PLAIN.test(cell)) return plainField(cell);
  return FORMULA_START.test(cell) ? `"'${cell.replaceAll('"', '""')}"` : plainField(cell);
}

function plainField(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

import Papa from 'papaparse';

/** What a CSV cell may hold. `null` and `undefined` become empty cells. */
export type CsvCell = string | number | null | undefined;

/**
 * A text that a spreadsheet could read as a formula: it starts (after blanks, control characters or a byte-order mark)
 * with = + - @ or their full-width forms, or with a tab, carriage return, line feed or NUL (OWASP CSV injection, ASVS 1.2.10).
 */
const FORMULA_START = /^(?:\p{Cc}|[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/**
 * Write rows as RFC 4180 CSV, safe to open in a spreadsheet: texts that could be formulas get a leading apostrophe,
 * numbers stay numbers.
 *
 * @param header column names, escaped as texts
 * @param rows cells in header order
 * @returns CSV text with CRLF line ends, ending in one
 */
export function spreadsheetSafeCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return Papa.unparse(
    { fields: [...header], data: rows as CsvCell[][] },
    { escapeFormulae: FORMULA_START, newline: '\r\n' },
  ).concat('\r\n');
}

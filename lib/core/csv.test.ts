import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type CsvCell, spreadsheetSafeCsv, spreadsheetSafeCsvChunks, textWithoutApostrophe } from './csv';

/** The one data field of a file with one column. */
function fieldOf(cell: CsvCell): string {
  return spreadsheetSafeCsv(['a'], [[cell]]).slice('a\r\n'.length, -'\r\n'.length);
}

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      '"',
      ',',
      '\r',
      '\n',
      '\t',
      ' ',
      '\0',
      '\ufeff',
      'a',
      '1',
      "'",
    ),
  }),
);

describe('spreadsheetSafeCsv', () => {
  it('writes header and rows with CRLF, empty cells for what is missing', () => {
    const rows = [
      [1, 'Ann', null],
      [-2.5, 'Bo, "B"', undefined],
    ];
    expect(spreadsheetSafeCsv(['id', 'name', 'rating'], rows)).toBe(
      'id,name,rating\r\n1,Ann,\r\n-2.5,"Bo, ""B""",\r\n',
    );
    expect(spreadsheetSafeCsv(['id'], [])).toBe('id\r\n');
  });

  it.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\r\n=1', `"'\r\n=1"`],
    ['\0=1', `"'\0=1"`],
    ['  =1', `"'  =1"`],
    ['\ufeff=1', `"'\ufeff=1"`],
    ['\u200b=1', `"'\u200b=1"`],
    ['＝1', `"'＝1"`],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ])('disarms the formula %j', (cell, field) => {
    expect(fieldOf(cell)).toBe(field);
  });

  it('disarms a header too', () => {
    expect(spreadsheetSafeCsv(['=1'], [])).toBe(`"'=1"\r\n`);
  });

  it('leaves e-mail addresses, dates, names and numbers as they are', () => {
    for (const cell of ['ann@example.com', '2020-01-31', 'Ann Lee', 'Åse', 'a-b', '1e-7'])
      expect(fieldOf(cell)).toBe(cell);
    expect(fieldOf(-5)).toBe('-5');
    expect(fieldOf(9007199254740991)).toBe('9007199254740991');
  });

  it('tells an apostrophe that was added from one that was there', () => {
    const cases = ['=1', "'=1", "''=1", "'tis", "'", '', 'a'];
    const fields = ["'=1", "''=1", "'''=1", "'tis", "'", '', 'a'];
    expect(cases.map(fieldOf)).toEqual([`"'=1"`, `"''=1"`, `"'''=1"`, "'tis", "'", '', 'a']);
    expect(fields.map(textWithoutApostrophe)).toEqual(cases);
  });

  it('quotes blanks at either end', () => {
    expect(fieldOf(' a')).toBe('" a"');
    expect(fieldOf('a ')).toBe('"a "');
  });

  it('is read back by Papa Parse, apart from the apostrophe', () => {
    const rowsOfTexts = fc.array(fc.tuple(texts, texts), { maxLength: 10 });
    fc.assert(
      fc.property(rowsOfTexts, (rows) => {
        const csv = spreadsheetSafeCsv(['a', 'b'], rows);
        const read = Papa.parse<string[]>(csv, { newline: '\r\n', delimiter: ',' }).data.slice(1, -1);
        expect(read.map((row) => row.map(textWithoutApostrophe))).toEqual(rows);
        for (const text of read.flat()) expect(text).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u);
      }),
    );
  });
});

describe('spreadsheetSafeCsvChunks', () => {
  it('gives pieces of 10,000 rows that join to the whole', () => {
    const rows = Array.from({ length: 20_001 }, (_, i) => [i]);
    const chunks = [...spreadsheetSafeCsvChunks(['i'], rows)];
    expect(chunks.map((chunk) => chunk.split('\r\n').length - 1)).toEqual([10_001, 10_000, 1]);
    expect(chunks.join('')).toBe(spreadsheetSafeCsv(['i'], rows));
  });

  it('gives no empty piece after a full one', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => [i]);
    expect([...spreadsheetSafeCsvChunks(['i'], rows)]).toHaveLength(1);
    expect([...spreadsheetSafeCsvChunks(['i'], [])]).toEqual(['i\r\n']);
  });
});

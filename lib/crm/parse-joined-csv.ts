import { textWithoutApostrophe } from '@/lib/core/csv';
import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { type CsvCursor, createCsvCursor } from './csv-cursor';
import { JOINED_COLUMNS } from './joined-csv';
import { createJoinedRows, type JoinedRows } from './joined-rows';
import type { JoinedTable } from './joined-table';

const N_FIXED = JOINED_COLUMNS.length;

/**
 * Read back what `joinedCsvChunks` wrote, exactly. Anything else is refused with the row and the column: no value is guessed.
 *
 * @param csv the text, whole or in pieces cut anywhere
 * @returns `bad_joined_csv` when columns, the length of a row or a cell are not as written, or when the text breaks off
 */
export function parseJoinedCsv(csv: string | Iterable<string>): Result<JoinedTable> {
  try {
    const cursor = createCsvCursor(typeof csv === 'string' ? [csv] : csv);
    const rows = createJoinedRows(tagColumnsOfHeader(cursor));
    for (let line = 2; !cursor.isAtEnd(); line++) readRow(cursor, rows, line);
    return succeed(rows.finish());
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}

function tagColumnsOfHeader(cursor: CsvCursor): string[] {
  const names = cursor.readRecord()?.map(textWithoutApostrophe) ?? [];
  const wrong = JOINED_COLUMNS.findIndex((name, i) => names[i] !== name);
  if (wrong >= 0) {
    throw badCsv(
      1,
      `column ${wrong + 1} should be ${JOINED_COLUMNS[wrong]}, but is ${names[wrong] ?? 'missing'}`,
    );
  }
  const stray = names.slice(N_FIXED).find((name) => !name.startsWith('tag_'));
  if (stray !== undefined) throw badCsv(1, `column ${stray} is no tag indicator`);
  if (new Set(names).size !== names.length) throw badCsv(1, 'a column is named twice');
  return names.slice(N_FIXED);
}

function readRow(cursor: CsvCursor, rows: JoinedRows, line: number): void {
  const cells = cursor.readRecord();
  if (cells === null) throw badCsv(line, 'the text breaks off');
  if (cells.length !== N_FIXED + rows.nTags) {
    throw badCsv(line, `${cells.length} cells, expected ${N_FIXED + rows.nTags}`);
  }
  const wrong = rows.append(cells);
  if (wrong !== null) throw badCsv(line, `column ${wrong} holds no value that was written there`);
}

function badCsv(line: number, what: string): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'bad_joined_csv',
      `subscribers_joined.csv cannot be used: row ${line}: ${what}.`,
      'Run the ingest stage again to write it anew.',
    ).error,
  );
}

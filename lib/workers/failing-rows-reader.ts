import { spreadsheetSafeCsvChunks } from '@/lib/core/csv';
import { joinedColumns, joinedTexts } from '@/lib/crm/joined-csv';
import { type RawColumn, rawValue } from '@/lib/crm/raw-crm';
import { fileRow } from '@/lib/crm/raw-rows';
import type { FailedChecks } from '@/lib/explore/segments/dimensions';
import { subscribersBehind } from '@/lib/quality/relations';
import { repairStepSchema } from '@/lib/quality/repair/repair-step';
import {
  type CheckPlace,
  type FailingRows,
  failingRowsOf,
  type ValidationInput,
} from '@/lib/quality/run-suites';
import type { ValidationResults } from '@/lib/quality/suite-result';
import type { Suite } from '@/lib/quality/suites/suite-file';
import type { FailingRowTexts } from './crm-api';

/** Rows shown in the page; the download has all. */
const N_SHOWN = 1_000;
const ROW_NUMBER = 'row';

/** A list and the suites it was judged by. */
export interface JudgedList extends ValidationInput {
  readonly suites: readonly Suite[];
}

/** Before anything was validated. */
export const NO_CHECKS: FailedChecks = { names: [], rowsOf: () => new Uint32Array(0) };

/** Name the checks that failed, as levels to filter to, with the subscribers behind them. */
export function failedChecks(input: JudgedList, { suites }: ValidationResults): FailedChecks {
  const places = suites.flatMap(({ suite_name: suite, results }) =>
    results.flatMap(({ success }, index): CheckPlace[] => (success ? [] : [{ suite, index }])),
  );
  return {
    names: places.map(levelOf),
    rowsOf(check) {
      const place = places[check];
      const found = place === undefined ? null : failingRowsOf(input, place, input.suites);
      return found === null ? new Uint32Array(0) : subscribersBehind(input.raw, found.table, found.rows);
    },
  };
}

function levelOf({ suite, index }: CheckPlace): string {
  return `${suite} ${index + 1}`;
}

/** Write the first rows that a check found as texts. */
export function failingRowTexts(input: JudgedList, place: CheckPlace): FailingRowTexts | null {
  const found = failingRowsOf(input, place, input.suites);
  if (found === null) return null;
  const { columns, textsOf, rowNumber } = tableTexts(input, found);
  const nSubscribers = subscribersBehind(input.raw, found.table, found.rows).length;
  return {
    table: found.table,
    quarantine: repairStepSchema.parse({
      type: 'quarantine',
      table: found.table,
      expectation: found.expectation,
    }),
    columns: [ROW_NUMBER, ...columns],
    nRows: found.rows.length,
    rows: Array.from(found.rows.subarray(0, N_SHOWN), (row) => [rowNumber(row), ...textsOf(row)]),
    level: nSubscribers === 0 ? null : levelOf(place),
    nSubscribers,
  };
}

/** Write all rows that a check found as CSV. */
export function failingRowsCsv(input: JudgedList, place: CheckPlace): Generator<string> {
  const found = failingRowsOf(input, place, input.suites);
  if (found === null) throw new Error(`The check ${levelOf(place)} is about no single row`);
  const { columns, textsOf, rowNumber } = tableTexts(input, found);
  const rows = function* () {
    for (const row of found.rows) yield [rowNumber(row), ...textsOf(row)];
  };
  return spreadsheetSafeCsvChunks([ROW_NUMBER, ...columns], rows());
}

interface TableTexts {
  readonly columns: readonly string[];
  readonly textsOf: (row: number) => readonly string[];
  /** Number of a row in the file's table, from 1, whatever the steps left out. */
  readonly rowNumber: (row: number) => string;
}

function tableTexts({ raw, table }: JudgedList, { table: name }: FailingRows): TableTexts {
  const stored = [raw.subscribers, raw.tags, raw.transactions].find((known) => known.name === name);
  const rowNumber = (row: number) => String(fileRow(stored ?? raw.subscribers, row) + 1);
  if (stored === undefined)
    return { columns: joinedColumns(table), textsOf: (row) => joinedTexts(table, row), rowNumber };
  const columns = Object.entries<RawColumn>(stored.columns);
  return {
    columns: columns.map(([column]) => column),
    textsOf: (row) => columns.map(([, column]) => String(rawValue(column, row) ?? '')),
    rowNumber,
  };
}

import { ExpectedFailure, type Failure } from '@/lib/core/result';
import type { JoinedTable, JoinReport } from '@/lib/crm/joined-table';
import type { RawCrm, RawTable } from '@/lib/crm/raw-crm';
import { fileRow } from '@/lib/crm/raw-rows';
import type { FailedChecks } from '@/lib/explore/dimensions';
import { figureSql, type SqlSource } from '@/lib/explore/figure-sql';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';

/** What the statements are about: the file, and the list that was made of it. */
interface Source {
  /** As the file holds it. */
  readonly stored: RawCrm;
  /** As the steps left it. */
  readonly raw: RawCrm;
  readonly steps: readonly RepairStep[];
  readonly table: JoinedTable;
  readonly report: JoinReport;
  readonly checks: FailedChecks;
}

/** Longer lists of rows make statements that nobody can read or paste. */
const MOST_ROWS_NAMED = 5_000;

const TOO_MANY_ROWS: Failure = {
  code: 'too_large',
  message: `The statement would have to name more than ${MOST_ROWS_NAMED.toLocaleString('en')} rows one by one.`,
  hint: 'Take the filter on the failing check away, or mend the file itself and open it again.',
};
const MERGED: Failure = {
  code: 'not_in_file',
  message: 'Subscribers were merged here, so that the file itself no longer gives these figures.',
  hint: 'Take the step back, or mend the file itself and open it again.',
};

/** Write the SQL of figures over the file that was opened. */
export function createFigureSqlReader(source: () => Source): Pick<Handlers<CrmApi>, 'figureSql'> {
  return {
    figureSql({ figure, filters }) {
      const { stored, raw, steps, table, report, checks } = source();
      if (steps.some(({ type }) => type === 'merge_subscribers')) throw new ExpectedFailure(MERGED);
      const named = (rows: readonly number[]) => {
        if (rows.length > MOST_ROWS_NAMED) throw new ExpectedFailure(TOO_MANY_ROWS);
        return rows;
      };
      const sqlSource: SqlSource = {
        tags: table.tagColumns.map((name, i) => ({ name, tag: report.tags[i] ?? '' })),
        leftOut: {
          Subscribers: named(rowsLeftOut(stored.subscribers, raw.subscribers)),
          Tags: named(rowsLeftOut(stored.tags, raw.tags)),
          Transactions: named(rowsLeftOut(stored.transactions, raw.transactions)),
        },
        rowsOfCheck: (level) =>
          named(rowsOfChecks(checks, level).map((row) => fileRow(raw.subscribers, row))),
      };
      return figureSql(figure, filters, sqlSource);
    },
  };
}

function rowsLeftOut(
  stored: Pick<RawTable, 'nRows'>,
  left: Pick<RawTable, 'nRows' | 'fileRows'>,
): readonly number[] {
  if (left.fileRows === undefined) return [];
  const isKept = new Uint8Array(stored.nRows);
  for (const row of left.fileRows) isKept[row] = 1;
  return [...isKept.keys()].filter((row) => isKept[row] === 0);
}

function rowsOfChecks(checks: FailedChecks, level: string | null): readonly number[] {
  const rows = new Set<number>();
  for (const [check, name] of checks.names.entries()) {
    if (level !== null && level !== name) continue;
    for (const row of checks.rowsOf(check)) rows.add(row);
  }
  return [...rows];
}

import { ExpectedFailure, type Failure } from '@/lib/core/result';
import type { JoinedTable, JoinReport } from '@/lib/crm/joined-table';
import type { RawCrm, RawTable } from '@/lib/crm/raw-crm';
import { fileRow } from '@/lib/crm/raw-rows';
import { figureSql, type SqlSource } from '@/lib/explore/figure-sql/figure-sql';
import type { Segmenter, Segments } from '@/lib/explore/segments/dimensions';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';

/** The file that statements are about. */
export interface SqlFile {
  /** As the file holds it. */
  readonly stored: RawCrm;
  /** As the steps left it. */
  readonly raw: RawCrm;
  readonly steps: readonly RepairStep[];
  readonly report: JoinReport;
}

/** The file, and the list that was made of it. */
interface Source extends SqlFile {
  readonly table: JoinedTable;
  readonly segmenter: Segmenter;
}

/** Longer lists of rows make statements that nobody can read or paste. */
const MOST_ROWS_NAMED = 5_000;

const TOO_MANY_ROWS: Failure = {
  code: 'too_large',
  message: `The statement would have to name more than ${MOST_ROWS_NAMED.toLocaleString('en')} rows one by one.`,
  hint: 'Take the filter on the failing check or the anomaly away, or mend the file itself and open it again.',
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
      const { stored, raw, steps, table, report, segmenter } = source();
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
        rowsOfLevel: (dimension, level) =>
          named(rowsHolding(segmenter(dimension), level).map((row) => fileRow(raw.subscribers, row))),
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

/** Rows that hold a level of a many-valued dimension, or any for null. */
function rowsHolding(segments: Segments, level: string | null): readonly number[] {
  if (segments.kind === 'single')
    throw new Error('Expected a dimension of which a row may hold several levels');
  const rows = new Set<number>();
  for (const [code, name] of segments.levels.entries()) {
    if (level !== null && level !== name) continue;
    for (const row of segments.rowsOf(code)) rows.add(row);
  }
  return [...rows];
}

import { spreadsheetSafeCsvChunks } from '@/lib/core/csv';
import { joinedColumns, joinedTexts } from '@/lib/crm/joined-csv';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { Anomalies, HeldGroup } from '@/lib/explore/anomalies/anomalies';
import type { FailedChecks } from '@/lib/explore/segments/dimensions';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';

type AnomalyApi = Pick<CrmApi, 'anomalies' | 'anomalyRows' | 'anomalyRowsCsv'>;

/** Rows shown in the page; the download has all. */
const N_SHOWN = 1_000;
const ROW_NUMBER = 'joined row';

/** What looks wrong, as levels to filter to: worked out when the first of them is asked for. */
export function anomalyLevels(anomalies: () => Anomalies): FailedChecks {
  return {
    get names() {
      return anomalies().held.map(({ level }) => level);
    },
    rowsOf: (group) => anomalies().held[group]?.rows ?? new Uint32Array(0),
  };
}

/** Answer what is asked of the subscribers who look wrong. */
export function createAnomalyReader(
  known: () => { readonly table: JoinedTable; readonly anomalies: Anomalies },
): Handlers<AnomalyApi> {
  const texts = (level: string) => {
    const { table, anomalies } = known();
    const group = anomalies.held.find((held) => held.level === level);
    return group === undefined ? null : { group, ...groupTexts(table, group) };
  };
  return {
    anomalies: () => known().anomalies.report,
    anomalyRows: ({ level }) => {
      const found = texts(level);
      if (found === null) return null;
      const { group, columns, textsOf } = found;
      return {
        level,
        columns,
        nRows: group.rows.length,
        rows: Array.from(group.ranked.subarray(0, N_SHOWN), textsOf),
      };
    },
    anomalyRowsCsv: ({ level }) => {
      const found = texts(level);
      if (found === null) throw new Error(`Asked for the rows of ${level}, which the list lacks`);
      const { group, columns, textsOf } = found;
      const rows = function* () {
        for (const row of group.ranked) yield textsOf(row);
      };
      return new Blob([...spreadsheetSafeCsvChunks(columns, rows())], { type: 'text/csv;charset=utf-8' });
    },
  };
}

function groupTexts(table: JoinedTable, { notes }: HeldGroup) {
  const joined = joinedColumns(table);
  // Without the tags' indicators.
  const nShown = joined.length - table.tagColumns.length;
  return {
    columns: [ROW_NUMBER, ...notes.map(({ label }) => label), ...joined.slice(0, nShown)],
    textsOf: (row: number): readonly string[] => [
      String(row + 1),
      ...notes.map(({ textOf }) => textOf(row)),
      ...joinedTexts(table, row).slice(0, nShown),
    ],
  };
}

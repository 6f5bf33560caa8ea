import type { RawColumn, RawCrm, RawTable, RawValue } from '@/lib/crm/raw-crm';
import { CRM_SCHEMA, type CrmTableName } from '@/lib/crm/schema';

type Rows = readonly (readonly RawValue[])[];

/** A CRM as read, its tables given by rows in the order of `CRM_SCHEMA`; every column as codes where `coded`. */
export function rawCrmOf(
  rows: { readonly subscribers: Rows; readonly tags: Rows; readonly transactions: Rows },
  { coded = false }: { readonly coded?: boolean } = {},
): RawCrm {
  return {
    subscribers: tableOf('Subscribers', rows.subscribers, coded),
    tags: tableOf('Tags', rows.tags, coded),
    transactions: tableOf('Transactions', rows.transactions, coded),
  };
}

/** The cells of a table, row by row, in the order of `CRM_SCHEMA`. */
export function rowsOf<T extends CrmTableName>(table: RawTable<T>): RawValue[][] {
  const columns = Object.values<RawColumn>(table.columns);
  return Array.from({ length: table.nRows }, (_, row) =>
    columns.map(
      (column) => (column.kind === 'plain' ? column.values[row] : column.levels[column.codes[row]!]) ?? null,
    ),
  );
}

function tableOf<T extends CrmTableName>(name: T, rows: Rows, coded: boolean): RawTable<T> {
  const names: readonly string[] = CRM_SCHEMA[name];
  const columns = names.map((column, i) => [
    column,
    columnOf(
      rows.map((row) => row[i] ?? null),
      coded,
    ),
  ]);
  return {
    name,
    nRows: rows.length,
    columns: Object.fromEntries(columns) as RawTable<T>['columns'],
    fileColumns: names,
  };
}

function columnOf(values: readonly RawValue[], coded: boolean): RawColumn {
  const lost = { nBlobs: 0, nBigIntegers: 0 };
  if (!coded) return { kind: 'plain', values, ...lost };
  const levels = [...new Set(values)];
  return {
    kind: 'coded',
    levels,
    codes: Uint32Array.from(values, (value) => levels.indexOf(value)),
    ...lost,
  };
}

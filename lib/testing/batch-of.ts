import { type Batch, type Cell, plainColumn } from '@/lib/quality/expectations/batch';

/** A batch of table T with one plain column `a`, or several columns by name. */
export function batchOf(
  columns: Readonly<Record<string, readonly Cell[]>>,
  rest: Partial<Batch> = {},
): Batch {
  const names = Object.keys(columns);
  const nRows = columns[names[0] ?? '']?.length ?? 0;
  return {
    table: 'T',
    nRows,
    columnNames: names,
    allColumnNames: names,
    columns: new Map(names.map((name) => [name, plainColumn(nRows, (row) => columns[name]?.[row] ?? null)])),
    rowCounts: new Map(),
    counted: new Map(),
    ...rest,
  };
}

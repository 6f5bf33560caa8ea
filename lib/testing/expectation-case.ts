import { type Batch, countKey, numericColumn } from '@/lib/quality/expectations/batch';
import type { Expectation } from '@/lib/quality/expectations/expectation';
import { createSqlTables } from '@/lib/quality/expectations/sql-tables';
import { batchOf } from './batch-of';
import { loadSqlJs } from './sqlite';

/** An expectation, a batch that meets it, and one that does not. */
export type ExpectationCase = readonly [Expectation, Batch, Batch];

export const critical = 'critical' as const;

const engine = await loadSqlJs();

/** A batch for which something was counted. */
export function counted(key: string, unexpectedCount: number): Batch {
  const [type = '', ...columns] = key.split(' ');
  return batchOf(
    { a: [1] },
    { counted: new Map([[countKey(type, ...columns), { elementCount: 9, unexpectedCount }]]) },
  );
}

/** A batch that can be asked in SQL. */
export function withSql(batch: Batch): Batch {
  return { ...batch, sql: createSqlTables(engine, [batch]) };
}

/** A batch with one column of bytes. */
export function bytes(...values: readonly number[]): Batch {
  return batchOf({ a: values }, { columns: new Map([['a', numericColumn(Uint8Array.from(values))]]) });
}

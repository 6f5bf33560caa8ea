import { describe, expect, it } from 'vitest';
import { batchOf } from '@/lib/testing/batch-of';
import { loadSqlJs } from '@/lib/testing/sqlite';
import type { Cell } from './batch';
import { expectationResult, failingRows } from './evaluate';
import type { Expectation } from './expectation';
import { createSqlTables } from './sql-tables';

const engine = await loadSqlJs();

const people = batchOf({ id: [3, 4, 9], rating: [5, '2', null] }, { table: 'People' });
const tags = batchOf({ id: [3, 3, 77], tag: ['a', 'b', 'a'] }, { table: 'Tags' });

function check(query: string, batch = people) {
  const sql = createSqlTables(engine, [people, tags]);
  const expectation: Expectation = {
    type: 'unexpected_rows_expectation',
    kwargs: { unexpected_rows_query: query },
    severity: 'info',
  };
  try {
    const { success, result, exception_info } = expectationResult(expectation, { ...batch, sql });
    const rows = failingRows(expectation, { ...batch, sql });
    return {
      success,
      found: result.observed_value,
      rows: rows && [...rows],
      raised: exception_info.exception_message,
    };
  } finally {
    sql.close();
  }
}

describe('checks written in SQL', () => {
  it('find rows of the table, with its types as stored', () => {
    expect(check("SELECT * FROM {batch} WHERE typeof(rating) <> 'integer'")).toEqual({
      success: false,
      found: 2,
      rows: [1, 2],
      raised: null,
    });
  });

  it('read other tables, too', () => {
    expect(
      check('SELECT t.* FROM {batch} AS t LEFT JOIN People USING (id) WHERE People.id IS NULL', tags),
    ).toMatchObject({
      found: 1,
      rows: [2],
    });
  });

  it('pass where the query gives nothing, and name no rows where it gives none of theirs', () => {
    expect(check('SELECT * FROM {batch} WHERE id < 0')).toMatchObject({ success: true, found: 0 });
    expect(check('SELECT count(*) AS n FROM {batch} HAVING n > 1 -- many')).toMatchObject({
      found: 1,
      rows: null,
    });
  });

  it.each<[what: string, query: string, says: RegExp]>([
    ['is none', 'SELEC * FROM {batch}', /^SQLite says of the query: .*syntax error/],
    ['is two', 'SELECT 1 FROM {batch}); DELETE FROM People; SELECT (1', /SQLite says/],
    ['changes something', 'DELETE FROM {batch}', /SQLite says/],
    [
      'might never end',
      'WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c, {batch}',
      /^the query is recursive/,
    ],
  ])('cannot run where the query %s', (_, query, says) => {
    expect(check(query)).toMatchObject({ success: false, raised: expect.stringMatching(says) });
  });

  it('are stopped where they look at too many rows', () => {
    const cells: Cell[] = Array.from({ length: 500 }, (_, i) => i);
    const wide = batchOf({ id: cells }, { table: 'People' });
    const sql = createSqlTables(engine, [wide], 20_000);
    const query = 'SELECT count(*) FROM {batch} AS a, {batch} AS b WHERE a.id + b.id < 0';
    expect(() => sql.rowsOf('People', query)).toThrow(/looks at more than 20,000 rows/);
    expect(sql.rowsOf('People', 'SELECT * FROM {batch} WHERE id = 7')).toEqual({
      nRows: 1,
      rows: Uint32Array.of(7),
    });
    sql.close();
  });

  it('cannot run without an engine, which counts as critical', () => {
    const expectation: Expectation = {
      type: 'unexpected_rows_expectation',
      kwargs: { unexpected_rows_query: 'SELECT * FROM {batch}' },
      severity: 'info',
    };
    expect(expectationResult(expectation, people).exception_info.exception_message).toBe(
      'no SQL engine is there to run its query',
    );
  });
});

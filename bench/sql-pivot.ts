import type { Database, SqlValue } from 'sql.js';

/** What the wide query gave, in typed arrays as the joined table has them. */
export interface PivotedTable {
  readonly nRows: number;
  readonly nBuyers: number;
  /** Sum of the tag counts. */
  readonly nTags: number;
}

/**
 * The peer of the join: the whole joined table by one query, one `max(tag = …)` a tag, read into columns.
 *
 * @param database an open CRM with the tables of the demo
 */
export function pivotedBySql(database: Database): PivotedTable {
  const tags = (database.exec('SELECT DISTINCT tag FROM Tags ORDER BY tag')[0]?.values ?? []).map(
    ([tag]) => tag,
  );
  const nRows = Number(database.exec('SELECT count(*) FROM Subscribers')[0]?.values[0]?.[0]);
  const texts = Array.from({ length: 4 }, () => new Array<SqlValue>(nRows));
  const numbers = Array.from({ length: 4 }, () => new Float64Array(nRows));
  const indicators = tags.map(() => new Uint8Array(nRows));
  const statement = database.prepare(pivotSql(tags.map(String)));
  let row = 0;
  while (statement.step()) {
    const cells = statement.get();
    texts.forEach((column, i) => {
      column[row] = cells[i] ?? null;
    });
    numbers.forEach((column, i) => {
      column[row] = Number(cells[4 + i] ?? Number.NaN);
    });
    indicators.forEach((column, i) => {
      column[row] = Number(cells[8 + i] ?? 0);
    });
    row++;
  }
  statement.free();
  return { nRows: row, nBuyers: total(numbers[3]), nTags: total(numbers[2]) };
}

function pivotSql(tags: readonly string[]): string {
  const columns = tags.map((tag) => `max(t.tag = '${tag.replaceAll("'", "''")}')`);
  return `SELECT s.user_full_name, s.user_email, s.optin_time, lower(s.country_code), s.mailchimp_id, s.member_rating,
    count(DISTINCT t.tag),
    lower(trim(s.user_email)) IN (SELECT lower(trim(user_email)) FROM Transactions),
    ${columns.join(', ')}
    FROM Subscribers s LEFT JOIN Tags t ON t.mailchimp_id = s.mailchimp_id GROUP BY s.mailchimp_id`;
}

function total(values: Float64Array = new Float64Array()): number {
  return values.reduce((sum, value) => sum + value, 0);
}

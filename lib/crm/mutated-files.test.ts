import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { databaseBytes, loadSqlJs, TINY_CRM_SQL } from '@/lib/testing/sqlite';
import { joinSubscribers } from './join';
import { closeCrm, openCrm } from './open-crm';
import { readCrm } from './read-crm';

/** Codes with which a damaged file may be refused. */
const REFUSALS = new Set([
  'not_a_database',
  'encrypted_database',
  'damaged_database',
  'missing_table',
  'missing_column',
  'table_is_view',
  'table_is_virtual',
  'generated_column',
  'too_large',
]);

const N_MUTANTS = 300;

const MANY_ROWS_SQL = `${TINY_CRM_SQL}
  WITH RECURSIVE r(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM r LIMIT 400)
  INSERT INTO Subscribers SELECT i, 'Name ' || i, 'p' || i || '@example.com', 1 + i % 5, '2020-01-01', 'us' FROM r;
  INSERT INTO Tags SELECT mailchimp_id, 'tag ' || (mailchimp_id % 9) FROM Subscribers;
  CREATE INDEX by_tag ON Tags (tag);`;

const BASES: readonly (readonly [string, string])[] = [
  ['small', TINY_CRM_SQL],
  ['several pages and an index', MANY_ROWS_SQL],
  ['UTF-16', `PRAGMA encoding = 'UTF-16be'; ${MANY_ROWS_SQL}`],
  [
    'WITHOUT ROWID',
    `${TINY_CRM_SQL} CREATE TABLE k (mailchimp_id, tag, PRIMARY KEY (mailchimp_id, tag)) WITHOUT ROWID;
     INSERT INTO k SELECT * FROM Tags; DROP TABLE Tags; ALTER TABLE k RENAME TO Tags;`,
  ],
];

/** Change bytes, overwrite a stretch, copy a stretch elsewhere, hit the head of a page, or cut the end off. */
function mutant(bytes: Uint8Array, seed: number): Uint8Array {
  const random = randomSource(seed);
  const below = (n: number) => Math.floor(random() * n);
  const changed = bytes.slice();
  const kind = below(4);
  if (kind === 0) for (let i = 0; i < 1 + below(8); i++) changed[below(changed.length)] = below(256);
  const start = below(changed.length - 64);
  if (kind === 1) changed.fill(below(256), start, start + 64);
  if (kind === 2) changed.set(bytes.subarray(below(64), 64 + below(bytes.length - 128)).slice(-64), start);
  // Most bytes that matter stand at the start of a page.
  if (kind === 3) changed[4096 * below(changed.length / 4096) + below(120)] = below(256);
  return below(10) === 0 ? changed.slice(0, below(changed.length)) : changed;
}

describe('a damaged file', () => {
  it.each(BASES)('is refused in words or read whole: %s', async (_, statements) => {
    const sql = await loadSqlJs();
    const base = await databaseBytes(statements);
    const outcomes = new Map<string, number>();
    for (let seed = 1; seed <= N_MUTANTS; seed++) {
      const opened = openCrm(sql, mutant(base, seed));
      const outcome = opened.ok ? readOutcome(opened.value) : opened.error.code;
      if (opened.ok) closeCrm(opened.value);
      if (outcome !== 'read') expect(REFUSALS).toContain(outcome);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(outcomes.get('damaged_database')).toBeGreaterThan(N_MUTANTS / 10);
    expect(outcomes.get('read')).toBeGreaterThan(0);
  });
});

function readOutcome(crm: Parameters<typeof readCrm>[0]): string {
  const raw = readCrm(crm);
  if (!raw.ok) return raw.error.code;
  const joined = joinSubscribers(raw.value);
  if (!joined.ok) return joined.error.code;
  return joined.value.table.nRows === raw.value.subscribers.nRows ? 'read' : 'rows lost';
}

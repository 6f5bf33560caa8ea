import { type Failure, fail } from '@/lib/core/result';
import { type SqlDatabase, sqlRows } from './sql-database';

/** What to do about a damaged file. */
export const DAMAGE_HINT = 'Copy it again from where it came, or repair it with "sqlite3 file .recover".';

/**
 * Check every page of a database, and say what is damaged, naming the table or index where SQLite tells it.
 *
 * @param subject how sentences name the file
 * @returns null when SQLite finds the file whole
 * @throws Error as SQLite words it, when the check itself cannot go on
 */
export function damageFailure(database: SqlDatabase, subject: string): Failure | null {
  const finding = firstFinding(database);
  if (finding === 'ok') return null;
  const words = finding.replace(/^\*\*\* in database main \*\*\*\s*/, '');
  const [line = ''] = words.split('\n');
  const name = treeName(database, line);
  const place = name === null ? '' : ` in ${name}`;
  return fail(
    'damaged_database',
    `${subject} is damaged: SQLite's quick check finds${place}: ${line.slice(0, 200)}.`,
    DAMAGE_HINT,
  ).error;
}

/** Stepped, not executed at once: a damaged file gives its findings first and then an error. */
function firstFinding(database: SqlDatabase): string {
  const statement = database.prepare('PRAGMA quick_check(1)');
  try {
    return statement.step() ? String(statement.get()[0]) : 'no answer';
  } finally {
    statement.free();
  }
}

/** Findings name a tree by its root page, which the schema knows as a table or index. */
function treeName(database: SqlDatabase, finding: string): string | null {
  const rootPage = /^Tree (\d+) /.exec(finding)?.[1];
  if (rootPage === undefined) return null;
  const [found] = sqlRows(database, 'SELECT type, name FROM sqlite_schema WHERE rootpage = ?', [
    Number(rootPage),
  ]);
  return found ? `${found[0]} ${found[1]}` : null;
}

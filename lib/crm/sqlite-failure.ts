import { type Failure, fail } from '@/lib/core/result';
import { DAMAGE_HINT } from './file-damage';

/**
 * Word an error that SQLite raised about a file as a failure. Anything that is not a plain SQLite error is a bug, or a crash
 * of the wasm module, and is thrown on.
 *
 * @param subject how the sentence names the file
 * @throws the error itself when SQLite did not raise it
 */
export function sqliteFailure(error: unknown, subject: string): Failure {
  // sql.js raises plain Errors; TypeError, RangeError and WebAssembly.RuntimeError have names of their own.
  if (!(error instanceof Error) || error.name !== 'Error') throw error;
  const words = error.message.replaceAll(/\s+/g, ' ').slice(0, 200);
  if (/out of memory|too big|heap/i.test(words)) {
    return fail(
      'too_large',
      `${subject} needs more memory than allowed (SQLite: ${words}).`,
      'Look for very long texts in Subscribers, Tags or Transactions, or split the list.',
    ).error;
  }
  if (/not a database|unsupported file format/i.test(words)) {
    return fail(
      'not_a_database',
      `${subject} is not a database that SQLite can read (SQLite: ${words}).`,
      DAMAGE_HINT,
    ).error;
  }
  return fail('damaged_database', `${subject} cannot be read; SQLite says: ${words}.`, DAMAGE_HINT).error;
}

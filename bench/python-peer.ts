import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { BenchContext } from './bench-context';

const run = promisify(execFile);

/** The same version of the library as Leadbench's own; its Python side asks for a newer Python than it needs. */
const XGBOOST = 'xgboost-cpu==3.4.1';

/** A Python with XGBoost and other packages, which a benchmark lays Leadbench beside. */
export interface PythonPeer {
  /** Folder under `.native`. */
  readonly name: string;
  /** Variable that names a Python to take instead. */
  readonly variable: string;
  readonly packages: readonly string[];
  /** As it is said while it is installed, and when it cannot be. */
  readonly what: string;
  /** Code of the failure. */
  readonly code: string;
}

/**
 * Give a peer's Python: the one that its variable names, else one in `.native`, installed at the first call.
 *
 * @returns a failure of the peer's code where it cannot be made
 */
export async function pythonOf(
  { name, variable, packages, what, code }: PythonPeer,
  { root, say }: Pick<BenchContext, 'root' | 'say'>,
): Promise<Result<string>> {
  const given = process.env[variable];
  if (given !== undefined && given !== '') return succeed(given);
  const folder = join(root, '.native', name);
  const python = join(folder, 'bin', 'python');
  try {
    await access(join(folder, 'ready'));
    return succeed(python);
  } catch {
    // Not there yet: made below.
  }
  say(`installing ${what} for Python into .native/${name}`);
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...packages], { timeout: 900_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--ignore-requires-python', XGBOOST]);
    await run('touch', [join(folder, 'ready')]);
    return succeed(python);
  } catch (error) {
    return fail(
      code,
      `${what} could not be installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      `Install Python 3 with venv, or set ${variable} to one that has them.`,
    );
  }
}

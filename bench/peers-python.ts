import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { BenchContext } from './bench-context';

const run = promisify(execFile);

/** What the benchmarks beside Ray Tune and Optuna install, and from where pip takes it. */
const PACKAGES = ['ray[tune]', 'optuna', 'scikit-learn'];
/** The same version of the library as Leadbench's own; its Python side asks for a newer Python than it needs. */
const XGBOOST = 'xgboost-cpu==3.4.1';

/**
 * Give a Python that has Ray, Optuna and XGBoost: the one that `LEADBENCH_PEERS_PYTHON` names, else one in `.native/peers`,
 * installed at the first call (about 500 MB).
 *
 * @returns a failure `peers_missing` where it cannot be made
 */
export async function peersPython({
  root,
  say,
}: Pick<BenchContext, 'root' | 'say'>): Promise<Result<string>> {
  const given = process.env.LEADBENCH_PEERS_PYTHON;
  if (given !== undefined && given !== '') return succeed(given);
  const folder = join(root, '.native', 'peers');
  const python = join(folder, 'bin', 'python');
  try {
    await access(join(folder, 'ready'));
    return succeed(python);
  } catch {
    // Not there yet: made below.
  }
  say('installing Ray, Optuna and XGBoost for Python into .native/peers');
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { timeout: 900_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--ignore-requires-python', XGBOOST]);
    await run('touch', [join(folder, 'ready')]);
    return succeed(python);
  } catch (error) {
    return fail(
      'peers_missing',
      `The Python peers could not be installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      'Install Python 3 with venv, or set LEADBENCH_PEERS_PYTHON to one that has ray, optuna and xgboost.',
    );
  }
}

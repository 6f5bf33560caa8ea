import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { BenchContext } from '../bench-context';

const run = promisify(execFile);

/** The newest MLflow, with the library that loads Leadbench's models. */
const MLFLOW = 'mlflow';
const XGBOOST = 'xgboost-cpu==3.4.1';

/**
 * Give a Python that has MLflow: the one that `LEADBENCH_MLFLOW_PYTHON` names, else one in `.native/mlflow`, installed at
 * the first call (about 800 MB).
 *
 * @returns a failure `mlflow_missing` where it cannot be made
 */
export async function mlflowPython({
  root,
  say,
}: Pick<BenchContext, 'root' | 'say'>): Promise<Result<string>> {
  const given = process.env.LEADBENCH_MLFLOW_PYTHON;
  if (given !== undefined && given !== '') return succeed(given);
  const folder = join(root, '.native', 'mlflow');
  const python = join(folder, 'bin', 'python');
  try {
    await access(join(folder, 'ready'));
    return succeed(python);
  } catch {
    // Not there yet: made below.
  }
  say('installing MLflow for Python into .native/mlflow');
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', MLFLOW], { timeout: 900_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--ignore-requires-python', XGBOOST]);
    await run('touch', [join(folder, 'ready')]);
    return succeed(python);
  } catch (error) {
    return fail(
      'mlflow_missing',
      `MLflow could not be installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      'Install Python 3 with venv, or set LEADBENCH_MLFLOW_PYTHON to one that has mlflow and xgboost.',
    );
  }
}

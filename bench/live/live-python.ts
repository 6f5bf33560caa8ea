import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { BenchContext } from '../bench-context';

const run = promisify(execFile);

const PACKAGES = ['fastapi', 'uvicorn[standard]', 'numpy', 'scipy'];
/** The same version of the library as Leadbench's own; its Python side asks for a newer Python than it needs. */
const XGBOOST = 'xgboost-cpu==3.4.1';

/**
 * Give a Python that has FastAPI and XGBoost: the one that `LEADBENCH_LIVE_PYTHON` names, else one in `.native/live`,
 * installed at the first call (about 250 MB).
 *
 * @returns a failure `live_peer_missing` where it cannot be made
 */
export async function livePython({ root, say }: Pick<BenchContext, 'root' | 'say'>): Promise<Result<string>> {
  const given = process.env.LEADBENCH_LIVE_PYTHON;
  if (given !== undefined && given !== '') return succeed(given);
  const folder = join(root, '.native', 'live');
  const python = join(folder, 'bin', 'python');
  try {
    await access(join(folder, 'ready'));
    return succeed(python);
  } catch {
    // Not there yet: made below.
  }
  say('installing FastAPI and XGBoost for Python into .native/live');
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { timeout: 900_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--ignore-requires-python', XGBOOST]);
    await run('touch', [join(folder, 'ready')]);
    return succeed(python);
  } catch (error) {
    return fail(
      'live_peer_missing',
      `FastAPI could not be installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      'Install Python 3 with venv, or set LEADBENCH_LIVE_PYTHON to one that has fastapi, uvicorn and xgboost.',
    );
  }
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { EngineInfo } from './trial-executor';

/** Where libxgboost lies: an absolute path, or a name that the system's loader resolves. */
export type EngineLocation = Pick<EngineInfo, 'path' | 'source'>;

const recordSchema = z.object({ path: z.string().min(1), source: z.enum(['project cache', 'system']) });

const MISSING_HINT = 'Run "npm run setup" in the project folder; everything but training works without it.';

/**
 * Look up the library that setup found: `XGBOOST_LIB`, which has no fallback, else the record in `.native/engine.json`.
 * Reads afresh on each call, so a library installed meanwhile is found without a restart.
 *
 * @returns a failure `engine_missing` or `engine_unusable` naming the command that installs it
 */
export async function locateEngine(options: {
  /** The project's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<Result<EngineLocation>> {
  const named = options.env.XGBOOST_LIB;
  if (named !== undefined && named !== '') {
    if (isAbsolute(named) && existsSync(named)) return succeed({ path: named, source: 'XGBOOST_LIB' });
    return fail(
      'engine_unusable',
      `XGBOOST_LIB names ${named}, which is not the absolute path of a file.`,
      'Set XGBOOST_LIB to the absolute path of libxgboost 1.7 or newer, or unset it and run "npm run setup".',
    );
  }
  const record = join(options.root, '.native', 'engine.json');
  if (!existsSync(record))
    return fail('engine_missing', 'The XGBoost library is not installed.', MISSING_HINT);
  const { path, source } = recordSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  if (isAbsolute(path) && !existsSync(path)) {
    return fail('engine_missing', `The XGBoost library is no longer at ${path}.`, MISSING_HINT);
  }
  return succeed({ path, source });
}

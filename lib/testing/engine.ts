import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineLocation } from '@/lib/server/xgboost/engine-location';
import { bundleNode } from '@/lib/setup/bundle.mjs';
import { ensureEngine } from '@/lib/setup/engine.mjs';

/** What a test needs to start engine processes. */
export interface TestEngine {
  readonly engine: EngineLocation;
  /** A bundle of the engine process made for this test alone. */
  readonly childPath: string;
  /** Remove the bundle. */
  close(): Promise<void>;
}

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Find or install libxgboost and bundle the engine process from the sources as they are now. Call once a test file, in
 * `beforeAll`, and close in `afterAll`.
 *
 * @throws where there is no libxgboost: tests of training need it
 */
export async function openTestEngine(): Promise<TestEngine> {
  const engine = await ensureEngine({ root: projectRoot, log: console.warn });
  if (!engine.ok) throw new Error(`${engine.error.message} ${engine.error.hint}`);
  // Within the project, so that the bundle finds koffi in node_modules.
  const build = join(projectRoot, '.build');
  await mkdir(build, { recursive: true });
  const outdir = await mkdtemp(join(build, 'test-'));
  await bundleNode({ root: projectRoot, names: ['engine-child'], outdir });
  return {
    engine: { path: engine.value.path, source: engine.value.source },
    childPath: join(outdir, 'engine-child.mjs'),
    close: () => rm(outdir, { recursive: true, force: true }),
  };
}

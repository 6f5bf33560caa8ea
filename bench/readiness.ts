import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { BenchName } from './bench-options';

/** What the benchmarks need beside the project itself. */
export interface Readiness {
  /** Null where no benchmark asked for needs a browser. */
  readonly chromiumPath: string | null;
}

const NEED_BROWSER: readonly BenchName[] = ['page', 'scoring'];
/** Those that start the server. */
const NEED_PAGES: readonly BenchName[] = ['page', 'scoring', 'live'];
const NEED_ENGINE: readonly BenchName[] = [
  'study',
  'scoring',
  'reasons',
  'schedulers',
  'peers',
  'mlflow',
  'live',
];

/**
 * Make ready what the benchmarks asked for need, as `npm start` does: the demo CRM, the built pages, libxgboost, Chromium.
 *
 * @returns a failure that says what is missing and what installs it
 */
export async function madeReady(options: {
  readonly root: string;
  readonly names: readonly BenchName[];
  readonly say: (line: string) => void;
}): Promise<Result<Readiness>> {
  const { root, names, say } = options;
  const isNeeded = (by: readonly BenchName[]) => names.some((name) => by.includes(name));
  // Taken from where they lie, not from this bundle: they find the project's folder by their own address.
  const fromSetup = (file: string) => import(pathToFileURL(join(root, 'lib', 'setup', file)).href);
  const { ensureBuild }: typeof import('@/lib/setup/build.mjs') = await fromSetup('build.mjs');
  const { ensureDemo }: typeof import('@/lib/setup/demo.mjs') = await fromSetup('demo.mjs');
  const { ensureEngine }: typeof import('@/lib/setup/engine.mjs') = await fromSetup('engine.mjs');
  const { ensureChromium }: typeof import('@/lib/setup/chromium.mjs') = await fromSetup('chromium.mjs');
  await ensureDemo({ root, log: say });
  if (isNeeded(NEED_ENGINE)) {
    const engine = await ensureEngine({ root, log: say });
    if (!engine.ok) return engine;
  }
  if (!isNeeded(NEED_PAGES)) return succeed({ chromiumPath: null });
  const built = await ensureBuild({ root, log: say });
  if (!built.ok) {
    return fail('build_failed', `The pages could not be built: ${built.output}`, 'Run npm run build.');
  }
  if (!isNeeded(NEED_BROWSER)) return succeed({ chromiumPath: null });
  const browser = await ensureChromium({ root, log: say });
  return browser.ok ? succeed({ chromiumPath: browser.value.path }) : browser;
}

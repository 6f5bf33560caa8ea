import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleNode } from './bundle.mjs';
import { say } from './console.mjs';
import { ran } from './engine-run.mjs';
import { isEntry, ROOT } from './project.mjs';
import { sourcesDigest } from './sources-digest.mjs';

const NEXT_TIMEOUT_MS = 900_000;
const BUNDLE_SOURCES = ['lib', 'bench', 'tsconfig.json', 'package.json', 'package-lock.json'];
const PAGE_SOURCES = [
  'app',
  'components',
  'public',
  'next.config.js',
  'postcss.config.mjs',
  ...BUNDLE_SOURCES,
];

/** @typedef {(line: string) => void} Log */

/**
 * Bundle what runs in Node outside of Next into `.build/`, unless the sources are those of the last time.
 *
 * @param {{ root: string }} options
 */
export async function ensureBundles({ root }) {
  const mark = join(root, '.build', 'leadbench-bundles.json');
  const digest = await sourcesDigest(root, BUNDLE_SOURCES);
  if ((await markedDigest(mark)) === digest) return;
  await rm(mark, { force: true });
  await bundleNode({ root });
  await writeMark(mark, digest);
}

/**
 * Build everything: the bundles, and the pages by `next build` unless the sources are those of the last time.
 * Says so in the result when `next build` fails; its own output is the message.
 *
 * @param {{ root: string, log: Log }} options
 * @returns {Promise<{ ok: true } | { ok: false, output: string }>}
 */
export async function ensureBuild({ root, log }) {
  await ensureBundles({ root });
  const mark = join(root, '.next', 'leadbench-build.json');
  const digest = await sourcesDigest(root, PAGE_SOURCES);
  if ((await markedDigest(mark)) === digest && existsSync(join(root, '.next', 'BUILD_ID')))
    return { ok: true };
  log('Build: compiling the pages, because the sources are new or changed (about half a minute).');
  await rm(mark, { force: true });
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
  const built = await ran(process.execPath, [next, 'build', root], { timeoutMs: NEXT_TIMEOUT_MS, env });
  if (!built.ok) return { ok: false, output: `${built.stdout}\n${built.stderr}` };
  await hintPlotly(root);
  await writeMark(mark, digest);
  return { ok: true };
}

/** Read by Chromium: compile every function of this script at once, on another thread than the page's. */
const COMPILE_HINT = '//# allFunctionsCalledOnLoad\n';

/**
 * Mark the chunk that holds Plotly: all of it runs when the first chart is drawn, and compiling it function by function
 * on the page's own thread takes half of that time.
 *
 * @param {string} root
 */
async function hintPlotly(root) {
  const folder = join(root, '.next', 'static', 'chunks');
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.js')) continue;
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    if (text.includes('js-plotly-plot') && text.length > 1_000_000)
      await writeFile(file, COMPILE_HINT + text);
  }
}

/** @param {string} mark */
async function markedDigest(mark) {
  if (!existsSync(mark)) return null;
  const { digest } = JSON.parse(await readFile(mark, 'utf8'));
  return /** @type {unknown} */ (digest);
}

/**
 * @param {string} mark
 * @param {string} digest
 */
async function writeMark(mark, digest) {
  await mkdir(join(mark, '..'), { recursive: true });
  await writeFile(mark, `${JSON.stringify({ digest })}\n`);
}

if (isEntry(import.meta.url)) {
  const built = await ensureBuild({ root: ROOT, log: say });
  if (built.ok) {
    say('Build: ready.');
  } else {
    process.stderr.write(`${built.output}\nBuild: next build failed; its words stand above.\n`);
    process.exitCode = 1;
  }
}

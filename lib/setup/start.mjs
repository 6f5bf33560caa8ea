import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complain } from './console.mjs';
import { nodeFault } from './node-version.mjs';
import { endWithParent } from './parent.mjs';
import { ROOT } from './project.mjs';

/** `npm start`: make everything ready that is not, then serve. Gives an exit code where that fails. */
async function start() {
  const isDev = process.argv.includes('--dev');
  const asksForHelp = process.argv.includes('--help');
  // Imported late, because these need what npm install brings.
  const { readyBundles } = await import('./ensure.mjs');
  await readyBundles();
  const failedWith = asksForHelp ? null : await ready(isDev);
  if (failedWith !== null) return failedWith;
  const mode = isDev ? 'development' : 'production';
  Object.assign(process.env, { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: mode });
  process.setSourceMapsEnabled(true);
  // From here on lib/server/web/main.ts has the word.
  await import(new URL('../../.build/server.mjs', import.meta.url).href);
  return null;
}

/** @param {boolean} isDev */
async function ready(isDev) {
  const { isNodeFine, readyBuild, readyDemo, readyEngine } = await import('./ensure.mjs');
  if (!isNodeFine()) return 2;
  await readyEngine();
  await readyDemo();
  return isDev || (await readyBuild()) ? null : 1;
}

/** Say what keeps Leadbench from starting at all, or null. */
function startFault() {
  const isInstalled = existsSync(join(ROOT, 'node_modules', 'next'));
  const missing = { message: 'The packages are not installed yet.', hint: 'Run "npm install" first.' };
  return nodeFault(process.versions.node) ?? (isInstalled ? null : missing);
}

endWithParent();
process.chdir(ROOT);
const fault = startFault();
if (fault !== null) complain(fault);
const exitCode = fault === null ? await start() : 2;
if (exitCode !== null) process.exit(exitCode);

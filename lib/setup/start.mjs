import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complain } from './console.mjs';
import { nodeFault } from './node-version.mjs';
import { ROOT } from './project.mjs';

/** `npm start`: make everything ready that is not, then serve. The server itself is `lib/server/web/main.ts`. */
async function start() {
  const isDev = process.argv.includes('--dev');
  // Imported late, because these need what npm install brings.
  const { isNodeFine, readyBuild, readyDemo, readyEngine } = await import('./ensure.mjs');
  if (!isNodeFine()) return 2;
  await readyEngine();
  await readyDemo();
  if (!isDev && !(await readyBuild())) return 1;
  Object.assign(process.env, {
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: isDev ? 'development' : 'production',
  });
  process.setSourceMapsEnabled(true);
  await import(new URL('../../.build/server.mjs', import.meta.url).href);
  return null;
}

/** Say what keeps Leadbench from starting at all, or null. */
function startFault() {
  const isInstalled = existsSync(join(ROOT, 'node_modules', 'next'));
  const missing = { message: 'The packages are not installed yet.', hint: 'Run "npm install" first.' };
  return nodeFault(process.versions.node) ?? (isInstalled ? null : missing);
}

process.chdir(ROOT);
const fault = startFault();
if (fault !== null) complain(fault);
const exitCode = fault === null ? await start() : 2;
if (exitCode !== null) process.exit(exitCode);

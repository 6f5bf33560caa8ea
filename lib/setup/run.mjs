import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complain } from './console.mjs';
import { nodeFault } from './node-version.mjs';
import { endWithParent } from './parent.mjs';
import { ROOT } from './project.mjs';

const PROGRAMS = ['cli', 'bench'];

/** `node lib/setup/run.mjs NAME …`: bring the bundles up to date and run one of them in this very process. */
async function run() {
  const name = process.argv[2] ?? '';
  const fault = runFault(name);
  if (fault !== null) {
    complain(fault);
    process.exit(2);
  }
  const { ensureBundles } = await import('./build.mjs');
  await ensureBundles({ root: ROOT });
  // The program finds its words where they would be had Node been asked to run it.
  process.argv.splice(1, 2, join(ROOT, '.build', `${name}.mjs`));
  process.setSourceMapsEnabled(true);
  await import(new URL(`../../.build/${name}.mjs`, import.meta.url).href);
}

/** @param {string} name */
function runFault(name) {
  if (!PROGRAMS.includes(name)) {
    return {
      message: `There is no program called ${JSON.stringify(name)}.`,
      hint: `Choose ${PROGRAMS.join(' or ')}.`,
    };
  }
  if (!existsSync(join(ROOT, 'node_modules', 'esbuild'))) {
    return { message: 'The packages are not installed yet.', hint: 'Run "npm install" first.' };
  }
  return nodeFault(process.versions.node);
}

endWithParent();
await run();

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { complain, say } from './console.mjs';
import { isNodeFine, readyBuild, readyDemo, readyEngine } from './ensure.mjs';
import { endWithParent } from './parent.mjs';
import { ROOT } from './project.mjs';
import { endToEndCounts, totalCounts, unitCounts } from './test-counts.mjs';

/**
 * `npm test`: fetch what the tests need, then lock file, lint, types, unit tests, build and end-to-end tests, in this
 * order; the first step that fails ends the run. The closing line is the count of tests.
 *
 * @typedef {import('./test-counts.mjs').TestCounts} TestCounts
 * @typedef {{ file: string, counts: (json: string) => TestCounts }} Report
 * @typedef {{ name: string, run: () => Promise<boolean>, report?: Report }} Step
 */

const REPORTS = join(ROOT, '.build', 'reports');
/** @type {Report} */
const UNIT = { file: join(REPORTS, 'unit.json'), counts: (json) => unitCounts(JSON.parse(json)) };
/** @type {Report} */
const END_TO_END = {
  file: join(REPORTS, 'end-to-end.json'),
  counts: (json) => endToEndCounts(JSON.parse(json)),
};

/** @type {readonly Step[]} */
const STEPS = [
  { name: 'browser', run: readyBrowser },
  { name: 'engine', run: readyEngine },
  { name: 'demo', run: readyDemo },
  { name: 'floors', run: () => node('lib/setup/floors.mjs') },
  { name: 'lock file', run: () => node('lib/setup/lockfile.mjs', '--check') },
  {
    name: 'lint',
    run: () => node('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  },
  { name: 'routes', run: () => node('node_modules/next/dist/bin/next', 'typegen') },
  { name: 'types', run: () => node('node_modules/typescript/bin/tsc', '--noEmit') },
  { name: 'unit tests', run: runUnitTests, report: UNIT },
  { name: 'build', run: readyBuild },
  { name: 'end-to-end tests', run: runEndToEndTests, report: END_TO_END },
];

async function readyBrowser() {
  const browser = await ensureChromium({ root: ROOT, log: say });
  if (browser.ok) say(`Chromium: ${browser.value.path} (${browser.value.source}).`);
  else complain(browser.error);
  return browser.ok;
}

function runUnitTests() {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT.file}`];
  return node('node_modules/vitest/vitest.mjs', 'run', ...reporters);
}

function runEndToEndTests() {
  return node('node_modules/@playwright/test/cli.js', 'test', '-c', 'e2e', '--reporter=list,json');
}

/**
 * Run a script with this Node, its output passing through, and give whether it ended well.
 *
 * @param {string} script relative to the root
 * @param {string[]} args
 * @returns {Promise<boolean>}
 */
function node(script, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' });
    const end = () => {
      child.kill('SIGTERM');
      process.exit(143);
    };
    process.once('SIGTERM', end);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGTERM', end);
      resolve(code === 0);
    });
  });
}

/** Run the steps up to the first that fails, and give its name, or null. */
async function firstFailure() {
  for (const { name, run } of STEPS) {
    const startedMs = performance.now();
    say(`\n— ${name}`);
    if (!(await run())) return name;
    say(`  ${name}: fine after ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  }
  return null;
}

async function countsSoFar() {
  const reports = STEPS.flatMap(({ report }) => (report && existsSync(report.file) ? [report] : []));
  return Promise.all(reports.map(async ({ file, counts }) => counts(await readFile(file, 'utf8'))));
}

async function test() {
  await rm(REPORTS, { recursive: true, force: true });
  await mkdir(REPORTS, { recursive: true });
  const failed = isNodeFine() ? await firstFailure() : 'Node';
  if (failed !== null)
    complain({ message: `npm test stops at: ${failed}.`, hint: 'What went wrong stands above.' });
  const { passed, failed: nFailed } = totalCounts(await countsSoFar(), failed === null);
  say(`\n${passed} passed, ${nFailed} failed`);
  return failed === null && nFailed === 0;
}

endWithParent();
process.chdir(ROOT);
const usesColour = process.stdout.isTTY === true && process.env.CI === undefined;
if (!usesColour) {
  // Node warns when both are set, unless FORCE_COLOR says 0.
  Object.assign(process.env, { NO_COLOR: '1', FORCE_COLOR: '0' });
}
Object.assign(process.env, { NEXT_TELEMETRY_DISABLED: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: END_TO_END.file });
process.exitCode = (await test()) ? 0 : 1;

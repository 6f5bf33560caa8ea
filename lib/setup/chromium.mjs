import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './console.mjs';
import { ran } from './engine-run.mjs';
import { isEntry, ROOT } from './project.mjs';

/**
 * @typedef {{ path: string, source: 'LEADBENCH_CHROMIUM' | 'system' | 'Playwright' }} Browser
 * @typedef {{ ok: true, value: Browser } | { ok: false, error: { code: string, message: string, hint: string } }} BrowserResult
 * @typedef {Readonly<Record<string, string | undefined>>} Env
 */

const VERSION_TIMEOUT_MS = 30_000;
const INSTALL_TIMEOUT_MS = 900_000;
const HINT =
  'Install Chromium or Chrome, run "npx playwright install chromium", or set LEADBENCH_CHROMIUM to the path of one.';

/** @type {Readonly<Record<string, readonly string[]>>} */
const SYSTEM_PATHS = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * Find a Chromium for the end-to-end tests and the benchmark, installing nothing: `LEADBENCH_CHROMIUM` (no fallback),
 * then the system's, then Playwright's own. Each is asked for its version once, because some distributions put a
 * script there that only says where the browser could be had.
 *
 * @param {{ env?: Env }} [options]
 * @returns {Promise<BrowserResult>}
 */
export async function findChromium({ env = process.env } = {}) {
  const named = env.LEADBENCH_CHROMIUM;
  if (named !== undefined && named !== '') {
    return (await runs(named))
      ? { ok: true, value: { path: named, source: 'LEADBENCH_CHROMIUM' } }
      : missing(`LEADBENCH_CHROMIUM names ${named}, which does not start.`);
  }
  for (const path of SYSTEM_PATHS[process.platform] ?? []) {
    if (await runs(path)) return { ok: true, value: { path, source: 'system' } };
  }
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  return (await runs(own))
    ? { ok: true, value: { path: own, source: 'Playwright' } }
    : missing('No Chromium was found on this machine.');
}

/**
 * Find a Chromium as `findChromium` does, or install one: Debian's package where this is root on such a system,
 * else Playwright's download. Says what it installs and why.
 *
 * @param {{ root: string, log: (line: string) => void, env?: Env }} options
 * @returns {Promise<BrowserResult>}
 */
export async function ensureChromium({ root, log, env = process.env }) {
  const found = await findChromium({ env });
  if (found.ok || env.LEADBENCH_CHROMIUM) return found;
  for (const install of [installFromDebian, installFromPlaywright]) {
    const isInstalled = await install({ root, log });
    const search = await findChromium({ env });
    if (isInstalled && search.ok) return search;
  }
  return missing('No Chromium was found on this machine, and none could be installed.');
}

/**
 * @param {string} message
 * @returns {BrowserResult}
 */
function missing(message) {
  return { ok: false, error: { code: 'chromium_missing', message, hint: HINT } };
}

/** @param {string} path */
async function runs(path) {
  if (!existsSync(path)) return false;
  // On Windows asking for the version would open a window.
  if (process.platform === 'win32') return true;
  return (await ran(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS })).ok;
}

/** @param {{ log: (line: string) => void }} context */
async function installFromDebian({ log }) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  log(
    'Chromium: installing the package chromium with apt-get, because the end-to-end tests run in a real browser.',
  );
  const options = {
    timeoutMs: INSTALL_TIMEOUT_MS,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const outcome = await ran('/usr/bin/apt-get', ['--quiet=2', ...args], options);
    if (!outcome.ok) {
      log(`Chromium: apt-get ${args[0]} failed (${outcome.stderr.split('\n').at(-1)}).`);
      return false;
    }
  }
  return true;
}

/** @param {{ root: string, log: (line: string) => void }} context */
async function installFromPlaywright({ root, log }) {
  log(
    "Chromium: downloading Playwright's own (about 170 MB), because the end-to-end tests run in a real browser.",
  );
  const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const args = [playwright, 'install', 'chromium'];
  const outcome = await ran(process.execPath, args, { timeoutMs: INSTALL_TIMEOUT_MS });
  if (!outcome.ok) log(`Chromium: the download failed (${outcome.stderr.split('\n')[0]}).`);
  return outcome.ok;
}

if (isEntry(import.meta.url)) {
  const browser = await ensureChromium({ root: ROOT, log: say });
  if (browser.ok) {
    say(`Chromium: ${browser.value.path} (${browser.value.source}).`);
  } else {
    process.stderr.write(`${browser.error.message} ${browser.error.hint}\n`);
    process.exitCode = 1;
  }
}

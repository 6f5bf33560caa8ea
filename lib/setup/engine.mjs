import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ran } from './engine-run.mjs';
import { faultOfCache, installWheel } from './engine-wheel.mjs';

/**
 * Where libxgboost lies. `path` is absolute, or a name that the system's loader resolves.
 *
 * @typedef {object} EngineLocation
 * @property {string} path
 * @property {'XGBOOST_LIB' | 'project cache' | 'system'} source
 * @property {string} version
 *
 * @typedef {{ ok: true, value: EngineLocation } | { ok: false, error: { code: string, message: string, hint: string } }} EngineResult
 * @typedef {import('./engine-wheel.mjs').EngineLock} EngineLock
 * @typedef {import('./engine-wheel.mjs').Environment} Environment
 * @typedef {(line: string) => void} Log
 */

const PROBE = fileURLToPath(new URL('./engine-probe.mjs', import.meta.url));
const LOCK = new URL('./xgboost.lock.json', import.meta.url);
const PROBE_TIMEOUT_MS = 30_000;
const APT_TIMEOUT_MS = 600_000;
const WITHOUT_IT = 'Everything but training works without it.';

/**
 * Find libxgboost, or install it into the project: `XGBOOST_LIB` (no fallback), the project's cache, the pinned
 * wheel, the system's library, Debian's package. Every candidate is loaded once in a process of its own.
 * What was found is recorded in `.native/engine.json`, where the server looks. Safe to call again, and at once
 * from several processes.
 *
 * @param {{ root: string, log: Log, env?: Environment }} options
 * @returns {Promise<EngineResult>}
 */
export async function ensureEngine({ root, log, env = process.env }) {
  const named = env.XGBOOST_LIB;
  if (named !== undefined && named !== '') return engineNamed(named);
  const native = join(root, '.native');
  const lock = /** @type {EngineLock} */ (JSON.parse(await readFile(LOCK, 'utf8')));
  /** @type {string[]} */
  const faults = [];
  for (const search of [engineOfWheel, engineOfSystem, engineOfDebian]) {
    const found = await search({ native, lock, log, env });
    if (found.ok) return { ok: true, value: await recorded(native, found.value) };
    faults.push(found.fault);
  }
  return {
    ok: false,
    error: {
      code: 'engine_missing',
      message: `The XGBoost library is not there and could not be installed: ${faults.join('; ')}.`,
      hint: `Install Python 3 with pip and run "npm run setup", or set XGBOOST_LIB to the path of libxgboost. ${WITHOUT_IT}`,
    },
  };
}

/**
 * @typedef {{ ok: true, value: EngineLocation } | { ok: false, fault: string }} Search
 * @typedef {{ native: string, lock: EngineLock, log: Log, env: Environment }} SearchContext
 */

/**
 * @param {string} path
 * @returns {Promise<EngineResult>}
 */
async function engineNamed(path) {
  /** @param {string} why */
  const refused = (why) => ({
    ok: /** @type {const} */ (false),
    error: {
      code: 'engine_unusable',
      message: `XGBOOST_LIB names ${path}, which cannot be used: ${why}.`,
      hint: 'Set XGBOOST_LIB to the absolute path of libxgboost 1.7 or newer, or unset it and run "npm run setup".',
    },
  });
  if (!isAbsolute(path)) return refused('the path is not absolute');
  if (!existsSync(path)) return refused('there is no such file');
  const probed = await probe(path);
  return probed.ok ? { ok: true, value: { ...probed.value, source: 'XGBOOST_LIB' } } : refused(probed.fault);
}

/**
 * @param {SearchContext} context
 * @returns {Promise<Search>}
 */
async function engineOfWheel({ native, lock, log, env }) {
  const platform = `${process.platform}-${process.arch}`;
  const pinned = lock.platforms[platform];
  if (pinned === undefined) return { ok: false, fault: `no wheel is pinned for ${platform}` };
  const folder = join(native, `xgboost-${lock.version}-${platform}`);
  if (existsSync(folder)) {
    const fault = await faultOfCache(folder, pinned);
    if (fault === null) return loadable(join(folder, pinned.library));
    log(`Engine: the copy in .native is damaged (${fault}); fetching it again.`);
    await rm(folder, { recursive: true, force: true });
  }
  if (process.platform === 'linux' && !hasGlibc228()) {
    return { ok: false, fault: 'the wheel needs glibc 2.28 or newer' };
  }
  log(
    `Engine: downloading XGBoost ${lock.version} (${pinned.package}, about 6 MB) into .native, because training needs libxgboost.`,
  );
  const fault = await installWheel({ lock, pinned, folder, env });
  if (fault !== null) {
    log(`Engine: ${fault}. Looking for another XGBoost.`);
    return { ok: false, fault };
  }
  return loadable(join(folder, pinned.library));
}

/**
 * @param {string} path
 * @returns {Promise<Search>}
 */
async function loadable(path) {
  const probed = await probe(path);
  if (probed.ok) return { ok: true, value: { ...probed.value, source: 'project cache' } };
  const advice = process.platform === 'darwin' ? ' (on macOS it needs "brew install libomp")' : '';
  return { ok: false, fault: `the pinned library does not load${advice}: ${probed.fault}` };
}

function hasGlibc228() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const [major = 0, minor = 0] = (report.header?.glibcVersionRuntime ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 28);
}

/**
 * @param {SearchContext} context
 * @returns {Promise<Search>}
 */
async function engineOfSystem({ log, env }) {
  for (const candidate of systemCandidates(env)) {
    if (isAbsolute(candidate) && !existsSync(candidate)) continue;
    const probed = await probe(candidate);
    if (!probed.ok) continue;
    log(
      `Engine: using the system's XGBoost ${probed.value.version}. Models may differ from those of the pinned version.`,
    );
    return { ok: true, value: { ...probed.value, source: 'system' } };
  }
  return { ok: false, fault: 'the system has no XGBoost 1.7 or newer' };
}

/** @param {Environment} env */
function systemCandidates(env) {
  const names =
    process.platform === 'darwin'
      ? ['libxgboost.dylib']
      : process.platform === 'win32'
        ? ['xgboost.dll']
        : ['libxgboost.so.3', 'libxgboost.so', 'libxgboost.so.0'];
  const folders = ['/usr/local/lib', '/opt/homebrew/lib', '/opt/local/lib'];
  if (env.CONDA_PREFIX) folders.unshift(join(env.CONDA_PREFIX, 'lib'));
  return [...names, ...folders.flatMap((folder) => names.map((name) => join(folder, name)))];
}

/**
 * @param {SearchContext} context
 * @returns {Promise<Search>}
 */
async function engineOfDebian(context) {
  const { log, env } = context;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    return { ok: false, fault: "Debian's libxgboost0 can be installed by root with apt-get only" };
  }
  log('Engine: installing the Debian package libxgboost0 with apt-get, because training needs libxgboost.');
  const options = { timeoutMs: APT_TIMEOUT_MS, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'libxgboost0']]) {
    const outcome = await ran('/usr/bin/apt-get', ['--quiet', ...args], options);
    if (!outcome.ok) {
      return { ok: false, fault: `apt-get ${args[0]} failed: ${outcome.stderr.split('\n').at(-1)}` };
    }
  }
  return engineOfSystem(context);
}

/**
 * @param {string} library
 * @returns {Promise<{ ok: true, value: { version: string, path: string } } | { ok: false, fault: string }>}
 */
async function probe(library) {
  const outcome = await ran(process.execPath, [PROBE, library], { timeoutMs: PROBE_TIMEOUT_MS });
  if (!outcome.ok) return { ok: false, fault: outcome.stderr.split('\n')[0] ?? '' };
  const { version, path } = JSON.parse(outcome.stdout);
  return { ok: true, value: { version: String(version), path: String(path) } };
}

/**
 * @param {string} native
 * @param {EngineLocation} location
 */
async function recorded(native, location) {
  const file = join(native, 'engine.json');
  const record = `${JSON.stringify(location, null, 2)}\n`;
  if (existsSync(file) && (await readFile(file, 'utf8')) === record) return location;
  await mkdir(native, { recursive: true });
  const scratch = `${file}.${randomUUID()}`;
  await writeFile(scratch, record);
  await rename(scratch, file);
  return location;
}

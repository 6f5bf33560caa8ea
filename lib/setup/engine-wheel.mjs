import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { ran } from './engine-run.mjs';

/**
 * A wheel pinned for one platform. `files` maps a path in the cache to the wheel's entry and its SHA-256.
 *
 * @typedef {object} PinnedWheel
 * @property {string} package
 * @property {string} pipPlatform
 * @property {string} wheel
 * @property {string} sha256
 * @property {string} library
 * @property {Record<string, { entry: string, sha256: string }>} files
 *
 * @typedef {object} EngineLock
 * @property {string} version
 * @property {string} pythonVersion
 * @property {Record<string, PinnedWheel>} platforms
 *
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 */

const DOWNLOAD_TIMEOUT_MS = 300_000;

const PIPS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['py', '-m', 'pip'], ['pip3'], ['pip']];

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Say what is wrong with an unpacked wheel: null when every file of the lock is there, byte for byte.
 *
 * @param {string} folder
 * @param {PinnedWheel} pinned
 * @returns {Promise<string | null>}
 */
export async function faultOfCache(folder, pinned) {
  for (const [path, { sha256: expected }] of Object.entries(pinned.files)) {
    const file = join(folder, path);
    if (!existsSync(file)) return `${path} is missing`;
    if (sha256(await readFile(file)) !== expected) return `${path} is not the pinned file`;
  }
  return null;
}

/**
 * Download the pinned wheel with whatever Python there is and unpack the library, what it links and its licence
 * into `folder`. The folder appears whole or not at all, also when two processes do this at once.
 *
 * @param {{ lock: EngineLock, pinned: PinnedWheel, folder: string, env: Environment }} options
 * @returns {Promise<string | null>} null when done, else why not
 */
export async function installWheel({ lock, pinned, folder, env }) {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const scratch = await mkdtemp(join(parent, '.download-'));
  try {
    const fault = await downloadWheel(lock, pinned, scratch, env);
    if (fault !== null) return fault;
    const bytes = await readFile(join(scratch, pinned.wheel));
    if (sha256(bytes) !== pinned.sha256) {
      return `the downloaded ${pinned.wheel} does not have the SHA-256 that lib/setup/xgboost.lock.json records`;
    }
    const unpacked = join(scratch, 'unpacked');
    await unpack(bytes, pinned, unpacked);
    return await publish(unpacked, folder, pinned);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {EngineLock} lock
 * @param {PinnedWheel} pinned
 * @param {string} into
 * @param {Environment} env
 */
async function downloadWheel(lock, pinned, into, env) {
  let fault = 'no Python with pip was found';
  for (const [command = '', ...prefix] of PIPS) {
    const outcome = await ran(
      command,
      [
        ...prefix,
        'download',
        `${pinned.package}==${lock.version}`,
        '--no-deps',
        '--only-binary=:all:',
        `--python-version=${lock.pythonVersion}`,
        `--platform=${pinned.pipPlatform}`,
        '--disable-pip-version-check',
        '--no-input',
        '--quiet',
        `--dest=${into}`,
      ],
      { timeoutMs: DOWNLOAD_TIMEOUT_MS, env },
    );
    if (outcome.ok && existsSync(join(into, pinned.wheel))) return null;
    if (outcome.found && !/No module named '?pip/.test(outcome.stderr)) {
      fault = `${[command, ...prefix].join(' ')} could not download ${pinned.package} ${lock.version}: ${lastLine(outcome.stderr)}`;
    }
  }
  return fault;
}

/** @param {string} text */
const lastLine = (text) => text.trim().split('\n').at(-1) || 'it said nothing';

/**
 * @param {Uint8Array} bytes
 * @param {PinnedWheel} pinned
 * @param {string} folder
 */
async function unpack(bytes, pinned, folder) {
  const wanted = new Set(Object.values(pinned.files).map((file) => file.entry));
  const entries = unzipSync(bytes, { filter: (file) => wanted.has(file.name) });
  // The names written come from the lock, never from the archive.
  for (const [path, { entry }] of Object.entries(pinned.files)) {
    const content = entries[entry];
    if (content === undefined) throw new Error(`${pinned.wheel} holds no ${entry}`);
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o755 });
  }
}

/**
 * @param {string} unpacked
 * @param {string} folder
 * @param {PinnedWheel} pinned
 */
async function publish(unpacked, folder, pinned) {
  const fault = await faultOfCache(unpacked, pinned);
  if (fault !== null) return `after unpacking ${pinned.wheel}, ${fault}`;
  try {
    await rename(unpacked, folder);
  } catch (error) {
    // Another process was faster; what it left must be whole.
    if ((await faultOfCache(folder, pinned)) !== null) throw error;
  }
  return null;
}

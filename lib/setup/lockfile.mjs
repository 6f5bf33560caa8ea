import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complain, say } from './console.mjs';
import { ran } from './engine-run.mjs';
import { isEntry, ROOT } from './project.mjs';

/**
 * The lock file must name the optional binaries of every platform, or `npm ci` fails on the others. npm leaves out the
 * ones that it could not reach when it wrote the lock; this module says which are missing and puts them in.
 *
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {readonly string[]} [os]
 * @property {readonly string[]} [cpu]
 * @property {readonly string[]} [libc]
 * @property {string} [license]
 * @property {Readonly<Record<string, string>>} [engines]
 * @property {Readonly<Record<string, string>>} [optionalDependencies]
 *
 * @typedef {Record<string, LockEntry>} LockPackages by folder, for example `node_modules/next`
 * @typedef {{ name: string, version: string, parent: string, isDev: boolean }} MissingPackage
 */

const NODE_MODULES = 'node_modules/';
const VIEW_TIMEOUT_MS = 60_000;

/**
 * List the exact-version optional dependencies that a lock lacks, in its own order.
 *
 * @param {LockPackages} packages
 * @returns {MissingPackage[]}
 */
export function missingOptionals(packages) {
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(
        ([name, version]) =>
          /^\d+\.\d+\.\d+/.test(version) && resolvedFolder(packages, parent, name) === null,
      )
      .map(([name, version]) => ({ name, version, parent, isDev: entry.dev === true })),
  );
}

/**
 * Name what is wrong with a lock, one sentence each: missing binaries of other platforms, and addresses of the
 * machine that wrote it.
 *
 * @param {LockPackages} packages
 * @returns {string[]}
 */
export function lockFaults(packages) {
  const missing = missingOptionals(packages).map(
    ({ name, version, parent }) =>
      `package-lock.json lacks ${name} ${version}, which ${parent} needs on another platform.`,
  );
  const addressed = Object.entries(packages)
    .filter(([, entry]) => entry.resolved !== undefined)
    .map(([folder]) => `package-lock.json names the address that ${folder} was fetched from.`);
  return [...missing, ...addressed];
}

/**
 * Read the platform of a prebuilt binary from its package name, as the ecosystem writes it
 * (`…-linux-arm64-musl`, `…-win32-x64-msvc`).
 *
 * @param {string} name
 * @returns {{ os: [string], cpu: [string], libc?: [string] }}
 * @throws When the name ends in no platform
 * @example platformOfName('@next/swc-linux-x64-gnu') // { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }
 */
export function platformOfName(name) {
  const match =
    /[-/](android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-(gnu|musl|msvc|gnueabihf|musleabihf|eabi))?$/.exec(
      name,
    );
  const [, os, cpu, abi] = match ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not say which platform it is for`);
  if (os !== 'linux' || abi === undefined) return { os: [os], cpu: [cpu] };
  return { os: [os], cpu: [cpu], libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] };
}

/**
 * Give the lock with an entry for every missing optional dependency, its packages sorted as npm sorts them.
 *
 * @param {LockPackages} packages
 * @param {(missing: MissingPackage) => Promise<LockEntry>} platformOf gives `os`, `cpu`, `libc` and, where known, `integrity`
 * @returns {Promise<LockPackages>}
 */
export async function completedPackages(packages, platformOf) {
  const completed = { ...packages };
  for (const missing of missingOptionals(packages)) {
    const top = `${NODE_MODULES}${missing.name}`;
    const folder = top in completed ? `${missing.parent}/${top}` : top;
    const { integrity, cpu, libc, license, os, engines } = await platformOf(missing);
    // In npm's own order of fields, so that npm finds nothing to rewrite.
    completed[folder] = {
      version: missing.version,
      ...(integrity === undefined ? {} : { integrity }),
      cpu,
      ...(missing.isDev ? { dev: true } : {}),
      ...(libc === undefined ? {} : { libc }),
      ...(license === undefined ? {} : { license }),
      optional: true,
      os,
      ...(engines === undefined ? {} : { engines }),
    };
  }
  return Object.fromEntries(Object.entries(completed).sort(([a], [b]) => a.localeCompare(b, 'en')));
}

/**
 * Find the folder from which Node would load a package, as seen from another: the nearest `node_modules` going up.
 *
 * @param {LockPackages} packages
 * @param {string} parent
 * @param {string} name
 */
function resolvedFolder(packages, parent, name) {
  for (let at = parent; ; at = at.slice(0, Math.max(0, at.lastIndexOf(NODE_MODULES) - 1))) {
    const folder = `${at === '' ? '' : `${at}/`}${NODE_MODULES}${name}`;
    if (folder in packages) return folder;
    if (at === '') return null;
  }
}

/**
 * Ask the registry in use about a package; where it does not know it, its name has to do.
 *
 * @param {MissingPackage} missing
 * @returns {Promise<LockEntry>}
 */
async function describeByRegistry({ name, version }) {
  const fields = ['os', 'cpu', 'libc', 'engines', 'license', 'dist.integrity'];
  const args = ['view', `${name}@${version}`, ...fields, '--json'];
  const viewed = await ran('npm', args, { timeoutMs: VIEW_TIMEOUT_MS });
  if (!viewed.ok || viewed.stdout.trim() === '') return platformOfName(name);
  const { 'dist.integrity': integrity, ...entry } = JSON.parse(viewed.stdout);
  return { ...platformOfName(name), integrity, ...entry };
}

/** @param {string} root */
async function completeLock(root) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8'));
  const missing = missingOptionals(lock.packages);
  for (const { name, version } of missing) say(`Lock file: adding ${name} ${version}.`);
  lock.packages = await completedPackages(lock.packages, describeByRegistry);
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  say(`Lock file: ${missing.length} entries added.`);
}

/** @param {string} root */
async function checkLock(root) {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const faults = lockFaults(packages);
  for (const fault of faults) complain({ message: fault, hint: 'Run "node lib/setup/lockfile.mjs".' });
  if (faults.length > 0) process.exitCode = 1;
  else say('Lock file: whole, for every platform.');
}

if (isEntry(import.meta.url)) {
  await (process.argv.includes('--check') ? checkLock(ROOT) : completeLock(ROOT));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complain, say } from './console.mjs';
import { isEntry, ROOT } from './project.mjs';

/**
 * @typedef {{ name: string, floor: string, mayBeAbsent: boolean }} Floor
 * @typedef {Readonly<Record<string, { version?: string }>>} LockPackages by folder
 */

/**
 * Name every package of a lock that lies below its floor, at any depth, and every one that should be there and is not.
 *
 * @param {LockPackages} packages
 * @param {readonly Floor[]} floors
 * @returns {string[]} one sentence each
 */
export function floorFaults(packages, floors) {
  return floors.flatMap(({ name, floor, mayBeAbsent }) => {
    const copies = Object.entries(packages).filter(
      ([folder]) => folder === `node_modules/${name}` || folder.endsWith(`/node_modules/${name}`),
    );
    if (copies.length === 0) return mayBeAbsent ? [] : [`${name} is not in package-lock.json.`];
    return copies
      .filter(([, { version = '0.0.0' }]) => isBelow(version, floor))
      .map(([folder, { version }]) => `${folder} is ${version}, below the floor of ${floor}.`);
  });
}

/**
 * Tell whether a version is lower than another: by number, a pre-release before its release.
 *
 * @param {string} version
 * @param {string} floor a release, for example `16.4.6`
 */
export function isBelow(version, floor) {
  const [release = '', preRelease] = version.split('-', 2);
  const numbers = release.split('.').map(Number);
  const wanted = floor.split('.').map(Number);
  for (const [i, least] of wanted.entries()) {
    const number = numbers[i] ?? 0;
    if (number !== least) return number < least;
  }
  return preRelease !== undefined;
}

if (isEntry(import.meta.url)) {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  const floors = JSON.parse(await readFile(new URL('./floors.json', import.meta.url), 'utf8'));
  const faults = floorFaults(packages, floors.packages);
  for (const fault of faults)
    complain({ message: fault, hint: 'Raise it in package.json and run npm install.' });
  if (faults.length > 0) process.exitCode = 1;
  else
    say(
      `Floors: ${floors.packages.length} packages at or above the versions checked on ${floors.checkedOn}.`,
    );
}

// Loads one library in a process of its own, so that a library that crashes or hangs on load costs nothing.
// Usage: node engine-probe.mjs <path or name>. Prints { version, path } as JSON.
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import koffi from 'koffi';

const OLDEST_MINOR_OF_1 = 7;

/**
 * Turn the name of a loaded library into its path, where the system tells (Linux).
 *
 * @param {string} name
 */
function loadedPath(name) {
  if (isAbsolute(name) || process.platform !== 'linux') return name;
  const line = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .find((l) => l.includes('libxgboost'));
  return line === undefined ? name : line.slice(line.indexOf('/'));
}

const name = process.argv[2] ?? '';
try {
  const library = koffi.load(name);
  /** @type {[number]} */ const major = [0];
  /** @type {[number]} */ const minor = [0];
  /** @type {[number]} */ const patch = [0];
  library.func('void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)')(
    major,
    minor,
    patch,
  );
  const version = `${major[0]}.${minor[0]}.${patch[0]}`;
  if (major[0] < 1 || (major[0] === 1 && minor[0] < OLDEST_MINOR_OF_1)) {
    throw new Error(`it is XGBoost ${version}, and 1.7 or newer is needed`);
  }
  process.stdout.write(JSON.stringify({ version, path: loadedPath(name) }));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

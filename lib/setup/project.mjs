import { fileURLToPath, pathToFileURL } from 'node:url';

/** Root folder of the project, absolute. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Tell whether a module is the script that Node was asked to run, rather than imported by another.
 *
 * @param {string} moduleUrl `import.meta.url` of the module
 */
export function isEntry(moduleUrl) {
  const script = process.argv[1];
  return script !== undefined && pathToFileURL(script).href === moduleUrl;
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Hash the files that a build is made from: every file under the given folders and each given file, by path and
 * content, in a fixed order. Tests do not count, and what is missing counts as missing.
 *
 * @param {string} root
 * @param {readonly string[]} paths relative to the root
 */
export async function sourcesDigest(root, paths) {
  const hash = createHash('sha256');
  for (const path of (await Promise.all(paths.map((each) => filesUnder(root, each)))).flat().sort()) {
    hash.update(`${path}\0`);
    hash.update(await readFile(join(root, path)));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function filesUnder(root, path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if ((await stat(absolute)).isFile()) return [path];
  const entries = await readdir(absolute, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.(?:ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

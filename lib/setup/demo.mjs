import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ran } from './engine-run.mjs';
import { sourcesDigest } from './sources-digest.mjs';

/** The demo list is always this one: the generator is deterministic. */
const DEMO = { subscribers: 19_919, seed: 42 };
const GENERATOR_SOURCES = ['lib/demo', 'lib/server/demo-file.ts', 'lib/core'];
const GENERATE_TIMEOUT_MS = 120_000;

/**
 * Make `data/crm_database.sqlite` with the project's own generator, unless it is there. One that an older generator
 * made is made again; any other file of that name is left alone. Needs the bundles.
 *
 * @param {{ root: string, log: (line: string) => void }} options
 * @throws When the generator fails, with its own words
 */
export async function ensureDemo({ root, log }) {
  const file = join(root, 'data', 'crm_database.sqlite');
  const mark = join(root, '.build', 'leadbench-demo.json');
  const sources = await sourcesDigest(root, GENERATOR_SOURCES);
  if (existsSync(file) && !(await isOutdated(file, mark, sources))) return;
  log(
    `Demo: making data/crm_database.sqlite (${DEMO.subscribers.toLocaleString('en')} invented subscribers).`,
  );
  await mkdir(join(root, 'data'), { recursive: true });
  const { subscribers, seed } = DEMO;
  const words = ['generate', '--out', file, '--subscribers', `${subscribers}`, '--seed', `${seed}`];
  const cli = join(root, '.build', 'cli.mjs');
  const made = await ran(process.execPath, [cli, ...words], { timeoutMs: GENERATE_TIMEOUT_MS });
  if (!made.ok) throw new Error(`The demo CRM could not be made: ${made.stderr}`);
  await writeFile(mark, `${JSON.stringify({ sources, file: await digestOf(file) })}\n`);
}

/**
 * @param {string} file
 * @param {string} mark
 * @param {string} sources
 */
async function isOutdated(file, mark, sources) {
  if (!existsSync(mark)) return false;
  const made = JSON.parse(await readFile(mark, 'utf8'));
  return made.sources !== sources && made.file === (await digestOf(file));
}

/** @param {string} file */
async function digestOf(file) {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ran } from './engine-run.mjs';

/** The demo list is always this one: the generator is deterministic. */
export const DEMO = { subscribers: 19_919, seed: 42 };

const GENERATE_TIMEOUT_MS = 120_000;

/**
 * Make `data/crm_database.sqlite` with the project's own generator, unless it is there. Needs the bundles.
 *
 * @param {{ root: string, log: (line: string) => void }} options
 * @throws When the generator fails, with its own words
 */
export async function ensureDemo({ root, log }) {
  const file = join(root, 'data', 'crm_database.sqlite');
  if (existsSync(file)) return;
  log(
    `Demo: making data/crm_database.sqlite (${DEMO.subscribers.toLocaleString('en')} invented subscribers).`,
  );
  await mkdir(join(root, 'data'), { recursive: true });
  const scratch = `${file}.${process.pid}.partial`;
  const { subscribers, seed } = DEMO;
  const words = ['generate', '--out', scratch, '--subscribers', `${subscribers}`, '--seed', `${seed}`];
  const cli = join(root, '.build', 'cli.mjs');
  const made = await ran(process.execPath, [cli, ...words], { timeoutMs: GENERATE_TIMEOUT_MS });
  if (!made.ok) {
    await rm(scratch, { force: true });
    throw new Error(`The demo CRM could not be made: ${made.stderr}`);
  }
  // Under its name only when whole, so that an interrupted start leaves no half file.
  await rename(scratch, file);
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Run a command of the built command line, as `npm run leadbench -- …` does. @throws With its output when it fails. */
export async function leadbench(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['.build/cli.mjs', ...words], {
    cwd: ROOT,
    timeout: 90_000,
  });
  return stdout;
}

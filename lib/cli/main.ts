import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consoleSink } from './console-sink';
import { runCli, saidAtEnd } from './run-cli';

/** The folder of this bundle, beside which the engine process lies. */
const bundleFolder = dirname(fileURLToPath(import.meta.url));

/** The nearest folder upwards with a package.json: the project's. */
function projectFolder(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new Error(`No package.json above ${bundleFolder}`);
  return projectFolder(above);
}

const words = process.argv.slice(2);
const endWithFault = () => {
  process.exitCode ||= 2;
};
// Nothing more can be said where standard error itself fails.
const stderr = consoleSink(process.stderr, endWithFault);
const stdout = consoleSink(process.stdout, (code) => {
  stderr.write(
    `leadbench: Standard output could not be written (${code}). Free some space for it; what was done is done.\n`,
  );
  endWithFault();
});

// Whatever is thrown where nobody waits for it.
process.on('uncaughtException', (error) => {
  process.exit(saidAtEnd(error, { stderr, isVerbose: words.includes('--verbose') }).exitCode);
});

const exitCode = await runCli(words, {
  root: projectFolder(bundleFolder),
  engineChildPath: join(bundleFolder, 'engine-child.mjs'),
  env: process.env,
  stdout,
  stderr,
});
// The program ends by itself when all is written.
if (exitCode !== 0) process.exitCode = exitCode;

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consoleSink } from './console-sink';
import { runCli } from './run-cli';

/** The folder of this bundle, beside which the engine process lies. */
const bundleFolder = dirname(fileURLToPath(import.meta.url));

/** The nearest folder upwards with a package.json: the project's. */
function projectFolder(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new Error(`No package.json above ${bundleFolder}`);
  return projectFolder(above);
}

process.exitCode = await runCli(process.argv.slice(2), {
  root: projectFolder(bundleFolder),
  engineChildPath: join(bundleFolder, 'engine-child.mjs'),
  env: process.env,
  stdout: consoleSink(process.stdout),
  stderr: consoleSink(process.stderr),
});

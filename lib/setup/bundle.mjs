import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CODE_VARIABLE, codeDigest } from './code-version.mjs';

/**
 * What runs in Node outside of Next, by the name of its bundle in `.build/`.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const NODE_ENTRIES = {
  'engine-child': 'lib/server/xgboost/engine-child.ts',
  'score-child': 'lib/server/scoring/score-child.ts',
  cli: 'lib/cli/main.ts',
  server: 'lib/server/web/main.ts',
  bench: 'bench/main.ts',
  'study-process': 'bench/study-process.ts',
};

/** Found in node_modules at run time: native code, WebAssembly beside its script, or Next's own business. */
const EXTERNAL = [
  'next',
  'koffi',
  'react',
  'react-dom',
  'esbuild',
  'fsevents',
  'onnxruntime-web',
  'sql.js',
  '@playwright/test',
];

/**
 * Bundle every entry whose source is there into `.build/<name>.mjs` (ESM for Node 20 and newer).
 *
 * @param {{ root: string, names?: readonly string[], outdir?: string }} options `names` restricts the entries; `outdir` must lie within the project, so that node_modules is found
 */
export async function bundleNode({ root, names = Object.keys(NODE_ENTRIES), outdir = join(root, '.build') }) {
  const entryPoints = Object.entries(NODE_ENTRIES)
    .filter(([name, source]) => names.includes(name) && existsSync(join(root, source)))
    .map(([name, source]) => ({ in: join(root, source), out: name }));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    // Prefer ES modules, whose unused parts are left out.
    mainFields: ['module', 'main'],
    target: 'node20',
    format: 'esm',
    alias: { '@': root },
    define: { [`process.env.${CODE_VARIABLE}`]: JSON.stringify(await codeDigest(root)) },
    external: EXTERNAL.flatMap((name) => [name, `${name}/*`]),
    // Bundled CommonJS packages call require for Node's own modules.
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  await mkdir(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) {
    // Renamed into place, so that a process that starts meanwhile never reads half a bundle.
    const partial = `${path}.${process.pid}.partial`;
    await writeFile(partial, contents);
    await rename(partial, path);
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readControlFile } from '@/lib/server/control/control-file';
import { homeAt } from '@/lib/server/storage/home';
import { takeHome } from '@/lib/server/storage/home-lock';
import { bundleNode } from '@/lib/setup/bundle.mjs';
import { projectRoot } from '@/lib/testing/engine';

let folder: string;
let outdir: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadbench-main-'));
  const build = join(projectRoot, '.build');
  mkdirSync(build, { recursive: true });
  // Within the project, so that the bundle finds next in node_modules.
  outdir = mkdtempSync(join(build, 'test-'));
  await bundleNode({ root: projectRoot, names: ['server'], outdir });
}, 60_000);
afterAll(() => {
  for (const path of [folder, outdir]) rmSync(path, { recursive: true, force: true });
});

/** Start a server on a home, which must refuse to run, and give its end. */
async function refused(home: string) {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [join(outdir, 'server.mjs'), '--port', '0'], {
    cwd: projectRoot,
    env: { ...process.env, LEADBENCH_HOME: home, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => {
    said.stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    said.stderr += piece;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, ...said, elapsedMs: performance.now() - startedAtMs };
}

describe('the server', () => {
  it('is refused a folder that another Leadbench works on, which goes on undisturbed', async () => {
    const home = join(folder, 'held');
    mkdirSync(home);
    const lock = await takeHome(home);
    if (!lock.ok) throw new Error(lock.error.message);
    lock.value.announce('http://127.0.0.1:4711');
    const { exitCode, stdout, stderr } = await refused(home);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        `The folder ${home} is in use by the Leadbench that runs at http://127.0.0.1:4711 (process ${process.pid}). ` +
        'Use that one, end it, or choose another folder (LEADBENCH_HOME, --out).\n',
    });
    expect(await readControlFile(homeAt(home))).toBeNull();
    await lock.value.release();
  });

  it('says at once which folder it cannot write to', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { exitCode, stdout, stderr, elapsedMs } = await refused(join(file, 'home'));
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        `Leadbench cannot write to its folder ${file}/home: it lies under a file. ` +
        'Make the folder writable or set LEADBENCH_HOME to one that is, then start again.\n',
    });
    // Two seconds on a machine that does nothing else; most of it is Node and Next being loaded.
    expect(elapsedMs).toBeLessThan(10_000);
  });
});

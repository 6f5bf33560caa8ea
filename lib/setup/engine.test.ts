import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '@/lib/testing/engine';
import { ensureEngine } from './engine.mjs';
import { type EngineLock, faultOfCache, installWheel, type PinnedWheel } from './engine-wheel.mjs';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (text: string) => new TextEncoder().encode(text);

const LIBRARY = bytesOf('library');
const LICENCE = bytesOf('licence');
const WHEEL = zipSync({
  'xgboost/lib/libxgboost.so': LIBRARY,
  'xgboost_cpu-1.dist-info/licenses/LICENSE': LICENCE,
  'xgboost/core.py': bytesOf('not wanted'),
});

const PINNED: PinnedWheel = {
  package: 'xgboost-cpu',
  pipPlatform: 'manylinux_2_28_x86_64',
  wheel: 'wheel.whl',
  sha256: sha256(WHEEL),
  library: 'xgboost/lib/libxgboost.so',
  files: {
    'xgboost/lib/libxgboost.so': { entry: 'xgboost/lib/libxgboost.so', sha256: sha256(LIBRARY) },
    LICENSE: { entry: 'xgboost_cpu-1.dist-info/licenses/LICENSE', sha256: sha256(LICENCE) },
  },
};
const LOCK: EngineLock = { version: '1', pythonVersion: '3.12', platforms: { here: PINNED } };

/** An environment whose only Python is a script that leaves `wheel` where pip is told to. */
async function environmentWithPip(name: string, wheel: Uint8Array): Promise<Record<string, string>> {
  const bin = join(folder, name);
  await mkdir(bin);
  await writeFile(join(bin, 'wheel.whl'), wheel);
  const script = join(bin, 'python3');
  await writeFile(
    script,
    `#!${process.execPath}
const { copyFileSync } = require('node:fs');
const target = process.argv.find((word) => word.startsWith('--dest=')).slice(7);
copyFileSync(${JSON.stringify(join(bin, 'wheel.whl'))}, target + '/wheel.whl');
`,
  );
  await chmod(script, 0o755);
  return { PATH: bin };
}

describe('ensureEngine', () => {
  it('finds a library that loads, and records where', async () => {
    const env = { ...process.env, XGBOOST_LIB: undefined };
    const found = await ensureEngine({ root: projectRoot, log: console.warn, env });
    expect(found).toMatchObject({ ok: true });
    const record: unknown = JSON.parse(await readFile(join(projectRoot, '.native', 'engine.json'), 'utf8'));
    expect(record).toEqual(found.ok ? found.value : null);
  });

  it('says nothing and changes nothing when the library is there', async () => {
    const lines: string[] = [];
    const options = { root: projectRoot, log: (line: string) => lines.push(line) };
    expect(await ensureEngine(options)).toEqual(await ensureEngine(options));
    expect(lines).toEqual([]);
  });

  it.each([
    ['lib/libxgboost.so', 'the path is not absolute'],
    ['/nowhere/libxgboost.so', 'there is no such file'],
    [join(projectRoot, 'package.json'), 'Failed to load shared library'],
  ])('refuses XGBOOST_LIB=%s without looking elsewhere', async (path, reason) => {
    const found = await ensureEngine({
      root: folder,
      log: () => {
        throw new Error('nothing is to be installed');
      },
      env: { ...process.env, XGBOOST_LIB: path },
    });
    expect(found).toMatchObject({
      ok: false,
      error: { code: 'engine_unusable', message: expect.stringContaining(reason) },
    });
    expect(existsSync(join(folder, '.native'))).toBe(false);
  });
});

describe('installWheel', () => {
  it('leaves the library and its licence, nothing else', async () => {
    const target = join(folder, 'good', 'xgboost-1');
    const env = await environmentWithPip('good-pip', WHEEL);
    expect(await installWheel({ lock: LOCK, pinned: PINNED, folder: target, env })).toBeNull();
    expect((await readdir(target, { recursive: true })).sort()).toEqual([
      'LICENSE',
      'xgboost',
      'xgboost/lib',
      'xgboost/lib/libxgboost.so',
    ]);
    expect(await faultOfCache(target, PINNED)).toBeNull();
    expect(await readdir(join(folder, 'good'))).toEqual(['xgboost-1']);
  });

  it('installs once when two processes begin at the same time', async () => {
    const target = join(folder, 'twice', 'xgboost-1');
    const env = await environmentWithPip('twice-pip', WHEEL);
    const options = { lock: LOCK, pinned: PINNED, folder: target, env };
    expect(await Promise.all([installWheel(options), installWheel(options)])).toEqual([null, null]);
    expect(await readdir(join(folder, 'twice'))).toEqual(['xgboost-1']);
  });

  it('refuses a wheel with another digest and leaves nothing behind', async () => {
    const target = join(folder, 'bad', 'xgboost-1');
    const env = await environmentWithPip(
      'bad-pip',
      zipSync({ 'xgboost/lib/libxgboost.so': bytesOf('other') }),
    );
    expect(await installWheel({ lock: LOCK, pinned: PINNED, folder: target, env })).toContain('SHA-256');
    expect(await readdir(join(folder, 'bad'))).toEqual([]);
  });

  it('says so when there is no Python', async () => {
    const target = join(folder, 'none', 'xgboost-1');
    const env = { PATH: join(folder, 'nowhere') };
    expect(await installWheel({ lock: LOCK, pinned: PINNED, folder: target, env })).toBe(
      'no Python with pip was found',
    );
  });
});

describe('faultOfCache', () => {
  it('names the file that is missing or was changed', async () => {
    const cache = join(folder, 'cache');
    await mkdir(join(cache, 'xgboost', 'lib'), { recursive: true });
    await writeFile(join(cache, 'LICENSE'), LICENCE);
    expect(await faultOfCache(cache, PINNED)).toBe('xgboost/lib/libxgboost.so is missing');
    await writeFile(join(cache, 'xgboost', 'lib', 'libxgboost.so'), 'changed');
    expect(await faultOfCache(cache, PINNED)).toBe('xgboost/lib/libxgboost.so is not the pinned file');
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, projectRoot, type TestEngine } from '@/lib/testing/engine';
import { engineInfo } from './engine-info';
import { locateEngine } from './engine-location';

let testEngine: TestEngine;
let folder: string;

beforeAll(async () => {
  testEngine = await openTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'engine-info-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await testEngine.close();
});

describe('engineInfo', () => {
  const onLog = () => {};

  it('tells version, path, source and features', async () => {
    const { engine, childPath } = testEngine;
    const info = await engineInfo({ childPath, engine, onLog });
    expect(info).toMatchObject({
      ok: true,
      value: { ...engine, version: expect.stringMatching(/^\d+\.\d+\.\d+$/), features: { USE_OPENMP: true } },
    });
  });

  it('fails in plain words where there is no library', async () => {
    const engine = { path: join(folder, 'libxgboost.so'), source: 'system' } as const;
    expect(await engineInfo({ childPath: testEngine.childPath, engine, onLog })).toMatchObject({
      ok: false,
      error: { code: 'engine_unusable', hint: expect.stringContaining('npm run setup') },
    });
  });

  it('survives a library that takes its process along', async () => {
    const childPath = join(folder, 'crash.mjs');
    await writeFile(childPath, `process.on('message', () => process.kill(process.pid, 'SIGSEGV'));`);
    expect(await engineInfo({ childPath, engine: testEngine.engine, onLog })).toMatchObject({
      ok: false,
      error: { code: 'engine_unusable', message: expect.stringContaining('SIGSEGV') },
    });
  });
});

describe('locateEngine', () => {
  it('finds what setup recorded', async () => {
    expect(await locateEngine({ root: projectRoot, env: {} })).toMatchObject({
      ok: true,
      value: { source: expect.stringMatching(/project cache|system/) },
    });
  });

  it('takes XGBOOST_LIB before any record, and nothing in its place', async () => {
    const path = join(folder, 'mine.so');
    await writeFile(path, '');
    expect(await locateEngine({ root: projectRoot, env: { XGBOOST_LIB: path } })).toEqual({
      ok: true,
      value: { path, source: 'XGBOOST_LIB' },
    });
    for (const XGBOOST_LIB of [join(folder, 'none.so'), 'mine.so']) {
      expect(await locateEngine({ root: projectRoot, env: { XGBOOST_LIB } })).toMatchObject({
        ok: false,
        error: { code: 'engine_unusable', message: expect.stringContaining(XGBOOST_LIB) },
      });
    }
  });

  it('names the command where nothing was installed, or it is gone', async () => {
    const missing = {
      ok: false,
      error: { code: 'engine_missing', hint: expect.stringContaining('npm run setup') },
    };
    expect(await locateEngine({ root: folder, env: {} })).toMatchObject(missing);
    await mkdir(join(folder, '.native'));
    const record = { version: '3.4.1', path: join(folder, 'gone.so'), source: 'project cache' };
    await writeFile(join(folder, '.native', 'engine.json'), JSON.stringify(record));
    expect(await locateEngine({ root: folder, env: {} })).toMatchObject(missing);
  });
});

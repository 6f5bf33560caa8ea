import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Result, succeed } from '@/lib/core/result';
import { type Home, homeAt, prepareHome } from '@/lib/server/storage/home';
import { valuesBySeries } from '@/lib/testing/exposition';
import { createOperations } from './operations';
import { createStorageProbe } from './storage-probe';

let root: string;
let home: Home;
let nowMs: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'leadbench-operations-'));
  home = homeAt(root);
  nowMs = 0;
  await prepareHome(home);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const FAULT = { code: 'journal_taken', message: 'Another process wrote.', hint: 'Stop it.' };

function operations(options: { readonly savingFault?: () => typeof FAULT | null } = {}) {
  return createOperations({
    version: '0.1.0',
    home: async () => succeed(home),
    elapsed: () => nowMs,
    ...options,
  });
}

/** What readiness says: 'ready' or the failure's code. */
async function readiness(of: ReturnType<typeof operations>): Promise<string> {
  const ready = await of.readiness();
  return ready.ok ? 'ready' : ready.error.code;
}

async function series(of: ReturnType<typeof operations>, name: string): Promise<number | undefined> {
  return valuesBySeries(await of.metrics.exposition()).get(name);
}

describe('createOperations', () => {
  it('is ready while the home folder takes what is written, and leaves nothing there', async () => {
    const running = operations();
    expect(await readiness(running)).toBe('ready');
    expect(await series(running, 'leadbench_storage_writable')).toBe(1);
    expect(await series(running, 'leadbench_storage_free_bytes')).toBeGreaterThan(0);
    expect(await readdir(home.studiesFolder)).toEqual([]);
  });

  it('is not ready while the folder is gone, and ready again when it is back', async () => {
    const running = operations();
    expect(await readiness(running)).toBe('ready');
    await rename(home.studiesFolder, `${home.studiesFolder}-away`);
    nowMs += 1000;
    expect(await running.readiness()).toEqual({
      ok: false,
      error: {
        code: 'home_not_writable',
        message: 'Leadbench cannot save to its folder (ENOENT).',
        hint: 'Put the folder back and make it writable; what was saved before is kept.',
      },
    });
    expect(await series(running, 'leadbench_storage_writable')).toBe(0);
    await rename(`${home.studiesFolder}-away`, home.studiesFolder);
    nowMs += 1000;
    expect(await readiness(running)).toBe('ready');
    expect(await series(running, 'leadbench_storage_writable')).toBe(1);
  });

  it('is not ready while the study service says that it cannot save', async () => {
    let fault: typeof FAULT | null = FAULT;
    const running = operations({ savingFault: () => fault });
    expect(await running.readiness()).toEqual({ ok: false, error: FAULT });
    fault = null;
    expect(await readiness(running)).toBe('ready');
  });

  it('says why the home could not be made ready', async () => {
    const unready: Result<Home> = { ok: false, error: { ...FAULT, code: 'home_not_writable' } };
    const running = createOperations({ version: '1', home: async () => unready, elapsed: () => 0 });
    expect(await readiness(running)).toBe('home_not_writable');
    expect(await series(running, 'leadbench_storage_writable')).toBe(0);
    expect(await series(running, 'leadbench_storage_free_bytes')).toBeUndefined();
  });

  it('counts datasets, and nothing that is not one', async () => {
    await writeFile(home.datasetPath('a'.repeat(64)), Buffer.alloc(1000));
    await writeFile(home.datasetPath('b'.repeat(64)), Buffer.alloc(500));
    await writeFile(join(home.datasetsFolder, '.1-x.tmp'), Buffer.alloc(9));
    const running = operations();
    expect(await series(running, 'leadbench_datasets')).toBe(2);
    expect(await series(running, 'leadbench_datasets_size_bytes')).toBe(1500);
    await rm(home.datasetsFolder, { recursive: true });
    nowMs += 1000;
    await running.readiness();
    expect(await series(running, 'leadbench_datasets')).toBe(0);
    await writeFile(home.datasetsFolder, 'no folder');
    nowMs += 1000;
    await running.readiness();
    expect(await series(running, 'leadbench_datasets')).toBeUndefined();
  });
});

describe('createStorageProbe', () => {
  it('writes once for all who ask within a second', async () => {
    let nAsked = 0;
    const probe = createStorageProbe({
      home: async () => {
        nAsked += 1;
        return succeed(home);
      },
      elapsed: () => nowMs,
    });
    await Promise.all([probe.report(), probe.report()]);
    nowMs = 999;
    await probe.report();
    expect(nAsked).toBe(1);
    nowMs = 1000;
    await probe.report();
    expect(nAsked).toBe(2);
  });

  it('says that a disk hangs, without asking it again, until it answers', async () => {
    let answer = (_: Result<Home>) => {};
    let nAsked = 0;
    const probe = createStorageProbe({
      home: () => {
        nAsked += 1;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      elapsed: () => nowMs,
      limitMs: 20,
    });
    expect((await probe.report()).failure?.code).toBe('home_not_answering');
    nowMs = 60_000;
    expect((await probe.report()).failure?.code).toBe('home_not_answering');
    expect(nAsked).toBe(1);
    answer(succeed(home));
    await expect.poll(async () => (await probe.report()).failure).toBeNull();
  });

  it('does not keep a scrape waiting for a busy disk, and still says when it hangs', async () => {
    let answer = (_: Result<Home>) => {};
    const asked = () =>
      new Promise<Result<Home>>((resolve) => {
        answer = resolve;
      });
    const probe = createStorageProbe({ home: asked, elapsed: () => nowMs, limitMs: 2000 });
    const first = probe.recent();
    answer(succeed(home));
    expect((await first).failure).toBeNull();
    nowMs = 1000;
    expect((await probe.recent()).failure).toBeNull();
    nowMs = 3000;
    expect((await probe.recent()).failure?.code).toBe('home_not_answering');
    answer({ ok: false, error: FAULT });
    await expect.poll(async () => (await probe.recent()).failure).toEqual(FAULT);
  });

  it('words a fault that nobody foresaw, and logs it', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const probe = createStorageProbe({ home: () => Promise.reject(new Error('boom')), elapsed: () => 0 });
    expect(await probe.report()).toEqual({
      failure: {
        code: 'home_not_writable',
        message: 'Leadbench cannot save to its folder (Error: boom).',
        hint: 'Put the folder back and make it writable; what was saved before is kept.',
      },
      freeBytes: null,
      datasets: null,
    });
    expect(logged).toHaveBeenCalledExactlyOnceWith(expect.any(String), new Error('boom'));
    logged.mockRestore();
  });
});

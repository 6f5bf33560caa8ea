import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBoundaryState } from '@/lib/server/boundary/boundary-state';
import { readControlFile } from '@/lib/server/control/control-file';
import { homeAt } from '@/lib/server/storage/home';
import { homeHolder, takeHome } from '@/lib/server/storage/home-lock';
import { localAddress, offerControl } from './offer-control';
import { runClosers } from './shutdown';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leadbench-offer-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

const state = createBoundaryState({ port: 3000, extraNames: [], needsLogin: false, now: () => 0 });

async function offered() {
  const lock = await takeHome(root);
  if (!lock.ok) throw new Error(lock.error.message);
  await offerControl({ home: homeAt(root), lock: lock.value, state, host: '127.0.0.1', port: 3000 });
  return lock.value;
}

describe('offerControl', () => {
  it('tells who asks for the lock, and who can read the home, until the server stops', async () => {
    mkdirSync(join(root, '.leadbench'));
    const lock = await offered();
    expect(await homeHolder(root)).toEqual({ pid: process.pid, address: 'http://127.0.0.1:3000' });
    expect(await readControlFile(homeAt(root))).toEqual({
      version: 1,
      pid: process.pid,
      address: 'http://127.0.0.1:3000',
      token: state.controlToken,
    });
    expect(await runClosers(1_000)).toEqual({ unfinished: [] });
    expect(await readControlFile(homeAt(root))).toBeNull();
    await lock.release();
  });

  it('goes on where the file cannot be written, and says so without the token', async () => {
    const warnings: unknown[] = [];
    vi.spyOn(console, 'warn').mockImplementation((text) => warnings.push(text));
    const lock = await offered();
    expect(await homeHolder(root)).toMatchObject({ address: 'http://127.0.0.1:3000' });
    expect(warnings).toEqual([
      'The control file could not be written (ENOENT): "leadbench study" cannot reach this server.',
    ]);
    await runClosers(1_000);
    await lock.release();
  });
});

describe('localAddress', () => {
  it.each([
    ['127.0.0.1', 3000, 'http://127.0.0.1:3000'],
    ['0.0.0.0', 3000, 'http://127.0.0.1:3000'],
    ['::', 3000, 'http://[::1]:3000'],
    ['::1', 80, 'http://[::1]'],
    ['192.0.2.7', 8080, 'http://192.0.2.7:8080'],
    ['localhost', 3000, 'http://localhost:3000'],
  ])('reaches %s, port %d, at %s', (host, port, address) => {
    expect(localAddress(host, port)).toBe(address);
  });
});

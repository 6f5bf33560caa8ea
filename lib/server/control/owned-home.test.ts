import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homeAt } from '@/lib/server/storage/home';
import { homeHolder } from '@/lib/server/storage/home-lock';
import { ownedHome } from './owned-home';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadbench-owned-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('ownedHome', () => {
  it('makes the folders of a new home, and holds it', async () => {
    const home = homeAt(join(folder, 'new', 'home'));
    const owned = await ownedHome(home);
    expect(owned).toMatchObject({ ok: true, value: { problem: null } });
    expect(statSync(home.studiesFolder).isDirectory()).toBe(true);
    expect(await homeHolder(home.root)).toMatchObject({ pid: process.pid });
    expect(await ownedHome(home)).toMatchObject({ ok: false, error: { code: 'home_taken' } });
    if (owned.ok) await owned.value.lock.release();
  });

  it('refuses a path that lies under a file, naming it', async () => {
    writeFileSync(join(folder, 'file'), '');
    const home = homeAt(join(folder, 'file', 'home'));
    expect(await ownedHome(home)).toEqual({
      ok: false,
      error: {
        code: 'home_not_writable',
        message: `Leadbench cannot write to its folder ${home.root}: it lies under a file.`,
        hint: 'Make the folder writable or set LEADBENCH_HOME to one that is, then start again.',
      },
    });
  });

  it.runIf(process.platform === 'linux')(
    'refuses a folder that takes nothing, and does not hold it',
    async () => {
      const home = homeAt('/sys/kernel');
      expect(await ownedHome(home)).toMatchObject({
        ok: false,
        error: {
          code: 'home_not_writable',
          message: 'Leadbench cannot write to its folder /sys/kernel: this user may not.',
        },
      });
      expect(await homeHolder(home.root)).toBeNull();
    },
  );
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '@/lib/core/result';
import { framed } from '@/lib/server/storage/journal-frame';
import { rigStudy } from '@/lib/testing/mlflow-rig';
import { type Outbox, openOutbox, outboxFolder } from './outbox';

const parent = mkdtempSync(join(tmpdir(), 'leadbench-outbox-'));
afterAll(() => rmSync(parent, { recursive: true }));

const STUDY = rigStudy(1);
const damages: Failure[] = [];
let folder = '';
let nFolders = 0;
beforeEach(() => {
  folder = join(parent, String(nFolders++));
  damages.length = 0;
});

const opened = () => openOutbox(folder, STUDY, (failure) => damages.push(failure));
const path = () => join(folder, `${STUDY}.log`);
const run = (n: number) =>
  ({ type: 'run', key: `${STUDY}/trial-${n}`, runId: `run${n}`, throughSequence: n, nPoints: 3 }) as const;

async function withOutbox<T>(use: (outbox: Outbox) => T | Promise<T>): Promise<T> {
  const outbox = await opened();
  try {
    return await use(outbox);
  } finally {
    await outbox.close();
  }
}

describe('openOutbox', () => {
  it('keeps receipts over a restart', async () => {
    await withOutbox(async (outbox) => {
      expect(outbox.isDoubtful).toBe(false);
      await outbox.write(run(1));
      await outbox.write({ ...run(1), throughSequence: 9, nPoints: 5 });
      await outbox.write({ type: 'sent', what: 'inputs' });
    });
    await withOutbox((outbox) => {
      expect(outbox.receipt(run(1).key)).toEqual({ runId: 'run1', throughSequence: 9, nPoints: 5 });
      expect(outbox.receipt(run(2).key)).toBeUndefined();
      expect([outbox.isSent('inputs'), outbox.isSent('model')]).toEqual([true, false]);
    });
  });

  it('doubts what an earlier process left unsettled, and nothing that it settled', async () => {
    const isDoubtful = () => withOutbox((outbox) => outbox.isDoubtful);
    expect(await isDoubtful()).toBe(false);
    // Even with no receipt: the first request may have gone out.
    expect(await isDoubtful()).toBe(true);
    await withOutbox((outbox) => outbox.write({ type: 'settled', throughSequence: 12 }));
    expect(await isDoubtful()).toBe(false);
    await withOutbox((outbox) => outbox.write({ type: 'begun' }));
    expect(await isDoubtful()).toBe(true);
  });

  it('is settled until sending begins again', async () => {
    await withOutbox(async (outbox) => {
      expect(outbox.settledThrough()).toBe(0);
      await outbox.write({ type: 'settled', throughSequence: 12 });
      expect(outbox.settledThrough()).toBe(12);
      await outbox.write({ type: 'begun' });
      expect(outbox.settledThrough()).toBe(0);
    });
  });

  it('is one file for two that make it at once, and the one that writes second is told', async () => {
    const [first, second] = await Promise.all([opened(), opened()]);
    expect([first.isNew, second.isNew].sort()).toEqual([false, true]);
    await first.write(run(1));
    await expect(second.write(run(2))).rejects.toMatchObject({ failure: { code: 'journal_taken' } });
    await Promise.all([first.close(), second.close()]);
    expect(readdirSync(folder)).toEqual([`${STUDY}.log`]);
    await withOutbox((outbox) => expect(outbox.receipt(run(1).key)?.runId).toBe('run1'));
  });

  it('forgets everything when the server did', async () => {
    await withOutbox(async (outbox) => {
      await outbox.write(run(1));
      await outbox.write({ type: 'sent', what: 'inputs' });
      await outbox.write({ type: 'forgotten' });
    });
    await withOutbox((outbox) => {
      expect(outbox.receipt(run(1).key)).toBeUndefined();
      expect(outbox.isSent('inputs')).toBe(false);
    });
  });

  it('cuts a torn end at every byte of the last record', async () => {
    await withOutbox((outbox) => outbox.write(run(1)));
    const nWhole = readFileSync(path()).length;
    await withOutbox((outbox) => outbox.write(run(2)));
    const bytes = readFileSync(path());
    for (let length = nWhole; length < bytes.length; length++) {
      writeFileSync(path(), bytes);
      truncateSync(path(), length);
      await withOutbox((outbox) => {
        expect([outbox.receipt(run(1).key)?.runId, outbox.receipt(run(2).key)]).toEqual(['run1', undefined]);
      });
    }
    expect(damages).toEqual([]);
  });

  it('moves a damaged one aside, says so, and doubts', async () => {
    await withOutbox(async (outbox) => {
      await outbox.write(run(1));
      await outbox.write(run(2));
    });
    const bytes = readFileSync(path());
    bytes[bytes.indexOf('run1')] = 0x21;
    writeFileSync(path(), bytes);
    await withOutbox((outbox) => {
      expect(outbox.receipt(run(1).key)).toBeUndefined();
      expect(outbox.isDoubtful).toBe(true);
    });
    expect(damages.map(({ code }) => code)).toEqual(['journal_damaged']);
    expect(readdirSync(folder).sort()).toEqual([`${STUDY}.log`, `${STUDY}.log.damaged`]);
  });

  it('leaves one of a newer Leadbench alone', async () => {
    await withOutbox((outbox) => outbox.write(run(1)));
    writeFileSync(path(), framed({ sequence: 0, format: 'leadbench-journal', version: 9 }));
    await expect(opened()).rejects.toThrow('format version 9');
    expect(readdirSync(folder)).toEqual([`${STUDY}.log`]);
  });

  it('is written anew with one record a run when it has grown', async () => {
    await withOutbox(async (outbox) => {
      await outbox.write({ type: 'settled', throughSequence: 3 });
      for (let n = 1; n <= 2100; n++) await outbox.write({ ...run(n % 10), throughSequence: n });
    });
    const nBytes = readFileSync(path()).length;
    await withOutbox((outbox) => {
      expect(outbox.receipt(run(0).key)?.throughSequence).toBe(2100);
      expect(outbox.isDoubtful).toBe(true);
      expect(outbox.settledThrough()).toBe(0);
    });
    expect(readFileSync(path()).length).toBeLessThan(nBytes / 100);
    await withOutbox((outbox) => expect(outbox.receipt(run(9).key)?.throughSequence).toBe(2099));
  });
});

describe('outboxFolder', () => {
  it('is another for another server or experiment, and none of them is readable from the name', () => {
    const server = { baseUrl: 'http://ml.example', experimentName: 'leadbench' };
    const folders = [
      outboxFolder({ root: '/r' }, server),
      outboxFolder({ root: '/r' }, { ...server, baseUrl: 'http://other.example' }),
      outboxFolder({ root: '/r' }, { ...server, experimentName: 'other' }),
    ];
    expect(new Set(folders).size).toBe(3);
    expect(folders[0]).toMatch(/^\/r\/\.leadbench\/mlflow\/[0-9a-f]{16}$/);
  });
});

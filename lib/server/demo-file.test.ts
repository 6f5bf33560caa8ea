import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { writeDemoCrm } from './demo-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeDemoCrm', () => {
  it('writes the bytes of the generator over an older file and leaves nothing else', async () => {
    const path = join(folder, 'crm.sqlite');
    await writeFile(path, 'older');
    const shares: number[] = [];
    const report = await writeDemoCrm({
      path,
      seed: 4,
      nSubscribers: 1000,
      onProgress: (share) => shares.push(share),
    });
    const expected = crmBytes({ seed: 4, nSubscribers: 1000 });
    expect(Buffer.compare(await readFile(path), expected)).toBe(0);
    expect(report).toMatchObject({ nSubscribers: 1000, nTransactions: 234, bytes: expected.length });
    expect(report.elapsedMs).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
    expect(await readdir(folder)).toEqual(['crm.sqlite']);
  });

  it('keeps the older file and removes its own when it fails', async () => {
    const path = join(folder, 'crm.sqlite');
    await writeFile(path, 'older');
    await expect(writeDemoCrm({ path, seed: 4, nSubscribers: 10 })).rejects.toThrow('nSubscribers');
    expect(await readdir(folder)).toEqual(['crm.sqlite']);
    expect(await readFile(path, 'utf8')).toBe('older');
  });

  it('fails where the folder is missing', async () => {
    const path = join(folder, 'missing', 'crm.sqlite');
    await expect(writeDemoCrm({ path, seed: 4, nSubscribers: 1000 })).rejects.toThrow('ENOENT');
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import { RunFolder } from './run-folder';

let parent: string;
let folder: RunFolder;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'leadbench-run-'));
  folder = await RunFolder.made(join(parent, 'deep', 'run'));
});
afterAll(() => rmSync(parent, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('RunFolder', () => {
  it('makes folders for their owner alone', () => {
    for (const name of ['deep', 'deep/run']) expect(statSync(join(parent, name)).mode & 0o777).toBe(0o700);
  });

  it('gives back a text in pieces, characters whole wherever a piece ends, with its digest', async () => {
    const text = `${'é€😀x'.repeat(400_000)}`;
    const written = await folder.write('subscribers_joined.csv', [text.slice(0, 7), text.slice(7)]);
    const read = await folder.readInPieces('subscribers_joined.csv', (pieces) => [...pieces]);
    expect(read.value.length).toBeGreaterThan(2);
    expect(read.value.join('') === text).toBe(true);
    expect([written, read.sha256, await folder.digestOf('subscribers_joined.csv')]).toEqual(
      Array.from({ length: 3 }, () => sha256(text)),
    );
  });

  it('leaves the old file and nothing else when writing breaks off', async () => {
    await folder.write('trials.csv', 'old');
    const broken = function* () {
      yield 'new';
      throw new Error('No more');
    };
    await expect(folder.write('trials.csv', broken())).rejects.toThrow('No more');
    expect(await folder.readText('trials.csv')).toBe('old');
    expect(readdirSync(folder.path).sort()).toEqual(['subscribers_joined.csv', 'trials.csv']);
  });

  it('puts a folder in the place of an older one, whole', async () => {
    await folder.replaceFolder('model', { 'model.ubj': 'old', 'extra.txt': 'gone after' });
    await folder.replaceFolder('model', { 'model.ubj': 'new' });
    expect(readdirSync(folder.file('model'))).toEqual(['model.ubj']);
    expect(readFileSync(join(folder.file('model'), 'model.ubj'), 'utf8')).toBe('new');
    expect(readdirSync(folder.path)).toEqual(['model', 'subscribers_joined.csv', 'trials.csv']);
  });

  it('says what the file system says against a file, and which', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(RunFolder.made(join(parent, 'file', 'run'))).rejects.toMatchObject({
      failure: { code: 'file_not_usable', message: `${parent}/file/run is no folder, or lies under a file.` },
    });
    await expect(RunFolder.made(join(parent, 'x'.repeat(300)))).rejects.toBeInstanceOf(ExpectedFailure);
  });
});

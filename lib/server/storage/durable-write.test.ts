import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  makeFolderDurably,
  namesIn,
  removeDeadTemporaries,
  withTemporary,
  writeFileDurably,
  writeFolderDurably,
} from './durable-write';

const parent = mkdtempSync(join(tmpdir(), 'leadbench-durable-'));
let folder = '';
let nFolders = 0;
beforeEach(async () => {
  folder = join(parent, String(nFolders++));
  await mkdir(folder);
});
afterAll(() => rmSync(parent, { recursive: true }));

describe('writeFileDurably', () => {
  it('replaces the content, for the owner alone, and leaves no temporary', async () => {
    const path = join(folder, 'best.json');
    await writeFileDurably(path, 'old');
    await writeFileDurably(path, new TextEncoder().encode('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['best.json']);
  });

  it('fails where the folder is missing', async () => {
    await expect(writeFileDurably(join(folder, 'none', 'x'), 'x')).rejects.toThrow('ENOENT');
  });
});

describe('withTemporary', () => {
  it('keeps the old content when the writer fails', async () => {
    const path = join(folder, 'best.json');
    await writeFileDurably(path, 'old');
    const half = withTemporary(path, async (file) => {
      await file.writeFile('ne');
      throw new Error('the disk is full');
    });
    await expect(half).rejects.toThrow('the disk is full');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['best.json']);
  });
});

describe('writeFolderDurably', () => {
  it('makes the folder with all its files', async () => {
    await writeFolderDurably(join(folder, 'm'), { 'a.txt': 'A', 'b.txt': 'B' });
    expect(readdirSync(join(folder, 'm'))).toEqual(['a.txt', 'b.txt']);
    expect(statSync(join(folder, 'm')).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual(['m']);
  });

  it('never replaces a folder that holds something', async () => {
    await writeFolderDurably(join(folder, 'm'), { 'a.txt': 'A' });
    await expect(writeFolderDurably(join(folder, 'm'), { 'a.txt': 'other' })).rejects.toThrow(
      /ENOTEMPTY|EEXIST/,
    );
    expect(readFileSync(join(folder, 'm', 'a.txt'), 'utf8')).toBe('A');
    expect(readdirSync(folder)).toEqual(['m']);
  });

  it('leaves nothing when one of the files cannot be written', async () => {
    await expect(writeFolderDurably(join(folder, 'm'), { a: 'A', 'no/such': 'B' })).rejects.toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('makeFolderDurably', () => {
  it('makes what is missing, and is content with what is there', async () => {
    await makeFolderDurably(join(folder, 'a', 'b'));
    await makeFolderDurably(join(folder, 'a', 'b'));
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
  });
});

describe('removeDeadTemporaries', () => {
  it('removes what dead processes left and nothing else', async () => {
    const id = '0b7fd4dc-1f4f-4b0c-9a51-2f6c7b0a9d11';
    // Linux and macOS give no process a number as large as this.
    const names = [`.999999999-${id}.tmp`, `.${process.pid}-${id}.tmp`, 'kept.arrow', '.hidden'];
    for (const name of names) writeFileSync(join(folder, name), 'x');
    await removeDeadTemporaries(folder);
    expect(await namesIn(folder)).toEqual([`.${process.pid}-${id}.tmp`, '.hidden', 'kept.arrow'].sort());
  });

  it('bears a folder that does not exist', async () => {
    await expect(removeDeadTemporaries(join(folder, 'none'))).resolves.toBeUndefined();
  });
});

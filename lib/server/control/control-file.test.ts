import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, homeAt } from '@/lib/server/storage/home';
import { readControlFile, removeControlFile, writeControlFile } from './control-file';

const FILE = { pid: 4711, address: 'http://127.0.0.1:3000', token: 'a secret of 43 characters' };

let home: Home;
let path: string;
beforeEach(() => {
  home = homeAt(mkdtempSync(join(tmpdir(), 'leadbench-control-')));
  mkdirSync(join(home.root, '.leadbench'));
  path = join(home.root, '.leadbench', 'control.json');
});
afterEach(() => rmSync(home.root, { recursive: true }));

describe('writeControlFile', () => {
  it('leaves what can be read back, for the owner alone, and can be taken back', async () => {
    await writeControlFile(home, FILE);
    expect(await readControlFile(home)).toEqual({ version: 1, ...FILE });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(home.root, '.leadbench'))).toEqual(['control.json']);
    await removeControlFile(home);
    expect(await readControlFile(home)).toBeNull();
    await removeControlFile(home);
  });
});

describe('readControlFile', () => {
  it.each([
    ['nothing', null],
    ['an empty file', ''],
    ['half a file', '{"version":1,"pid":47'],
    ['another version', JSON.stringify({ version: 2, ...FILE })],
    ['an address of another kind', JSON.stringify({ version: 1, ...FILE, address: 'file:///etc/passwd' })],
    ['an address with a path', JSON.stringify({ version: 1, ...FILE, address: 'http://a/b' })],
  ])('passes over %s', async (_, content) => {
    if (content !== null) writeFileSync(path, content);
    expect(await readControlFile(home)).toBeNull();
  });
});

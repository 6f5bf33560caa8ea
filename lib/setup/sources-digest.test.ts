import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourcesDigest } from './sources-digest.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leadbench-digest-'));
  mkdirSync(join(root, 'app', 'api'), { recursive: true });
  writeFileSync(join(root, 'app', 'page.tsx'), 'one');
  writeFileSync(join(root, 'app', 'api', 'route.ts'), 'two');
  writeFileSync(join(root, 'package.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

const digest = () => sourcesDigest(root, ['app', 'package.json', 'missing']);

describe('sourcesDigest', () => {
  it('stays the same while nothing changes', async () => {
    expect(await digest()).toBe(await digest());
  });

  it('changes with a content, a name, a new file and a removed one', async () => {
    const seen = [await digest()];
    writeFileSync(join(root, 'app', 'api', 'route.ts'), 'changed');
    seen.push(await digest());
    rmSync(join(root, 'app', 'api', 'route.ts'));
    seen.push(await digest());
    writeFileSync(join(root, 'app', 'api', 'route2.ts'), 'two');
    seen.push(await digest());
    writeFileSync(join(root, 'missing'), '');
    seen.push(await digest());
    expect(new Set(seen).size).toBe(5);
  });

  it('does not count tests', async () => {
    const before = await digest();
    writeFileSync(join(root, 'app', 'page.test.ts'), 'test');
    expect(await digest()).toBe(before);
  });
});

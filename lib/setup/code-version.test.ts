import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeSha256 } from '@/lib/server/models/code-version';
import nextConfig from '@/next.config.js';
import { bundleNode } from './bundle.mjs';
import { CODE_SOURCES, codeDigest } from './code-version.mjs';
import { ROOT } from './project.mjs';
import { sourcesDigest } from './sources-digest.mjs';

const outdir = mkdtempSync(join(ROOT, '.build', 'test-'));
afterAll(() => rmSync(outdir, { recursive: true }));

describe('codeDigest', () => {
  it('is that of the sources as they are, and of more than none', async () => {
    const digest = await codeDigest(ROOT);
    expect(digest).toBe(await sourcesDigest(ROOT, CODE_SOURCES));
    for (const source of CODE_SOURCES) {
      const others = CODE_SOURCES.filter((other) => other !== source);
      expect(await sourcesDigest(ROOT, others)).not.toBe(digest);
    }
  });

  it('is the same in a bundle for Node, in the pages and here', async () => {
    await bundleNode({ root: ROOT, names: ['cli'], outdir });
    const digest = codeSha256();
    expect(digest).toBe(await codeDigest(ROOT));
    expect(nextConfig.env).toEqual({ LEADBENCH_CODE_SHA256: digest });
    const bundle = readFileSync(join(outdir, 'cli.mjs'), 'utf8');
    expect(bundle).not.toContain('process.env.LEADBENCH_CODE_SHA256');
    expect(bundle.split(digest).length - 1).toBe(1);
  });
});

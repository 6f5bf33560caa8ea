import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { residentBytes } from './resident-memory';

describe('residentBytes', () => {
  it('measures a process in bytes, roughly as the process itself does', async () => {
    const own = process.memoryUsage.rss();
    const measured = (await residentBytes(process.pid)) ?? 0;
    expect(measured / own).toBeGreaterThan(0.5);
    expect(measured / own).toBeLessThan(2);
  });

  it('gives null for a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(await residentBytes(child.pid ?? -1)).toBeNull();
  });
});

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { refusal } from '@/lib/server/boundary/refusal';
import { parseExposition } from '@/lib/testing/exposition';
import type { RawResponse } from '@/lib/testing/raw-exchange';
import { expectStrictHeaders, send } from './boundary-walk';
import { type RunningServer, startServer } from './running-server';

const TOKEN = 'e2e-0123456789abcdef0123456789abcdef';
const ADDRESSES = ['/metrics', '/healthz', '/readyz'];

function get(server: RunningServer, target: string, authorization?: string): Promise<RawResponse> {
  const headers: [string, string][] = [['Host', server.host]];
  if (authorization !== undefined) headers.push(['Authorization', authorization]);
  return send(server.port, { method: 'GET', target, headers, body: '' });
}

test('tells a monitoring system of this machine how it is, and when it cannot save', async () => {
  const server = await startServer();
  try {
    const metrics = await get(server, '/metrics');
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parseExposition(metrics.body);
    expect(families.map(({ name }) => name)).toContain('leadbench_tune_trials_total');
    const nSeries = families.reduce((n, { samples }) => n + samples.length, 0);
    expect(nSeries).toBeLessThanOrEqual(500);
    for (const address of ADDRESSES) expectStrictHeaders(await get(server, address), address);

    const statusOf = async (address: string) => (await get(server, address)).status;
    await expect.poll(() => statusOf('/readyz')).toBe(200);
    const folder = join(server.home, '.leadbench', 'studies');
    renameSync(folder, `${folder}-away`);
    await expect.poll(() => statusOf('/readyz'), { timeout: 5_000 }).toBe(503);
    expect(JSON.parse((await get(server, '/readyz')).body)).toMatchObject({ code: 'home_not_writable' });
    expect((await get(server, '/metrics')).body).toContain('leadbench_storage_writable 0\n');
    expect(await statusOf('/healthz')).toBe(200);
    renameSync(`${folder}-away`, folder);
    await expect.poll(() => statusOf('/readyz'), { timeout: 10_000 }).toBe(200);
  } finally {
    await server.stop();
  }
});

test('asks for the metrics token when it is exposed, for nothing but metrics and health', async () => {
  const env = { LEADBENCH_METRICS_TOKEN: TOKEN };
  const server = await startServer({ args: ['--port', '0', '--expose'], env });
  try {
    for (const address of ADDRESSES) {
      expect((await get(server, address, `Bearer ${TOKEN}`)).status, address).toBe(200);
      for (const wrong of [undefined, `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
        const refused = await get(server, address, wrong);
        expect(refused.status, `${address} ${wrong}`).toBe(401);
        expect(refused.body, `${address} ${wrong}`).toContain(refusal('monitor_unknown').message);
        expectStrictHeaders(refused, address);
      }
    }
    for (const address of ['/', '/api/demo', '/metrics/', '/metrics/x', '/_next/static/nothing.js']) {
      const refused = await get(server, address, `Bearer ${TOKEN}`);
      expect(refused.body, address).toContain(refusal('login_required').message);
    }
    expect(server.output()).not.toContain(TOKEN);
  } finally {
    await server.stop();
  }
});

test('does not start with a metrics token that could be guessed', async () => {
  const env = { LEADBENCH_METRICS_TOKEN: 'guessable-secret' };
  const started = startServer({ env });
  await expect(started).rejects.toThrow(/ended with 2:\s+LEADBENCH_METRICS_TOKEN must be at least 32/);
  await expect(started).rejects.not.toThrow(/guessable-secret/);
});

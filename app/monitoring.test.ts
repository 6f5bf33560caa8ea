import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { succeed } from '@/lib/core/result';
import { createBoundaryState, installBoundary, removeBoundary } from '@/lib/server/boundary/boundary-state';
import { createOperations } from '@/lib/server/metrics/operations';
import { homeAt, prepareHome } from '@/lib/server/storage/home';
import { parseExposition } from '@/lib/testing/exposition';
import { GET as healthz } from './healthz/route';
import { GET as metrics } from './metrics/route';
import { GET as readyz } from './readyz/route';

const TOKEN = '0123456789abcdef0123456789abcdef';
const SERVER_KEY = Symbol.for('leadbench.training-server');
const ROUTES = { '/metrics': metrics, '/healthz': healthz, '/readyz': readyz };
type Address = keyof typeof ROUTES;

let root: string;
let nowMs: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'leadbench-monitoring-'));
  const home = homeAt(root);
  await prepareHome(home);
  nowMs = 0;
  const operations = createOperations({
    version: '0.1.0',
    home: async () => succeed(home),
    elapsed: () => nowMs,
  });
  Reflect.set(globalThis, SERVER_KEY, { operations });
});
afterEach(async () => {
  Reflect.deleteProperty(globalThis, SERVER_KEY);
  removeBoundary();
  await rm(root, { recursive: true, force: true });
});

function listen(plan: { readonly needsLogin?: boolean; readonly monitorToken?: string } = {}): void {
  installBoundary(
    createBoundaryState({ port: 3000, extraNames: [], needsLogin: false, now: () => 0, ...plan }),
  );
}

function ask(address: Address, headers: Record<string, string> = {}): Promise<Response> {
  const host = '127.0.0.1:3000';
  return ROUTES[address](new Request(`http://${host}${address}`, { headers: { host, ...headers } }));
}

describe('/metrics', () => {
  it('gives a scraper of this machine everything that is counted', async () => {
    listen();
    const answer = await ask('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const names = parseExposition(await answer.text()).map(({ name }) => name);
    expect(names).toContain('leadbench_tune_trials_total');
  });
});

describe('/healthz', () => {
  it('says that the process answers, whatever the disk does', async () => {
    listen();
    await rm(root, { recursive: true });
    const answer = await ask('/healthz');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive' }]);
  });
});

describe('/readyz', () => {
  it('says whether work can be saved, and what to do where it cannot', async () => {
    listen();
    const ready = await ask('/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    await rename(join(root, '.leadbench'), join(root, 'away'));
    nowMs += 1000;
    const unready = await ask('/readyz');
    expect(unready.status).toBe(503);
    expect(unready.headers.get('cache-control')).toBe('no-store');
    expect(await unready.json()).toEqual({
      code: 'home_not_writable',
      message: 'Leadbench cannot save to its folder (ENOENT).',
      hint: 'Put the folder back and make it writable; what was saved before is kept.',
    });
    await rename(join(root, 'away'), join(root, '.leadbench'));
    nowMs += 1000;
    expect((await ask('/readyz')).status).toBe(200);
  });
});

describe.each(Object.keys(ROUTES) as Address[])('%s', (address) => {
  it('is shut to other sites, strangers of an exposed server and wrong front doors', async () => {
    listen();
    expect((await ask(address, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask(address, { host: 'evil.example:3000' })).status).toBe(403);
    listen({ needsLogin: true });
    const refused = await ask(address, { authorization: `Bearer ${TOKEN}` });
    expect([refused.status, await refused.json()]).toEqual([
      401,
      {
        code: 'monitor_unknown',
        message:
          'The metrics and the health of this server are for whoever is logged in or sends its metrics token.',
        hint: 'Start it with LEADBENCH_METRICS_TOKEN set, and send that as Authorization: Bearer; ops/README.md says more.',
      },
    ]);
    listen({ needsLogin: true, monitorToken: TOKEN });
    expect((await ask(address, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    removeBoundary();
    expect((await ask(address)).status).toBe(503);
  });
});

import { expect, test } from '@playwright/test';
import { refusal } from '@/lib/server/boundary/refusal';
import {
  builtActions,
  endpoints,
  expectRefused,
  expectStrictHeaders,
  send,
  strangerRefusal,
} from './boundary-walk';
import { honestRequest } from './forgeries';
import { openCarelessServer, openHostileSite } from './hostile-site';
import { startServer } from './running-server';

test('trusts nobody behind another front door', async () => {
  // The framework's own server stands for a front door that is gone or was bypassed.
  const server = await startServer({
    script: 'node_modules/next/dist/bin/next',
    args: ['start', '--port', '0', '--hostname', '127.0.0.1'],
  });
  try {
    const untouched = server.traces();
    const target = { host: server.host, port: server.port, token: 'x'.repeat(43) };
    for (const endpoint of endpoints()) {
      const answer = await send(server.port, honestRequest(endpoint, target));
      expect(answer.body, endpoint.name).toContain('"code":"boundary_closed"');
      expect(answer.body, endpoint.name).not.toMatch(endpoint.reached);
    }
    expect(server.traces()).toBe(untouched);
  } finally {
    await server.stop();
  }
});

test('lets nobody in without the login link when it is exposed', async () => {
  const server = await startServer({ args: ['--port', '0', '--expose'] });
  try {
    const get = (address: string, cookie = '') =>
      send(server.port, {
        method: 'GET',
        target: address,
        headers: [
          ['Host', server.host],
          ['Cookie', cookie],
        ],
        body: '',
      });
    for (const address of [
      '/',
      '/nothing-here',
      '/api/demo',
      '/_next/static/nothing.js',
      '/login',
      '/login?token=wrong',
    ]) {
      const answer = await get(address);
      expect(answer.status, address).toBe(401);
      expect(answer.body, address).toContain(refusal('login_required').message);
      expectStrictHeaders(answer, address);
    }
    const link = /(\/login\?token=\S+)/.exec(server.output())?.[1] ?? '';
    const welcome = await get(link);
    expect(welcome.headers['set-cookie']).toMatch(/; HttpOnly; SameSite=Strict$/);
    const cookie = welcome.headers['set-cookie']?.split(';')[0] ?? '';
    const target = { host: server.host, port: server.port, token: await server.token(cookie) };
    for (const endpoint of endpoints()) {
      const answer = await send(server.port, honestRequest(endpoint, target));
      expectRefused(answer, strangerRefusal(endpoint), endpoint, endpoint.name);
    }
    expect((await get('/', cookie)).status).toBe(200);
  } finally {
    await server.stop();
  }
});

test.describe('another site in the same browser', () => {
  const actionIds = [...builtActions().values()];

  test('reaches a server without a boundary, as the control', async ({ page }) => {
    const careless = await openCarelessServer();
    const site = await openHostileSite({ victim: careless.origin, actionIds });
    try {
      await page.goto(site.address);
      expect(await site.readable(page)).toEqual(
        expect.arrayContaining([
          'page by cors',
          'demo by cors',
          'metrics by cors',
          'post by cors',
          'put',
          'script',
        ]),
      );
      const forms = careless.received.filter((line) => line === 'POST /');
      expect(forms.length).toBeGreaterThanOrEqual(actionIds.length * 4);
    } finally {
      await site.close();
      await careless.close();
    }
  });

  test('has nothing to do and nothing to read here', async ({ page }) => {
    const server = await startServer();
    const site = await openHostileSite({ victim: server.origin, actionIds });
    try {
      const untouched = server.traces();
      await page.goto(site.address);
      expect(await site.readable(page)).toEqual([]);
      expect(server.traces()).toBe(untouched);
    } finally {
      await site.close();
      await server.stop();
    }
  });
});

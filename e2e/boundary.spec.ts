import { expect, test } from '@playwright/test';
import { refusal } from '@/lib/server/boundary/refusal';
import { rawExchange } from '@/lib/testing/raw-exchange';
import { decodedForm, TRAVERSAL_FORMS } from '@/lib/testing/traversal-forms';
import {
  ACTIONS,
  actionEndpoint,
  type Endpoint,
  ID_ACTIONS,
  ID_TARGETS,
  PAGES,
  ROUTES,
} from './boundary-endpoints';
import {
  builtActions,
  builtPaths,
  endpoints,
  expectRefused,
  expectStrictHeaders,
  mustRefuse,
  send,
} from './boundary-walk';
import { FORGERIES, type Forgery, honestRequest, type Target } from './forgeries';
import { isRunning, type RunningServer, startServer } from './running-server';

test.describe('the boundary', () => {
  let server: RunningServer;
  let target: Target;
  let untouched: string;

  test.beforeAll(async () => {
    server = await startServer();
    target = { host: server.host, port: server.port, token: await server.token() };
    untouched = server.traces();
  });
  test.afterAll(async () => {
    await server.stop('SIGKILL');
  });

  test('knows every action and route of the build', () => {
    expect([...builtActions().keys()].sort(), 'actions').toEqual(Object.keys(ACTIONS).sort());
    expect(builtPaths().sort(), 'routes and pages').toEqual([...Object.keys(ROUTES), ...PAGES].sort());
  });

  for (const forgery of FORGERIES) {
    test(`refuses everywhere: ${forgery.name}`, async () => {
      for (const endpoint of endpoints()) {
        if (mustRefuse(endpoint, forgery)) await expectForgeryRefused(forgery, endpoint);
        else await expectHarmless(forgery, endpoint);
      }
    });
  }

  async function expectForgeryRefused(forgery: Forgery, endpoint: Endpoint): Promise<void> {
    const what = `${endpoint.name} · ${forgery.name}`;
    const answer = await send(server.port, forgery.forge(endpoint, target));
    // Beyond ten wrong tokens a minute the answer is another refusal.
    const isSlowed =
      forgery.refusedAs === 'wrong_token' && answer.body.includes(refusal('too_many_attempts').message);
    if (!isSlowed) expectRefused(answer, forgery.refusedAs, endpoint, what);
    expect(answer.body, what).not.toMatch(endpoint.reached);
    expect(server.traces(), `${what}: nothing was executed`).toBe(untouched);
  }

  async function expectHarmless(forgery: Forgery, endpoint: Endpoint): Promise<void> {
    const what = `${endpoint.name} · ${forgery.name}`;
    const answer = await send(server.port, forgery.forge(endpoint, target));
    expect(answer.body, what).toMatch(endpoint.reached);
    expectStrictHeaders(answer, what);
    expect(server.traces(), `${what}: nothing was changed`).toBe(untouched);
  }

  test('answers no method but those on the list', async () => {
    for (const [route, listed] of Object.entries(ROUTES)) {
      const methods = listed.map(({ request }) => request(null).method);
      const example = listed[0]?.request(target.token);
      if (example === undefined) throw new Error(`${route} has no method`);
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].filter(
        (each) => !methods.includes(each),
      )) {
        const headers = [
          ['Host', target.host],
          ['Origin', `http://${target.host}`],
          ...example.headers,
        ] as const;
        const answer = await send(server.port, { ...example, method, headers });
        expect(answer.status, `${method} ${route}`).toBe(405);
        expectStrictHeaders(answer, `${method} ${route}`);
      }
    }
    expect(server.traces()).toBe(untouched);
  });

  test('does not take a form for an action', async () => {
    for (const [name, id] of builtActions()) {
      for (const origin of [target.host, 'evil.example']) {
        const part = `--x\r\nContent-Disposition: form-data; name="$ACTION_ID_${id}"\r\n\r\n\r\n--x--\r\n`;
        const answer = await send(server.port, {
          method: 'POST',
          target: '/',
          headers: [
            ['Host', target.host],
            ['Origin', `http://${origin}`],
            ['Content-Type', 'multipart/form-data; boundary=x'],
          ],
          body: part,
        });
        if (origin === 'evil.example') expect(answer.status, name).toBe(403);
        expect(answer.body, name).not.toMatch(ACTIONS[name]?.reached ?? /./);
        expectStrictHeaders(answer, name);
      }
    }
    expect(server.traces()).toBe(untouched);
  });

  test('answers an action that does not exist with 400, 404 or 409', async () => {
    for (const id of ['0'.repeat(42), 'constructor', '__proto__', '../actions']) {
      const {
        method,
        target: address,
        headers,
        body,
      } = honestRequest(actionEndpoint('engineStatus', id), target);
      const answer = await send(server.port, { method, target: address, headers, body });
      expect([400, 404, 409], `${id}: ${answer.status}`).toContain(answer.status);
      expectStrictHeaders(answer, id);
    }
  });

  test('finds no way out of its folders in an address', async () => {
    for (const [what, form] of TRAVERSAL_FORMS) {
      for (const address of ID_TARGETS) {
        const headers = [
          ['Host', target.host],
          ['X-Leadbench-Token', target.token],
        ] as const;
        const answer = await send(server.port, { method: 'GET', target: address(form), headers, body: '' });
        expect([400, 404], `${what}: ${address(form)} gave ${answer.status}`).toContain(answer.status);
        expect(answer.body, what).not.toContain('root:');
        expectStrictHeaders(answer, what);
      }
    }
    expect(server.traces()).toBe(untouched);
  });

  test('finds no way out of its folders in an argument', async () => {
    const actions = builtActions();
    for (const [what, form] of TRAVERSAL_FORMS) {
      for (const name of ID_ACTIONS) {
        const args = [decodedForm(form) ?? form];
        const endpoint = actionEndpoint(name, actions.get(name) ?? '', { args, reached: /"ok":true/ });
        const answer = await send(server.port, honestRequest(endpoint, target));
        expect(answer.body, `${name}: ${what}`).toContain('"code":"bad_id"');
        expect(answer.status, `${name}: ${what}`).toBe(200);
      }
    }
    expect(server.traces()).toBe(untouched);
  });

  test('refuses a body beyond 1 MB, and one of unknown length, before reading it', async () => {
    const [action] = endpoints().filter(({ refusesTokenBy }) => refusesTokenBy === 'stream');
    if (action === undefined) throw new Error('expected an action');
    const honest = honestRequest(action, target);
    const tooLarge = await send(server.port, { ...honest, body: 'x'.repeat(3_000_000) });
    expectRefused(tooLarge, 'body_too_large', action, 'a body of 3 MB');
    const lines = [
      `POST / HTTP/1.1`,
      ...honest.headers.map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
    ];
    const chunked = await rawExchange(server.port, [...lines, 'Transfer-Encoding: chunked'], '0\r\n\r\n');
    expectRefused(chunked, 'length_required', action, 'chunks');
  });

  test('carries its headers on every page, file and error', async () => {
    const page = await send(server.port, {
      method: 'GET',
      target: '/',
      headers: [['Host', target.host]],
      body: '',
    });
    const files = [...page.body.matchAll(/(?:src|href)="(\/_next\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files.length).toBeGreaterThan(5);
    const others = [
      '/nothing-here',
      '/_next/static/nothing.js',
      '/_next/image?url=%2Fx.png&w=64&q=75',
      '//evil.example/x',
      '/api/datasets',
      '/favicon.ico',
    ];
    for (const address of ['/', ...files, ...others]) {
      const answer = await send(server.port, {
        method: 'GET',
        target: address,
        headers: [['Host', target.host]],
        body: '',
      });
      expectStrictHeaders(answer, address);
      expect(answer.status, address).toBeLessThan(500);
      expect(answer.headers.location ?? '/', address).toMatch(/^\/(?!\/)/);
      expect(answer.headers, address).not.toHaveProperty('set-cookie');
    }
  });

  test('slows the guesser of tokens, not the page', async () => {
    const [route] = ROUTES['/api/datasets/route'] ?? [];
    if (route === undefined) throw new Error('expected a route');
    const guesses = Array.from({ length: 11 }, (_, i) =>
      honestRequest(route, { ...target, token: `guess-${i}` }),
    );
    const statuses: number[] = [];
    for (const guess of guesses) statuses.push((await send(server.port, guess)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await send(server.port, honestRequest(route, target))).status).toBe(200);
  });

  test('executes what its own page asks for', async () => {
    // Routes first: the dataset must be there before a study is launched on it.
    for (const endpoint of endpoints()) {
      const answer = await send(server.port, honestRequest(endpoint, target));
      expect(answer.body, endpoint.name).toMatch(endpoint.reached);
      expectStrictHeaders(answer, endpoint.name);
    }
    expect(server.traces(), 'the control leaves traces').not.toBe(untouched);
  });

  test('never prints the token', () => {
    expect(server.output()).toContain('Leadbench is ready at');
    expect(server.output()).not.toContain(target.token);
  });

  test('ends within ten seconds, its children with it, while a study runs', async () => {
    await expect.poll(() => server.children().length).toBeGreaterThan(0);
    const children = server.children();
    const { exitCode, elapsedMs } = await server.stop();
    expect(exitCode).toBe(0);
    expect(elapsedMs).toBeLessThan(10_000);
    await expect.poll(() => children.filter(isRunning)).toEqual([]);
  });
});

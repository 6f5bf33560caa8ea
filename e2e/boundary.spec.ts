import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { type RefusalCode, refusal, statusOfFailure } from '@/lib/server/boundary/refusal';
import { type RawResponse, rawExchange } from '@/lib/testing/raw-exchange';
import { decodedForm, TRAVERSAL_FORMS } from '@/lib/testing/traversal-forms';
import {
  ACTIONS,
  actionEndpoint,
  type Endpoint,
  type HandmadeRequest,
  ID_ACTIONS,
  ID_TARGETS,
  PAGES,
  ROUTES,
} from './boundary-endpoints';
import { FORGERIES, type Forgery, honestRequest, type Target } from './forgeries';
import { type RunningServer, startServer } from './running-server';

const manifest = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(
    JSON.parse(readFileSync(fileURLToPath(new URL(`../.next/server/${name}`, import.meta.url)), 'utf8')),
  );

/** Ids of the built server actions, by name. */
function builtActions(): ReadonlyMap<string, string> {
  const schema = z.object({ node: z.record(z.string(), z.object({ exportedName: z.string() })) });
  const { node } = manifest('server-reference-manifest.json', schema);
  return new Map(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]));
}

const builtPaths = () => Object.keys(manifest('app-paths-manifest.json', z.record(z.string(), z.string())));

function endpoints(): readonly Endpoint[] {
  const actions = [...builtActions()].map(([name, id]) => actionEndpoint(name, id));
  return [...Object.values(ROUTES).flat(), ...actions];
}

function send(port: number, { method, target, headers, body }: HandmadeRequest): Promise<RawResponse> {
  const hasBody = method !== 'GET';
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    ...(hasBody ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return rawExchange(port, lines, hasBody ? body : '');
}

/** Assert that an answer is the refusal itself, in plain words, and that it carries the strict headers. */
function expectRefused(answer: RawResponse, code: RefusalCode, endpoint: Endpoint, what: string): void {
  const isInStream =
    endpoint.refusesTokenBy === 'stream' && (code === 'missing_token' || code === 'wrong_token');
  expect(answer.status, what).toBe(isInStream ? 200 : statusOfFailure(refusal(code)));
  expect(answer.body, what).toContain(refusal(code).message);
  expect(answer.body, what).not.toMatch(endpoint.reached);
  expect(
    `${JSON.stringify(answer.headers)}${answer.body}`,
    `${what}: nothing foreign comes back`,
  ).not.toContain('evil');
  expectStrictHeaders(answer, what);
}

function expectStrictHeaders({ headers }: RawResponse, what: string): void {
  expect(headers['content-security-policy'], what).toMatch(
    /script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'wasm-unsafe-eval';/,
  );
  expect(headers['content-security-policy'], what).toContain("frame-ancestors 'none'");
  expect(headers, what).toMatchObject({
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  expect(headers, what).not.toHaveProperty('x-powered-by');
  expect(headers, what).not.toHaveProperty('access-control-allow-origin');
}

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
      for (const endpoint of endpoints().filter(({ acts }) => acts || forgery.onlyActs !== true)) {
        await expectForgeryRefused(forgery, endpoint);
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

  test('ends within ten seconds, with a study running', async () => {
    const { exitCode, elapsedMs } = await server.stop();
    expect(exitCode).toBe(0);
    expect(elapsedMs).toBeLessThan(10_000);
  });
});

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
      expectRefused(answer, 'login_required', endpoint, endpoint.name);
    }
    expect((await get('/', cookie)).status).toBe(200);
  } finally {
    await server.stop();
  }
});

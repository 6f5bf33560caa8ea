import type { IncomingMessage, Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BoundaryState,
  createBoundaryState,
  installBoundary,
  removeBoundary,
} from '@/lib/server/boundary/boundary-state';
import { loginLink } from '@/lib/server/boundary/login';
import { nonceOfPolicy } from '@/lib/server/boundary/policy-nonce';
import { refusal } from '@/lib/server/boundary/refusal';
import { rawExchange } from '@/lib/testing/raw-exchange';
import { createWebServer, type Inside } from './web-server';

let server: Server;
let port: number;
let state: BoundaryState;
let isStarted: boolean;
/** What got past the front door. */
let seen: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>[];

const inside: Inside = {
  async handle(request, response) {
    seen.push(request);
    response.end('inside');
  },
  upgrade(request, socket) {
    seen.push(request);
    socket.end();
  },
};

async function open(options: { needsLogin?: boolean; isDev?: boolean } = {}): Promise<void> {
  const { needsLogin = false, isDev = false } = options;
  server = createWebServer({ isDev, inside: () => (isStarted ? inside : null) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  port = address.port;
  state = createBoundaryState({ port, extraNames: [], needsLogin, now: () => 0 });
  installBoundary(state);
}

beforeEach(() => {
  isStarted = true;
  seen = [];
});
afterEach(async () => {
  removeBoundary();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Send a request whose first line and headers are given; Host and Connection are added. */
const ask = (line: string, headers: readonly string[] = [], body = '') =>
  rawExchange(port, [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close', ...headers], body);

const STRICT_HEADERS = {
  'content-security-policy': expect.stringMatching(
    /script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'wasm-unsafe-eval';/,
  ),
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

describe('createWebServer', () => {
  it('lets an honest request in, with the nonce of the answer on the request', async () => {
    await open();
    const answer = await ask('GET /');
    expect(answer).toMatchObject({ status: 200, headers: STRICT_HEADERS });
    expect(answer.body).toContain('inside');
    const nonce = nonceOfPolicy(answer.headers['content-security-policy'] ?? null);
    expect(nonceOfPolicy(String(seen[0]?.headers['content-security-policy']))).toBe(nonce);
    const again = await ask('GET /');
    expect(nonceOfPolicy(again.headers['content-security-policy'] ?? null)).not.toBe(nonce);
  });

  it('takes away what a stranger could pose with, and leaves the rest', async () => {
    await open();
    await ask('GET /', [
      'X-Forwarded-Host: evil.example',
      'Forwarded: host=evil.example',
      'x-middleware-subrequest: middleware:middleware',
      "Content-Security-Policy: script-src 'nonce-evil'",
      'Accept: text/html',
    ]);
    const [request] = seen;
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      'accept',
      'connection',
      'content-security-policy',
      'host',
      'x-nonce',
    ]);
    expect(request?.headers['content-security-policy']).not.toContain('evil');
    expect(request?.rawHeaders).toEqual([
      'Host',
      `127.0.0.1:${port}`,
      'Connection',
      'close',
      'Accept',
      'text/html',
    ]);
  });

  it('asks to come back while it starts', async () => {
    isStarted = false;
    await open();
    expect(await ask('GET /')).toMatchObject({
      status: 503,
      headers: { ...STRICT_HEADERS, 'retry-after': '1' },
    });
  });

  it.each([
    ['a foreign Host', ['GET / HTTP/1.1', 'Host: evil.example'], 403, 'untrusted_host'],
    ['no Host', ['GET / HTTP/1.1'], 400, 'malformed_request'],
    ['no Host in HTTP/1.0', ['GET / HTTP/1.0'], 400, 'malformed_request'],
    [
      'a body without Origin',
      ['POST / HTTP/1.1', 'Host: OURS', 'Content-Length: 0'],
      403,
      'untrusted_origin',
    ],
    ['an absolute address', ['GET http://evil.example/ HTTP/1.1', 'Host: OURS'], 400, 'malformed_request'],
    ['two Hosts', ['GET / HTTP/1.1', 'Host: OURS', 'Host: evil.example'], 400, 'malformed_request'],
    ['an unknown method', ['PROPFIND / HTTP/1.1', 'Host: OURS'], 405, 'method_not_allowed'],
    [
      'another expectation',
      ['POST / HTTP/1.1', 'Host: OURS', 'Expect: magic', 'Content-Length: 0'],
      403,
      'untrusted_origin',
    ],
  ] as const)('refuses %s with all headers and plain words', async (_, lines, status, code) => {
    await open();
    const ours = lines.map((line) => line.replace('OURS', `127.0.0.1:${port}`));
    const { message, hint } = refusal(code);
    expect(await rawExchange(port, [...ours, 'Connection: close'])).toMatchObject({
      status,
      headers: {
        ...STRICT_HEADERS,
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
      },
      body: `${message} ${hint}\n`,
    });
    expect(seen).toEqual([]);
  });

  it('says that a body is too large while it is still being sent', async () => {
    await open();
    const origin = `Origin: http://127.0.0.1:${port}`;
    const answer = await ask('POST /', [origin, 'Content-Length: 3000000'], 'x'.repeat(3_000_000));
    expect(answer).toMatchObject({ status: 413, headers: STRICT_HEADERS });
    expect(seen).toEqual([]);
  });

  it.each([
    ['no HTTP at all', ['HELO example.com'], 400],
    ['headers beyond 16 KB', ['GET / HTTP/1.1', 'Host: x', `A: ${'a'.repeat(20_000)}`], 431],
    ['two lengths', ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2'], 400],
    [
      'length and chunks',
      ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
      400,
    ],
    ['a space in a header name', ['GET / HTTP/1.1', 'Host : x'], 400],
  ] as const)('answers %s with all headers', async (_, lines, status) => {
    await open();
    expect(await rawExchange(port, lines)).toMatchObject({ status, headers: STRICT_HEADERS });
    expect(seen).toEqual([]);
  });

  it('speaks no other protocol when built', async () => {
    await open();
    const answer = await ask('GET /_next/webpack-hmr', ['Connection: Upgrade', 'Upgrade: websocket']);
    expect(answer).toMatchObject({ status: 400, headers: STRICT_HEADERS });
    expect(seen).toEqual([]);
  });

  it('lets the live reload of our own page through in development', async () => {
    await open({ isDev: true });
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];
    expect(await ask('GET /_next/webpack-hmr', [...upgrade, 'Origin: http://evil.example'])).toMatchObject({
      status: 403,
    });
    expect(seen).toEqual([]);
    await ask('GET /_next/webpack-hmr', [...upgrade, `Origin: http://127.0.0.1:${port}`]);
    expect(seen).toHaveLength(1);
  });

  it('asks for a login when exposed, and takes the cookie of the link', async () => {
    await open({ needsLogin: true });
    if (state.login === null) throw new Error('expected a login');
    expect(await ask('GET /')).toMatchObject({ status: 401, headers: STRICT_HEADERS });
    expect(await ask('GET /_next/static/chunks/main.js')).toMatchObject({ status: 401 });
    expect(await ask('GET /login?token=wrong')).toMatchObject({ status: 401 });
    const welcome = await ask(`GET ${loginLink('', state.login)}`);
    expect(welcome).toMatchObject({
      status: 200,
      headers: { ...STRICT_HEADERS, 'cache-control': 'no-store' },
    });
    const cookie = welcome.headers['set-cookie']?.split(';')[0];
    expect(seen).toEqual([]);
    expect(await ask('GET /', [`Cookie: ${cookie}`])).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(1);
  });

  it('makes a guesser wait', async () => {
    await open({ needsLogin: true });
    for (let i = 0; i < 10; i += 1) await ask('GET /login?token=wrong');
    expect(await ask('GET /login?token=wrong')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
    });
  });
});

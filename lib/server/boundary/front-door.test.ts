import { describe, expect, it } from 'vitest';
import { decodedForm, TRAVERSAL_FORMS } from '@/lib/testing/traversal-forms';
import { createBoundaryState } from './boundary-state';
import { headersOf, isPosingHeader, judgeRequest, judgeUpgrade, MAX_ACTION_BODY_BYTES } from './front-door';

const state = createBoundaryState({ port: 3000, extraNames: [], needsLogin: false, now: () => 0 });
const HOST = ['Host', 'localhost:3000'];
const ORIGIN = ['Origin', 'http://localhost:3000'];
const LENGTH = ['Content-Length', '10'];

function verdict(method: string, target: string, rawHeaders: string[], of = state): string {
  return judgeRequest({ method, target, rawHeaders }, of)?.code ?? 'let in';
}

describe('judgeRequest', () => {
  it.each(['GET', 'HEAD'])('lets %s of our own host in, from wherever the link was', (method) => {
    expect(verdict(method, '/', HOST)).toBe('let in');
    expect(verdict(method, '/', [...HOST, 'Sec-Fetch-Site', 'cross-site'])).toBe('let in');
  });

  it('lets our own page act', () => {
    expect(verdict('POST', '/', [...HOST, ...ORIGIN, ...LENGTH])).toBe('let in');
    expect(verdict('PUT', '/api/datasets', [...HOST, ...ORIGIN])).toBe('let in');
    expect(verdict('DELETE', '/api/x', [...HOST, ...ORIGIN, 'Sec-Fetch-Site', 'same-origin'])).toBe('let in');
  });

  it.each([
    ['no Host', [], 'malformed_request'],
    ['two Hosts', [...HOST, ...HOST], 'malformed_request'],
    ['two Hosts, one foreign', [...HOST, 'hOsT', 'evil.example'], 'malformed_request'],
    ['a foreign Host', ['Host', 'evil.example:3000'], 'untrusted_host'],
    ['an empty Host', ['Host', ''], 'untrusted_host'],
  ])('refuses %s on any method', (_, host, code) => {
    expect(verdict('GET', '/', host)).toBe(code);
    expect(verdict('POST', '/', [...host, ...ORIGIN, ...LENGTH])).toBe(code);
  });

  it.each(['http://localhost:3000/', 'http://evil.example/', '*', '', 'localhost:3000'])(
    'refuses the address form %j',
    (target) => {
      expect(verdict('GET', target, HOST)).toBe('malformed_request');
    },
  );

  it.each(['OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'get'])('refuses the method %s', (method) => {
    expect(verdict(method, '/', [...HOST, ...ORIGIN, ...LENGTH])).toBe('method_not_allowed');
  });

  it.each([
    ['no Origin', [], 'untrusted_origin'],
    ['Origin null', ['Origin', 'null'], 'untrusted_origin'],
    ['a foreign Origin', ['Origin', 'http://evil.example'], 'untrusted_origin'],
    ['two Origins', [...ORIGIN, 'Origin', 'http://evil.example'], 'untrusted_origin'],
    ['a cross-site fetch', [...ORIGIN, 'Sec-Fetch-Site', 'cross-site'], 'untrusted_origin'],
    ['a forwarded host', [...ORIGIN, 'X-Forwarded-Host', 'evil.example'], 'forwarded_request'],
    ['a Forwarded header', [...ORIGIN, 'Forwarded', 'host=evil.example'], 'forwarded_request'],
  ])('refuses to act with %s', (_, headers, code) => {
    expect(verdict('POST', '/', [...HOST, ...LENGTH, ...headers])).toBe(code);
    expect(verdict('PUT', '/api/datasets', [...HOST, ...headers])).toBe(code);
  });

  it('caps what an action may carry, and asks for its length', () => {
    const post = (length: string[]) => verdict('POST', '/', [...HOST, ...ORIGIN, ...length]);
    expect(post([])).toBe('length_required');
    expect(post(['Transfer-Encoding', 'chunked'])).toBe('length_required');
    expect(post(['Content-Length', String(MAX_ACTION_BODY_BYTES)])).toBe('let in');
    expect(post(['Content-Length', String(MAX_ACTION_BODY_BYTES + 1)])).toBe('body_too_large');
    expect(post(['Content-Length', '1e99'])).toBe('body_too_large');
    expect(post(['Content-Length', 'many'])).toBe('body_too_large');
    expect(post(['Content-Length', '1', 'Content-Length', '2'])).toBe('body_too_large');
  });

  const atModel = (raw: string) => verdict('GET', `/api/models/${raw}/a`, HOST);

  it('refuses addresses that cannot be decoded, and those that a framework would resolve to others', () => {
    const isResolved = (path: string) => /[\0\\]|(?:^|\/)\.{1,2}(?:\/|$)/.test(path);
    for (const [what, raw] of TRAVERSAL_FORMS) {
      const decoded = decodedForm(raw);
      const expected = decoded === null || isResolved(decoded) ? 'malformed_request' : 'let in';
      expect(atModel(raw), what).toBe(expected);
    }
  });

  it.each(['..', '.', '%2e%2E', '%2e', 'a/../b', 'a\\b', 'a%5Cb', '%00', '%', '%c0%af'])(
    'refuses the address part %s',
    (raw) => {
      expect(atModel(raw)).toBe('malformed_request');
    },
  );

  it.each(['..a', 'a..', '...', 'a.b', '.a', '%252e%252e', '%E2%82%AC'])(
    'lets the address part %s in',
    (raw) => {
      expect(atModel(raw)).toBe('let in');
      expect(verdict('GET', `/?a=../${raw}`, HOST)).toBe('let in');
    },
  );

  it('asks for the login cookie where the server is exposed', () => {
    const exposed = createBoundaryState({
      port: 3000,
      extraNames: ['192.0.2.7'],
      needsLogin: true,
      now: () => 0,
    });
    const host = ['Host', '192.0.2.7:3000'];
    expect(verdict('GET', '/', host, exposed)).toBe('login_required');
    const cookie = ['Cookie', `${exposed.login?.cookieName}=${exposed.login?.sessionSecret}`];
    expect(verdict('GET', '/', [...host, ...cookie], exposed)).toBe('let in');
    expect(verdict('GET', '/', ['Host', 'evil.example:3000', ...cookie], exposed)).toBe('untrusted_host');
  });
});

describe('judgeUpgrade', () => {
  const upgrade = (target: string, headers: string[], isDev = true) =>
    judgeUpgrade({ method: 'GET', target, rawHeaders: headers }, state, isDev)?.code ?? 'let in';

  it('is shut in a built server', () => {
    expect(upgrade('/_next/webpack-hmr', [...HOST, ...ORIGIN], false)).toBe('upgrade_refused');
  });

  it('lets our own page listen for changes in development', () => {
    expect(upgrade('/_next/webpack-hmr', [...HOST, ...ORIGIN])).toBe('let in');
    expect(upgrade('/other', [...HOST, ...ORIGIN])).toBe('upgrade_refused');
    expect(upgrade('/_next/webpack-hmr', HOST)).toBe('untrusted_origin');
    expect(upgrade('/_next/webpack-hmr', [...HOST, 'Origin', 'http://evil.example'])).toBe(
      'untrusted_origin',
    );
    expect(upgrade('/_next/webpack-hmr', ['Host', 'evil.example:3000', ...ORIGIN])).toBe('untrusted_host');
  });
});

describe('headersOf', () => {
  it('joins several values and ignores the case of names', () => {
    const headers = headersOf(['A', '1', 'b', '2', 'a', '3', 'X', 'a']);
    expect([headers.get('a'), headers.get('b'), headers.get('c')]).toEqual(['1, 3', '2', null]);
  });
});

describe('isPosingHeader', () => {
  it('names what only a proxy, the framework or we may say', () => {
    const posing =
      'X-Forwarded-Host X-Forwarded-For Forwarded Via X-Real-IP x-middleware-subrequest x-middleware-rewrite x-invoke-path x-matched-path x-action-forwarded x-next-cache-tags x-nonce Content-Security-Policy';
    expect(posing.split(' ').filter((name) => !isPosingHeader(name))).toEqual([]);
    const harmless =
      'Host Origin Cookie Next-Action Next-Router-State-Tree RSC X-Leadbench-Token Content-Type Last-Event-ID';
    expect(harmless.split(' ').filter(isPosingHeader)).toEqual([]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { type BoundaryState, createBoundaryState, installBoundary, removeBoundary } from './boundary-state';
import { isControlTarget, requireTrustedController } from './control-caller';
import { judgeRequest } from './front-door';

const HOST = '127.0.0.1:3000';
const ORIGIN = `http://${HOST}`;
const PLAN = { port: 3000, extraNames: [], needsLogin: false, now: () => 0 };

afterEach(removeBoundary);

function installed(needsLogin: boolean): BoundaryState {
  const state = createBoundaryState({ ...PLAN, needsLogin });
  installBoundary(state);
  return state;
}

function codeOf(method: string, headers: Record<string, string>): string {
  const result = requireTrustedController({ method, headers: new Headers(headers) });
  return result.ok ? 'trusted' : result.error.code;
}

describe('requireTrustedController', () => {
  it.each([false, true])('lets the command line in by its own token, exposed: %s', (needsLogin) => {
    const { controlToken } = installed(needsLogin);
    const words = { host: HOST, 'x-leadbench-token': controlToken };
    expect(codeOf('GET', words)).toBe('trusted');
    expect(codeOf('POST', { ...words, origin: ORIGIN })).toBe('trusted');
  });

  it('lets the page in by its token, and on an exposed server only with its login', () => {
    const { token } = installed(false);
    expect(codeOf('GET', { host: HOST, 'x-leadbench-token': token })).toBe('trusted');
    const exposed = installed(true);
    const words = { host: HOST, 'x-leadbench-token': exposed.token };
    expect(codeOf('GET', words)).toBe('login_required');
    const cookie = `${exposed.login?.cookieName}=${exposed.login?.sessionSecret}`;
    expect(codeOf('GET', { ...words, cookie })).toBe('trusted');
  });

  it.each([
    ['GET', { host: 'evil.example:3000' }, 'untrusted_host'],
    ['GET', { host: HOST, origin: 'http://evil.example' }, 'untrusted_origin'],
    ['GET', { host: HOST, 'sec-fetch-site': 'cross-site' }, 'untrusted_origin'],
    ['GET', { host: HOST, 'x-forwarded-host': 'evil.example' }, 'forwarded_request'],
    ['POST', { host: HOST }, 'untrusted_origin'],
    ['POST', { host: HOST, origin: 'http://evil.example' }, 'untrusted_origin'],
    ['DELETE', { host: HOST, origin: 'null' }, 'untrusted_origin'],
  ])('gives no token a way round the other rules: %s %j is %s', (method, headers, code) => {
    for (const secret of ['token', 'controlToken'] as const) {
      const state = installed(false);
      expect(
        codeOf(method, { ...(headers as Record<string, string>), 'x-leadbench-token': state[secret] }),
      ).toBe(code);
    }
  });

  it('refuses and counts what is no token of this process', () => {
    const state = installed(false);
    expect(codeOf('GET', { host: HOST })).toBe('missing_token');
    const another = createBoundaryState(PLAN).controlToken;
    const guess = () => codeOf('GET', { host: HOST, 'x-leadbench-token': another });
    expect(Array.from({ length: 11 }, guess)).toEqual([
      ...Array(10).fill('wrong_token'),
      'too_many_attempts',
    ]);
    expect(codeOf('GET', { host: HOST, 'x-leadbench-token': state.controlToken })).toBe('trusted');
  });

  it('trusts nobody behind another front door', () => {
    expect(codeOf('GET', { host: HOST })).toBe('boundary_closed');
  });
});

describe('the front door, for the command line', () => {
  const exposed = createBoundaryState({ ...PLAN, needsLogin: true });
  const verdict = (method: string, target: string, token: string) => {
    const rawHeaders = ['Host', HOST, 'Origin', ORIGIN, 'Content-Length', '0', 'X-Leadbench-Token', token];
    return judgeRequest({ method, target, rawHeaders }, exposed)?.code ?? 'let in';
  };
  const STUDY = `/api/studies/study-${'0'.repeat(20)}`;

  it.each(['/api/studies', STUDY, '/api/studies?x=1'])('lets it in at %s, without a login', (target) => {
    expect(verdict('GET', target, exposed.controlToken)).toBe('let in');
    expect(verdict('POST', target, exposed.controlToken)).toBe('let in');
    expect(verdict('GET', target, exposed.token)).toBe('login_required');
  });

  it.each([
    '/',
    '/api/datasets',
    `${STUDY}/events`,
    '/api/studies/',
    '/api/studies//x',
    '/Api/studies',
    '/login',
  ])('gives its token no way to %s', (target) => {
    expect(verdict('GET', target, exposed.controlToken)).toBe('login_required');
    expect(verdict('POST', target, exposed.controlToken)).toBe('login_required');
  });
});

describe('isControlTarget', () => {
  it('knows the list, one study and scoring, whatever the query', () => {
    const targets = [
      '/api/studies',
      '/api/studies?a',
      '/api/studies/study-00',
      '/api/score?model=model-00',
      '/api/openapi.json',
      '/api/score/x',
      '/api/models/model-00/model.onnx',
      '/api/studies/%73tudy',
      '/?/api/studies',
    ];
    expect(targets.map(isControlTarget)).toEqual([true, true, true, true, true, false, false, false, false]);
  });
});

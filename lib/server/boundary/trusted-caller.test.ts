import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BoundaryState, createBoundaryState, installBoundary, removeBoundary } from './boundary-state';
import { pageToken, requireTrustedCaller, requireTrustedRequest, TOKEN_HEADER } from './trusted-caller';

const HOST = '127.0.0.1:3000';
const ORIGIN = `http://${HOST}`;
const PLAN = { port: 3000, extraNames: [], needsLogin: false, now: () => 0 };

let state: BoundaryState;
beforeEach(() => {
  state = createBoundaryState(PLAN);
  installBoundary(state);
});
afterEach(removeBoundary);

/** The outcome of an action called with these headers: 'trusted' or the failure's code. */
function outcome(
  headers: Record<string, string>,
  token: string | null = state.token,
  readsOnly = false,
): string {
  const result = requireTrustedCaller({ headers: new Headers(headers), token, readsOnly });
  return result.ok ? 'trusted' : result.error.code;
}

describe('requireTrustedCaller for what acts', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000'])('trusts our page at %s', (host) => {
    expect(outcome({ host, origin: `http://${host}` })).toBe('trusted');
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['another name (rebinding)', 'evil.example:3000'],
    ['another port', '127.0.0.1:3001'],
    ['no port', '127.0.0.1'],
    ['a trailing dot', 'localhost.:3000'],
    ['upper case', 'LOCALHOST:3000'],
    ['a sub-domain', 'a.localhost:3000'],
    ['our name as a prefix', '127.0.0.1:3000.evil.example'],
    ['another spelling of loopback', '127.1:3000'],
    ['the unspecified address', '0.0.0.0:3000'],
    ['two values', '127.0.0.1:3000, evil.example'],
    ['user info', 'a@127.0.0.1:3000'],
  ])('refuses a Host that is %s, with an Origin to match', (_, host) => {
    const headers = host === undefined ? { origin: ORIGIN } : { host, origin: `http://${host}` };
    expect(outcome(headers as Record<string, string>)).toBe('untrusted_host');
  });

  it.each([
    ['absent', undefined],
    ['null', 'null'],
    ['empty', ''],
    ['foreign', 'http://evil.example'],
    ['a foreign name on our port', 'http://evil.example:3000'],
    ['another name of this machine', 'http://localhost:3000'],
    ['another port', 'http://127.0.0.1:3001'],
    ['without the port', 'http://127.0.0.1'],
    ['https', 'https://127.0.0.1:3000'],
    ['a sub-domain', 'http://a.127.0.0.1:3000'],
    ['a trailing dot', 'http://127.0.0.1.:3000'],
    ['upper case', 'HTTP://127.0.0.1:3000'],
    ['a trailing slash', 'http://127.0.0.1:3000/'],
    ['our origin as a prefix', 'http://127.0.0.1:3000.evil.example'],
    ['two values', 'http://127.0.0.1:3000, http://evil.example'],
  ])('refuses an Origin that is %s', (_, origin) => {
    expect(outcome(origin === undefined ? { host: HOST } : { host: HOST, origin })).toBe('untrusted_origin');
  });

  it.each(['cross-site', 'same-site', 'none'])('refuses Sec-Fetch-Site: %s', (site) => {
    expect(outcome({ host: HOST, origin: ORIGIN, 'sec-fetch-site': site })).toBe('untrusted_origin');
  });

  it.each([
    [{ 'x-forwarded-host': 'evil.example' }, 'forwarded_request'],
    [{ forwarded: 'host=evil.example' }, 'forwarded_request'],
    // Next repeats our own Host there before an action runs.
    [{ 'x-forwarded-host': HOST, 'x-forwarded-proto': 'http', 'x-forwarded-for': '127.0.0.1' }, 'trusted'],
  ])('judges %j as %s', (headers, expected) => {
    expect(outcome({ host: HOST, origin: ORIGIN, ...headers } as Record<string, string>)).toBe(expected);
  });

  it('refuses a missing, an empty and a wrong token', () => {
    const headers = { host: HOST, origin: ORIGIN };
    expect(outcome(headers, null)).toBe('missing_token');
    expect(outcome(headers, '')).toBe('missing_token');
    expect(outcome(headers, `${state.token}x`)).toBe('wrong_token');
    expect(outcome(headers, state.token.slice(0, -1))).toBe('wrong_token');
    expect(outcome(headers, createBoundaryState(PLAN).token)).toBe('wrong_token');
  });

  it('refuses a token that is no string, whatever the types promised', () => {
    for (const token of [{}, [state.token], 7, true]) {
      expect(outcome({ host: HOST, origin: ORIGIN }, token as never)).toBe('missing_token');
    }
  });

  it('slows the eleventh wrong token in a minute, never the right one', () => {
    const headers = { host: HOST, origin: ORIGIN };
    const codes = Array.from({ length: 12 }, () => outcome(headers, 'wrong'));
    expect(codes).toEqual([
      ...Array.from({ length: 10 }, () => 'wrong_token'),
      'too_many_attempts',
      'too_many_attempts',
    ]);
    expect(outcome(headers)).toBe('trusted');
  });

  it('trusts nobody when the boundary is absent', () => {
    const { token } = state;
    removeBoundary();
    expect(outcome({ host: HOST, origin: ORIGIN }, token)).toBe('boundary_closed');
    expect(outcome({}, null)).toBe('boundary_closed');
  });
});

describe('requireTrustedCaller for what only reads', () => {
  const read = (headers: Record<string, string>, token: string | null = state.token) =>
    outcome({ host: HOST, ...headers }, token, true);

  it('trusts a same-origin read, which carries no Origin', () => {
    expect(read({})).toBe('trusted');
    expect(read({ 'sec-fetch-site': 'same-origin' })).toBe('trusted');
    expect(read({ 'sec-fetch-site': 'none' })).toBe('trusted');
    expect(read({ origin: ORIGIN })).toBe('trusted');
  });

  it('refuses other sites, and everybody without the token', () => {
    expect(read({ 'sec-fetch-site': 'cross-site' })).toBe('untrusted_origin');
    expect(read({ 'sec-fetch-site': 'same-site' })).toBe('untrusted_origin');
    expect(read({ origin: 'null' })).toBe('untrusted_origin');
    expect(read({ origin: 'http://evil.example' })).toBe('untrusted_origin');
    expect(read({ host: 'evil.example:3000' })).toBe('untrusted_host');
    expect(read({}, null)).toBe('missing_token');
    expect(read({}, 'wrong')).toBe('wrong_token');
  });
});

describe('requireTrustedCaller with a login', () => {
  beforeEach(() => {
    state = createBoundaryState({ ...PLAN, needsLogin: true });
    installBoundary(state);
  });

  it('asks for the session cookie beside the token', () => {
    const headers = { host: HOST, origin: ORIGIN };
    const cookie = `leadbench_session_3000=${state.login?.sessionSecret}`;
    expect(outcome(headers)).toBe('login_required');
    expect(outcome({ ...headers, cookie: 'leadbench_session_3000=wrong' })).toBe('login_required');
    expect(outcome({ ...headers, cookie: `leadbench_session_3000=${state.login?.linkToken}` })).toBe(
      'login_required',
    );
    expect(outcome({ ...headers, cookie: `a=b; ${cookie}` })).toBe('trusted');
    expect(outcome({ ...headers, cookie: `${cookie}; ${cookie}` })).toBe('login_required');
    expect(outcome({ ...headers, cookie }, null)).toBe('missing_token');
  });
});

describe('requireTrustedRequest', () => {
  const send = (method: string, headers: Record<string, string>) => {
    const result = requireTrustedRequest({ method, headers: new Headers({ host: HOST, ...headers }) });
    return result.ok ? 'trusted' : result.error.code;
  };

  it('asks for an Origin of every method but GET and HEAD', () => {
    const token = { [TOKEN_HEADER]: state.token };
    expect(send('GET', token)).toBe('trusted');
    expect(send('HEAD', token)).toBe('trusted');
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'get']) {
      expect(send(method, token), method).toBe('untrusted_origin');
      expect(send(method, { ...token, origin: ORIGIN }), method).toBe('trusted');
    }
    expect(send('GET', {})).toBe('missing_token');
  });
});

describe('pageToken', () => {
  it('is the token of the running process, and a bug without one', () => {
    expect(pageToken()).toBe(state.token);
    removeBoundary();
    expect(() => pageToken()).toThrow('without a boundary');
  });
});

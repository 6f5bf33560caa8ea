import { afterEach, describe, expect, it } from 'vitest';
import { type BoundaryState, createBoundaryState, installBoundary, removeBoundary } from './boundary-state';
import { judgeRequest } from './front-door';
import { isMonitorTarget, monitorTokenFrom, requireMonitor } from './monitor-caller';

const HOST = '127.0.0.1:3000';
const TOKEN = '0123456789abcdef0123456789abcdef';
const PLAN = { port: 3000, extraNames: [], needsLogin: false, now: () => 0 };

afterEach(removeBoundary);

/** The outcome of a read with these headers on a server of this plan: 'trusted' or the failure's code. */
function outcome(
  headers: Record<string, string>,
  plan: { needsLogin?: boolean; monitorToken?: string } = {},
): string {
  const state = createBoundaryState({ ...PLAN, ...plan });
  installBoundary(state);
  return codeOf(headers);
}

function codeOf(headers: Record<string, string>): string {
  const result = requireMonitor({ headers: new Headers(headers) });
  return result.ok ? 'trusted' : result.error.code;
}

describe('requireMonitor', () => {
  it('lets the programs of this machine read without a token', () => {
    expect(outcome({ host: HOST })).toBe('trusted');
    expect(outcome({ host: 'localhost:3000', 'sec-fetch-site': 'none' })).toBe('trusted');
  });

  it.each([
    [{ host: 'evil.example:3000' }, 'untrusted_host'],
    [{ host: HOST, origin: 'http://evil.example' }, 'untrusted_origin'],
    [{ host: HOST, 'sec-fetch-site': 'cross-site' }, 'untrusted_origin'],
    [{ host: HOST, 'sec-fetch-site': 'same-site' }, 'untrusted_origin'],
    [{ host: HOST, 'x-forwarded-host': 'evil.example' }, 'forwarded_request'],
  ])('judges another site %j as %s', (headers, code) => {
    expect(outcome(headers as Record<string, string>)).toBe(code);
    expect(outcome({ ...headers, authorization: `Bearer ${TOKEN}` }, { monitorToken: TOKEN })).toBe(code);
  });

  it('lets nobody read an exposed server for which no token was chosen', () => {
    expect(outcome({ host: HOST }, { needsLogin: true })).toBe('monitor_unknown');
    expect(outcome({ host: HOST, authorization: 'Bearer ' }, { needsLogin: true })).toBe('monitor_unknown');
    expect(outcome({ host: HOST, authorization: 'Bearer null' }, { needsLogin: true })).toBe(
      'monitor_unknown',
    );
  });

  it.each([
    [`Bearer ${TOKEN}`, 'trusted'],
    [`bearer  ${TOKEN}`, 'trusted'],
    [`Bearer ${TOKEN}x`, 'monitor_unknown'],
    [`Bearer ${TOKEN.slice(1)}`, 'monitor_unknown'],
    [TOKEN, 'monitor_unknown'],
    [`Basic ${TOKEN}`, 'monitor_unknown'],
    [`Bearer ${TOKEN} ${TOKEN}`, 'monitor_unknown'],
  ])('asks for the token that was chosen, exposed or not: %s is %s', (authorization, expected) => {
    for (const needsLogin of [true, false]) {
      expect(outcome({ host: HOST, authorization }, { needsLogin, monitorToken: TOKEN })).toBe(expected);
      expect(outcome({ host: HOST }, { needsLogin, monitorToken: TOKEN })).toBe('monitor_unknown');
    }
  });

  it('lets a person read who is logged in', () => {
    const state = createBoundaryState({ ...PLAN, needsLogin: true });
    installBoundary(state);
    expect(codeOf({ host: HOST, cookie: cookieOf(state) })).toBe('trusted');
    expect(codeOf({ host: HOST, cookie: `${cookieOf(state)}x` })).toBe('monitor_unknown');
  });

  it('slows who guesses, not who knows, nor the page', () => {
    const state = createBoundaryState({ ...PLAN, needsLogin: true, monitorToken: TOKEN });
    installBoundary(state);
    const guess = (i: number) => codeOf({ host: HOST, authorization: `Bearer guess-${i}` });
    expect(Array.from({ length: 10 }, (_, i) => guess(i))).toEqual(Array(10).fill('monitor_unknown'));
    expect(guess(10)).toBe('too_many_attempts');
    expect(codeOf({ host: HOST, authorization: `Bearer ${TOKEN}` })).toBe('trusted');
    expect(state.wrongTokens.waitMs('any')).toBe(0);
  });

  it('trusts nobody behind another front door', () => {
    expect(codeOf({ host: HOST })).toBe('boundary_closed');
  });
});

describe('the front door, for a monitoring system', () => {
  const exposed = createBoundaryState({ ...PLAN, needsLogin: true, monitorToken: TOKEN });
  const verdict = (method: string, target: string, headers: string[]) =>
    judgeRequest({ method, target, rawHeaders: ['Host', HOST, ...headers] }, exposed)?.code ?? 'let in';
  const bearer = ['Authorization', `Bearer ${TOKEN}`];

  it.each(['/metrics', '/healthz', '/readyz', '/metrics?x=1'])('lets it read %s, and no other', (target) => {
    expect(verdict('GET', target, bearer)).toBe('let in');
    expect(verdict('HEAD', target, bearer)).toBe('let in');
    expect(verdict('GET', target, [])).toBe('monitor_unknown');
    expect(verdict('GET', target, ['Cookie', cookieOf(exposed)])).toBe('let in');
  });

  it.each(['/', '/api/datasets', '/metrics/', '/metrics/x', '/Metrics', '/%6detrics', '//metrics'])(
    'gives its token no way to %s',
    (target) => {
      expect(verdict('GET', target, bearer)).toBe('login_required');
    },
  );

  it('gives its token no way to act', () => {
    const act = ['Origin', `http://${HOST}`, 'Content-Length', '0', ...bearer];
    expect(verdict('POST', '/metrics', act)).toBe('login_required');
  });
});

describe('isMonitorTarget', () => {
  it('knows the three paths, whatever the query', () => {
    expect(['/metrics', '/healthz?', '/readyz?a=/metrics', '/?/metrics', ''].map(isMonitorTarget)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('monitorTokenFrom', () => {
  it('is null until somebody chooses a token', () => {
    expect(monitorTokenFrom({})).toEqual({ ok: true, value: null });
    expect(monitorTokenFrom({ LEADBENCH_METRICS_TOKEN: '' })).toEqual({ ok: true, value: null });
    expect(monitorTokenFrom({ LEADBENCH_METRICS_TOKEN: TOKEN })).toEqual({ ok: true, value: TOKEN });
  });

  it.each(['short', TOKEN.slice(1), `${TOKEN} `, `${TOKEN}\n`, `${TOKEN}é`])(
    'refuses %j without repeating it',
    (token) => {
      const result = monitorTokenFrom({ LEADBENCH_METRICS_TOKEN: token });
      expect(result).toMatchObject({ ok: false, error: { code: 'weak_metrics_token' } });
      expect(JSON.stringify(result)).not.toContain(JSON.stringify(token).slice(1, -1));
    },
  );
});

function cookieOf({ login }: BoundaryState): string {
  return `${login?.cookieName}=${login?.sessionSecret}`;
}

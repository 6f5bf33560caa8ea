import { fail, type Result, succeed } from '@/lib/core/result';
import { type BoundaryState, currentBoundary } from './boundary-state';
import {
  type HeaderReader,
  refuseForeignHost,
  refuseForeignRead,
  refuseForwardedHost,
  refuseWithoutLogin,
} from './caller-rules';
import { type Refusal, refusal } from './refusal';
import { isSameSecret } from './secret-token';

/** What a monitoring system reads. It has no page to take a token from and follows no login link. */
const MONITOR_PATHS: readonly string[] = ['/metrics', '/healthz', '/readyz'];

/** A secret that somebody chose: 32 characters hold 128 bits even where each is one of 16. */
const MIN_TOKEN_CHARACTERS = 32;

/** Tell whether a request line's address is one of those that a monitoring system reads. */
export function isMonitorTarget(target: string): boolean {
  return MONITOR_PATHS.includes(target.split('?', 1)[0] ?? '');
}

/**
 * Read the token that a monitoring system must send from `LEADBENCH_METRICS_TOKEN`; null where it is unset or empty.
 * Fails with `weak_metrics_token` for one that could be guessed, or that no header can carry.
 *
 * @param env as `process.env`
 */
export function monitorTokenFrom(env: Readonly<Record<string, string | undefined>>): Result<string | null> {
  const token = env.LEADBENCH_METRICS_TOKEN ?? '';
  if (token === '') return succeed(null);
  if (token.length >= MIN_TOKEN_CHARACTERS && /^[\x21-\x7e]+$/.test(token)) return succeed(token);
  return fail(
    'weak_metrics_token',
    `LEADBENCH_METRICS_TOKEN must be at least ${MIN_TOKEN_CHARACTERS} visible ASCII characters without spaces.`,
    'Make one with: openssl rand -hex 32.',
  );
}

/**
 * Refuse who is not a monitoring system of ours: where a token is configured it must be sent as
 * `Authorization: Bearer …`; else everybody on this machine may read, and on an exposed server nobody.
 * A person who is logged in may read always.
 */
export function refuseUnknownMonitor(headers: HeaderReader, state: BoundaryState): Refusal | null {
  if (state.login !== null && refuseWithoutLogin(headers, state) === null) return null;
  if (state.monitorToken === null) return state.login === null ? null : refusal('monitor_unknown');
  const presented = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (presented === undefined) return refusal('monitor_unknown');
  if (isSameSecret(presented, state.monitorToken)) return null;
  const mustWait = state.wrongTokens.waitMs('monitor') > 0;
  state.wrongTokens.recordWrong('monitor');
  return refusal(mustWait ? 'too_many_attempts' : 'monitor_unknown');
}

/**
 * Let a request for metrics or health through if it comes from this machine's own programs, or from who may read it on
 * an exposed server, and not from another site in somebody's browser. Those routes call it first, inside themselves.
 * Checked in order: Host, Origin and Sec-Fetch-Site, forwarded host, login cookie or bearer token.
 * Fails with `boundary_closed` when the server was started without `installBoundary`.
 */
export function requireMonitor({ headers }: { readonly headers: HeaderReader }): Result<void> {
  const state = currentBoundary();
  const refused =
    state === null
      ? refusal('boundary_closed')
      : (refuseForeignHost(headers, state) ??
        refuseForeignRead(headers) ??
        refuseForwardedHost(headers) ??
        refuseUnknownMonitor(headers, state));
  return refused === null ? succeed(undefined) : { ok: false, error: refused };
}

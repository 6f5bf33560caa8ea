import type { BoundaryState } from './boundary-state';
import { type Refusal, refusal } from './refusal';
import { isSameSecret } from './secret-token';

/** The part of `Headers` that the rules read: one value a name, several joined by a comma, null when absent. */
export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * Refuse a Host header that is not ours. Compared byte for byte: a trailing dot, upper case, another port or a second
 * Host never comes from a browser that was sent here, and a name that merely resolves to this machine (DNS rebinding)
 * is another name.
 */
export function refuseForeignHost(headers: HeaderReader, state: BoundaryState): Refusal | null {
  const host = headers.get('host');
  return host !== null && state.allowedHosts.includes(host) ? null : refusal('untrusted_host');
}

/** Refuse a request that names another host in a proxy's header. Next itself repeats the Host header there. */
export function refuseForwardedHost(headers: HeaderReader): Refusal | null {
  const forwardedHost = headers.get('x-forwarded-host');
  const isForeign = forwardedHost !== null && forwardedHost !== headers.get('host');
  return isForeign || headers.get('forwarded') !== null ? refusal('forwarded_request') : null;
}

/**
 * Refuse a request that acts and was not sent by our own page: Origin must be there and be scheme, name and port of
 * the very host that was addressed, and `Sec-Fetch-Site`, where a browser sends it, must say same-origin.
 * Call after `refuseForeignHost`.
 */
export function refuseForeignAct(headers: HeaderReader): Refusal | null {
  const site = headers.get('sec-fetch-site');
  const isOwn = headers.get('origin') === ownOrigin(headers) && (site === null || site === 'same-origin');
  return isOwn ? null : refusal('untrusted_origin');
}

/**
 * Refuse a request that reads on behalf of another site. Browsers leave Origin out of same-origin reads, so it may be
 * absent; what is there must be ours, and `Sec-Fetch-Site` may also be none (typed into the address bar).
 */
export function refuseForeignRead(headers: HeaderReader): Refusal | null {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const isOwn =
    (origin === null || origin === ownOrigin(headers)) &&
    (site === null || site === 'same-origin' || site === 'none');
  return isOwn ? null : refusal('untrusted_origin');
}

/** Refuse a caller without the session cookie of the login link, where the server asks for a login. */
export function refuseWithoutLogin(headers: HeaderReader, state: BoundaryState): Refusal | null {
  if (state.login === null) return null;
  const presented = cookieValue(headers.get('cookie'), state.login.cookieName);
  return presented !== null && isSameSecret(presented, state.login.sessionSecret)
    ? null
    : refusal('login_required');
}

/** Refuse a caller that does not hold the token of this process. */
export function refuseWithoutToken(token: string | null | undefined, state: BoundaryState): Refusal | null {
  if (typeof token !== 'string' || token === '') return refusal('missing_token');
  if (isSameSecret(token, state.token)) return null;
  // One counter for all: the right token is never slowed, so a stale tab cannot lock the others out.
  const mustWait = state.wrongTokens.waitMs('any') > 0;
  state.wrongTokens.recordWrong('any');
  return refusal(mustWait ? 'too_many_attempts' : 'wrong_token');
}

function ownOrigin(headers: HeaderReader): string {
  return `http://${headers.get('host')}`;
}

/** Read one cookie from a Cookie header; null when it is absent or stands there twice. */
export function cookieValue(header: string | null, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}

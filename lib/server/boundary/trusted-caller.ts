import type { Result } from '@/lib/core/result';
import { type BoundaryState, currentBoundary } from './boundary-state';
import {
  type HeaderReader,
  refuseForeignAct,
  refuseForeignHost,
  refuseForeignRead,
  refuseForwardedHost,
  refuseWithoutLogin,
  refuseWithoutToken,
} from './caller-rules';
import { type Refusal, refusal } from './refusal';

/** Name of the request header in which routes expect the token of this process. */
export const TOKEN_HEADER = 'x-leadbench-token';

/** Who calls, as an action or a route sees it. */
export interface Call {
  readonly headers: HeaderReader;
  /** From the argument of an action, or from the `x-leadbench-token` header of a route; never from an address. */
  readonly token: string | null | undefined;
  /** True only for a route that changes nothing: same-origin reads carry no Origin. */
  readonly readsOnly?: boolean;
}

/**
 * Let a call through only if our own page in a trusted browser made it. Every action and route calls this first, inside
 * itself, and does nothing on a failure: no proxy, middleware or front door is relied on.
 * Checked in order: Host, Origin and Sec-Fetch-Site, forwarded host, login cookie, token.
 * Fails with `boundary_closed` when the server was started without `installBoundary`.
 */
export function requireTrustedCaller(call: Call): Result<void> {
  const state = currentBoundary();
  const refused = state === null ? refusal('boundary_closed') : refuseCall(call, state);
  return refused === null ? { ok: true, value: undefined } : { ok: false, error: refused };
}

/** As `requireTrustedCaller`, for a route: reads the token from its header, and asks for an Origin unless it is a GET or HEAD. */
export function requireTrustedRequest(request: {
  readonly method: string;
  readonly headers: HeaderReader;
}): Result<void> {
  return requireTrustedCaller({
    headers: request.headers,
    token: request.headers.get(TOKEN_HEADER),
    readsOnly: request.method === 'GET' || request.method === 'HEAD',
  });
}

function refuseCall(call: Call, state: BoundaryState): Refusal | null {
  const { headers, token, readsOnly = false } = call;
  return (
    refuseForeignHost(headers, state) ??
    (readsOnly ? refuseForeignRead(headers) : refuseForeignAct(headers)) ??
    refuseForwardedHost(headers) ??
    refuseWithoutLogin(headers, state) ??
    refuseWithoutToken(token, state)
  );
}

/** Give the token that the page must carry, for the server component that renders it. @throws When the boundary is not installed. */
export function pageToken(): string {
  const state = currentBoundary();
  if (state === null)
    throw new Error('The page was rendered by a server without a boundary; start it with npm start.');
  return state.token;
}

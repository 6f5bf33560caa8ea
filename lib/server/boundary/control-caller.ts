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
import { isSameSecret } from './secret-token';
import { TOKEN_HEADER } from './trusted-caller';

/** What the command line and programs on this machine ask of a running server: the studies, one of them, and scores. */
const CONTROL_PATH = /^\/api\/(?:studies(?:\/[a-z0-9-]+)?|score|openapi\.json)$/;

/** Tell whether a request line's address is one that the command line may ask for. */
export function isControlTarget(target: string): boolean {
  return CONTROL_PATH.test(target.split('?', 1)[0] ?? '');
}

/**
 * Tell whether a caller holds the token that the server left in its home for the command line. It cannot follow the login
 * link, and needs none: who can read that file owns the home.
 */
export function isController(headers: HeaderReader, { controlToken }: BoundaryState): boolean {
  const presented = headers.get(TOKEN_HEADER);
  return presented !== null && isSameSecret(presented, controlToken);
}

/**
 * Let a request for studies or scores through if our own page made it, or our own command line on this machine. Those routes call
 * it first, inside themselves. Checked in order: Host, Origin and Sec-Fetch-Site, forwarded host, then the command line's
 * token, or login cookie and page's token.
 * Fails with `boundary_closed` when the server was started without `installBoundary`.
 */
export function requireTrustedController(request: {
  readonly method: string;
  readonly headers: HeaderReader;
}): Result<void> {
  const state = currentBoundary();
  const refused = state === null ? refusal('boundary_closed') : refuseRequest(request, state);
  return refused === null ? { ok: true, value: undefined } : { ok: false, error: refused };
}

function refuseRequest(
  { method, headers }: { readonly method: string; readonly headers: HeaderReader },
  state: BoundaryState,
): Refusal | null {
  const readsOnly = method === 'GET' || method === 'HEAD';
  return (
    refuseForeignHost(headers, state) ??
    (readsOnly ? refuseForeignRead(headers) : refuseForeignAct(headers)) ??
    refuseForwardedHost(headers) ??
    (isController(headers, state)
      ? null
      : (refuseWithoutLogin(headers, state) ?? refuseWithoutToken(headers.get(TOKEN_HEADER), state)))
  );
}

import type { BoundaryState } from './boundary-state';
import {
  type HeaderReader,
  refuseForeignAct,
  refuseForeignHost,
  refuseForwardedHost,
  refuseWithoutLogin,
} from './caller-rules';
import { isController, isControlTarget } from './control-caller';
import { isMonitorTarget, refuseUnknownMonitor } from './monitor-caller';
import { type Refusal, refusal } from './refusal';

/** A request as it came over the wire, before any framework touched it. */
export interface ArrivingRequest {
  readonly method: string;
  /** The request line's address as sent, for example `/api/studies?x=1`. */
  readonly target: string;
  /** Names and values in turn, as `http.IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[];
}

/** Largest body of anything outside `/api/`: what a server action may carry. */
export const MAX_ACTION_BODY_BYTES = 1024 * 1024;

const READING_METHODS = ['GET', 'HEAD'];
const ACTING_METHODS = ['POST', 'PUT', 'DELETE'];

/**
 * Judge a request before the framework sees it: its shape, Host, method, Origin, login and length.
 * A second wall only: actions and routes check their callers themselves.
 */
export function judgeRequest(request: ArrivingRequest, state: BoundaryState): Refusal | null {
  const headers = headersOf(request.rawHeaders);
  return (
    refuseMalformed(request) ??
    refuseForeignHost(headers, state) ??
    refuseMethod(request.method) ??
    (READING_METHODS.includes(request.method) ? null : refuseAct(request, headers)) ??
    refuseStranger(request, headers, state)
  );
}

/**
 * A monitoring system and the command line cannot follow the login link, so each may show its own token instead, for what
 * is meant for it.
 */
function refuseStranger(
  { method, target }: ArrivingRequest,
  headers: HeaderReader,
  state: BoundaryState,
): Refusal | null {
  if (isControlTarget(target) && isController(headers, state)) return null;
  return READING_METHODS.includes(method) && isMonitorTarget(target)
    ? refuseUnknownMonitor(headers, state)
    : refuseWithoutLogin(headers, state);
}

/** Judge a request to speak another protocol, as the development server's live reload does. */
export function judgeUpgrade(request: ArrivingRequest, state: BoundaryState, isDev: boolean): Refusal | null {
  if (!isDev || !request.target.startsWith('/_next/')) return refusal('upgrade_refused');
  const headers = headersOf(request.rawHeaders);
  const origin = headers.get('origin');
  return (
    refuseMalformed(request) ??
    refuseForeignHost(headers, state) ??
    (origin === `http://${headers.get('host')}` ? null : refusal('untrusted_origin')) ??
    refuseWithoutLogin(headers, state)
  );
}

function refuseMalformed({ target, rawHeaders }: ArrivingRequest): Refusal | null {
  const hasOneHost = valuesOf(rawHeaders, 'host').length === 1;
  // An absolute address ("GET http://…") would name a second host beside the header.
  return hasOneHost && target.startsWith('/') && isPlainTarget(target) ? null : refusal('malformed_request');
}

/** Nothing here has such an address; a framework would resolve it to another one. */
function isPlainTarget(target: string): boolean {
  const decoded = decodedTarget(target);
  const path = decoded?.split(/[?#]/, 1)[0] ?? '';
  return decoded !== null && !/[\0\\]/.test(path) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(path);
}

function decodedTarget(target: string): string | null {
  try {
    return decodeURIComponent(target);
  } catch {
    // A broken percent encoding is what we look for, and decodeURIComponent has no other way to say it.
    return null;
  }
}

function refuseMethod(method: string): Refusal | null {
  return READING_METHODS.includes(method) || ACTING_METHODS.includes(method)
    ? null
    : refusal('method_not_allowed');
}

function refuseAct({ target }: ArrivingRequest, headers: HeaderReader): Refusal | null {
  return (
    refuseForeignAct(headers) ??
    refuseForwardedHost(headers) ??
    (target.startsWith('/api/') ? null : refuseLongBody(headers))
  );
}

function refuseLongBody(headers: HeaderReader): Refusal | null {
  const length = headers.get('content-length');
  if (length === null) return refusal('length_required');
  return Number(length) <= MAX_ACTION_BODY_BYTES ? null : refusal('body_too_large');
}

/** Read raw headers like `Headers` does: several values of a name joined by a comma and a space. */
export function headersOf(rawHeaders: readonly string[]): HeaderReader {
  return {
    get(name) {
      const values = valuesOf(rawHeaders, name);
      return values.length === 0 ? null : values.join(', ');
    },
  };
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}

/** Headers by which a stranger could pose as a proxy, as the framework itself, or as our own policy. */
const POSING_HEADERS =
  /^(?:forwarded|via|x-real-ip|x-nonce|x-matched-path|x-action-forwarded|x-(?:forwarded|middleware|invoke|next|vercel)-.*|content-security-policy(?:-report-only)?)$/;

/** Tell whether a header (any case) is taken off a request before the framework sees it. */
export function isPosingHeader(name: string): boolean {
  return POSING_HEADERS.test(name.toLowerCase());
}

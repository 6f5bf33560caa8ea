import type { Failure } from '@/lib/core/result';

/** Why a caller or its request is turned away, and the HTTP status that says so. */
export const REFUSAL_STATUS = {
  malformed_request: 400,
  bad_id: 400,
  untrusted_host: 403,
  untrusted_origin: 403,
  forwarded_request: 403,
  missing_token: 403,
  wrong_token: 403,
  login_required: 401,
  monitor_unknown: 401,
  too_many_attempts: 429,
  method_not_allowed: 405,
  length_required: 411,
  body_too_large: 413,
  upgrade_refused: 400,
  boundary_closed: 503,
  starting: 503,
} as const satisfies Record<string, number>;

/** Name of a reason for turning a caller away. */
export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** A caller was turned away; nothing was executed. */
export interface Refusal extends Failure {
  readonly code: RefusalCode;
}

const WORDS: Readonly<Record<RefusalCode, readonly [message: string, hint: string]>> = {
  malformed_request: [
    'The request cannot be read: its address, its Host header or one of its other headers is malformed.',
    'Open the address that Leadbench printed when it started.',
  ],
  bad_id: [
    'The address names no study, model or file that Leadbench could have made.',
    'Go back to the page and follow its own links.',
  ],
  untrusted_host: [
    'The request is addressed to a host that this server does not answer for.',
    'Open the address that Leadbench printed, or start it with --allow-host NAME if this machine has another name.',
  ],
  untrusted_origin: [
    "The request does not come from Leadbench's own page: its Origin is missing or is another site.",
    'Use the page itself; other sites and scripts cannot act here.',
  ],
  forwarded_request: [
    'The request says that it was passed on by a proxy, and this server trusts none.',
    'Open the address that Leadbench printed, without a proxy between.',
  ],
  missing_token: [
    'The request lacks the token that the page of this running server carries.',
    'Reload the page and try again.',
  ],
  wrong_token: [
    'The token of the request is not that of the running server; the server was probably restarted.',
    'Reload the page and try again.',
  ],
  login_required: [
    'This server listens beyond its own machine and asks everybody to log in.',
    'Open the login link that Leadbench printed when it started.',
  ],
  monitor_unknown: [
    'The metrics and the health of this server are for whoever is logged in or sends its metrics token.',
    'Start it with LEADBENCH_METRICS_TOKEN set, and send that as Authorization: Bearer; ops/README.md says more.',
  ],
  too_many_attempts: [
    'Too many wrong tokens were presented within a minute.',
    'Wait a minute, then reload the page or open the login link again.',
  ],
  method_not_allowed: [
    'The request uses a method that nothing here answers to.',
    'Use the page itself; it asks with GET, POST, PUT and DELETE only.',
  ],
  length_required: [
    'The request does not say how long its body is.',
    'Use the page itself; every browser sends the length.',
  ],
  body_too_large: [
    'The body of the request is larger than the 1 MB that an action may carry.',
    'Send a dataset through the page, which streams it by another way.',
  ],
  upgrade_refused: [
    'The request asks for another protocol, and this server speaks plain HTTP only.',
    'Use the page itself; it needs no WebSocket.',
  ],
  boundary_closed: [
    'The server was started without its front door, so it cannot tell who is asking and trusts nobody.',
    'Start Leadbench with npm start.',
  ],
  starting: ['Leadbench is still starting.', 'Try again in a few seconds.'],
};

/** Build the refusal for a code, in plain words that repeat nothing of the request. */
export function refusal(code: RefusalCode): Refusal {
  const [message, hint] = WORDS[code];
  return { code, message, hint };
}

/**
 * Give the HTTP status for a failure that leaves through a route: that of its refusal code,
 * or the given one (400 unless told) for failures of other rooms.
 */
export function statusOfFailure(failure: Failure, otherwise = 400): number {
  const statuses: Readonly<Record<string, number>> = REFUSAL_STATUS;
  return (Object.hasOwn(statuses, failure.code) ? statuses[failure.code] : undefined) ?? otherwise;
}

/** Answer a route's caller with a failure, as JSON `{ code, message, hint }` that no cache keeps. */
export function failureResponse(failure: Failure, status = statusOfFailure(failure)): Response {
  const { code, message, hint } = failure;
  return Response.json({ code, message, hint }, { status, headers: { 'Cache-Control': 'no-store' } });
}

/** A refusal as bytes to send: JSON for programs, two plain sentences for people. */
export interface RefusalBody {
  readonly contentType: string;
  readonly text: string;
}

/** Who gets a refusal, as the request tells it. */
export interface RefusalReader {
  readonly accept: string | undefined;
  /** The request line's address. */
  readonly target: string;
}

/** Write a refusal as JSON for routes under `/api/` and where the Accept header asks for it, else as plain text. */
export function refusalBody(failure: Failure, { accept, target }: RefusalReader): RefusalBody {
  const { code, message, hint } = failure;
  return accept?.includes('application/json') || target.startsWith('/api/')
    ? { contentType: 'application/json; charset=utf-8', text: `${JSON.stringify({ code, message, hint })}\n` }
    : { contentType: 'text/plain; charset=utf-8', text: `${message} ${hint}\n` };
}

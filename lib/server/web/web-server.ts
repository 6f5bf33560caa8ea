import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { assertNever } from '@/lib/core/result';
import { type BoundaryState, currentBoundary } from '@/lib/server/boundary/boundary-state';
import {
  type ArrivingRequest,
  isPosingHeader,
  judgeRequest,
  judgeUpgrade,
} from '@/lib/server/boundary/front-door';
import { answerLogin, type LoginAnswer } from '@/lib/server/boundary/login';
import {
  REFUSAL_STATUS,
  type Refusal,
  type RefusalReader,
  refusal,
  refusalBody,
} from '@/lib/server/boundary/refusal';
import { contentSecurityPolicy, securityHeaders } from '@/lib/server/boundary/security-headers';
import { connectionFailure, rawResponse } from './raw-response';

/** The web framework behind the front door. */
export interface Inside {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** What the server asks of its surroundings. */
export interface WebServerParts {
  readonly isDev: boolean;
  /** Null while the framework is still starting: requests are then asked to come back. */
  readonly inside: () => Inside | null;
}

const HEADERS_TIMEOUT_MS = 15_000;
/** A dataset of 256 MB over a slow network takes minutes; nothing honest takes longer than this. */
const REQUEST_TIMEOUT_MS = 300_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** How long a refused body is still read, so that the sender gets to see the refusal. */
const REFUSED_BODY_MS = 2_000;

/**
 * Create the HTTP server with its front door, not yet listening. Every response carries the security headers; a request
 * that the boundary refuses never reaches the framework.
 */
export function createWebServer(parts: WebServerParts): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 2_000,
    // Node would answer a missing Host by itself, without our headers.
    requireHostHeader: false,
  });
  server.on('request', (request, response) => receive(parts, request, response));
  server.on('checkExpectation', (request, response) => receive(parts, request, response));
  server.on('upgrade', (request, socket, head) => receiveUpgrade(parts, request, socket, head));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Bytes already sent belong to a response under way: adding another would garble it.
    if (!socket.writable || ('bytesWritten' in socket && socket.bytesWritten !== 0)) {
      socket.destroy();
      return;
    }
    const { status, text } = connectionFailure(error.code);
    socket.end(
      rawResponse(status, freshHeaders(parts.isDev), { contentType: 'text/plain; charset=utf-8', text }),
    );
  });
  return server;
}

/** What becomes of a request at the front door. */
type Verdict =
  | { readonly kind: 'let_in'; readonly inside: Inside }
  | Extract<LoginAnswer, { kind: 'welcome' }>
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly waitMs: number };

function judge(parts: WebServerParts, request: IncomingMessage): Verdict {
  const state = currentBoundary();
  const inside = parts.inside();
  if (state === null || inside === null)
    return { kind: 'refused', refusal: refusal('starting'), waitMs: 1000 };
  const refused = judgeRequest(arriving(request), state);
  const login = answerLoginLink(request, refused, state);
  if (login !== null) return login;
  return refused === null ? { kind: 'let_in', inside } : { kind: 'refused', refusal: refused, waitMs: 0 };
}

function receive(parts: WebServerParts, request: IncomingMessage, response: ServerResponse): void {
  const policy = { nonce: createNonce(), isDev: parts.isDev };
  for (const [name, value] of Object.entries(securityHeaders(policy))) response.setHeader(name, value);
  const verdict = judge(parts, request);
  switch (verdict.kind) {
    case 'refused':
      sendRefusal(request, response, verdict.refusal, verdict.waitMs);
      break;
    case 'welcome':
      sendWelcome(response, verdict);
      break;
    case 'let_in':
      scrubHeaders(request);
      // Next reads the nonce for its own scripts from the policy on the request.
      request.headers['content-security-policy'] = contentSecurityPolicy(policy);
      request.headers['x-nonce'] = policy.nonce;
      verdict.inside.handle(request, response).catch((error: unknown) => {
        console.error('A request ended in an error that nothing handled:', error);
        response.destroy();
      });
      break;
    default:
      assertNever(verdict);
  }
}

function receiveUpgrade(parts: WebServerParts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const state = currentBoundary();
  const inside = parts.inside();
  const isStarting = state === null || inside === null;
  const refused = isStarting ? refusal('starting') : judgeUpgrade(arriving(request), state, parts.isDev);
  if (refused === null) {
    inside?.upgrade(request, socket, head);
    return;
  }
  socket.on('error', () => socket.destroy());
  const body = refusalBody(refused, readerOf(request));
  socket.end(rawResponse(REFUSAL_STATUS[refused.code], freshHeaders(parts.isDev), body));
}

function arriving(request: IncomingMessage): ArrivingRequest {
  return { method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders };
}

function readerOf(request: IncomingMessage): RefusalReader {
  return { accept: request.headers.accept, target: request.url ?? '' };
}

function answerLoginLink(
  request: IncomingMessage,
  refused: Refusal | null,
  { login }: BoundaryState,
): LoginAnswer | null {
  const isElseFine = refused === null || refused.code === 'login_required';
  if (login === null || !isElseFine || request.method !== 'GET') return null;
  return answerLogin(request.url ?? '', request.socket.remoteAddress ?? '', login);
}

function sendWelcome(
  response: ServerResponse,
  { setCookie, page }: { setCookie: string; page: string },
): void {
  response.writeHead(200, {
    'Set-Cookie': setCookie,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(page);
}

function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refused: Refusal,
  waitMs: number,
): void {
  const { contentType, text } = refusalBody(refused, readerOf(request));
  if (waitMs > 0) response.setHeader('Retry-After', String(Math.ceil(waitMs / 1000)));
  response.writeHead(REFUSAL_STATUS[refused.code], {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.write(text);
  endWhenRead(request, response);
}

/** The answer is out; reading on for a moment lets the sender finish and see it, where a reset would hide it. */
function endWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    clearTimeout(patience);
    response.end();
  };
  const patience = setTimeout(end, REFUSED_BODY_MS);
  if (request.complete && request.readableEnded) end();
  request.once('end', end);
  request.once('close', end);
  request.resume();
}

function scrubHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) if (isPosingHeader(name)) delete request.headers[name];
  request.rawHeaders = request.rawHeaders.filter((_, i, raw) => !isPosingHeader(raw[i - (i % 2)] ?? ''));
}

function freshHeaders(isDev: boolean): Readonly<Record<string, string>> {
  return securityHeaders({ nonce: createNonce(), isDev });
}

function createNonce(): string {
  return randomBytes(16).toString('base64');
}

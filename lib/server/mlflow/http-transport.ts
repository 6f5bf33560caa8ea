import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { MlflowAway } from './mlflow-failures';

/** What is sent to the MLflow server, and only there. */
export interface MlflowRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the server's own address, beginning with a slash, every segment encoded. */
  readonly path: string;
  readonly body?: { readonly contentType: string; readonly bytes: Uint8Array };
}

/** A whole answer of the server, not judged yet. */
export interface MlflowAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** What a Retry-After header asks for; null without one that can be read. */
  readonly retryAfterMs: number | null;
}

/** Sends requests to one server. */
export interface Transport {
  /**
   * Send one request and read its whole answer.
   *
   * @throws MlflowAway where no whole plain answer came: refused, cut, too slow, too large, redirected, encoded. Throws
   * the signal's reason when it is aborted.
   */
  send(request: MlflowRequest, signal: AbortSignal): Promise<MlflowAnswer>;
  /** Close the connections that are kept open. */
  close(): void;
}

/** Bounds of every exchange. */
export interface TransportLimits {
  /** For a whole exchange, from connecting to the last byte. A body sent has more by its size. */
  readonly timeLimitMs: number;
  readonly bodyCapBytes: number;
}

export const TRANSPORT_LIMITS: TransportLimits = { timeLimitMs: 30_000, bodyCapBytes: 10_000_000 };

/** Slowest line that an artifact may still be sent over. */
const UPLOAD_BYTES_PER_MS = 50;
/** Connections at once; MLflow's own server works on few requests at a time. */
const MAX_CONNECTIONS = 4;
const MAX_RETRY_AFTER_MS = 3_600_000;
/** Errors that say that no byte of the request can have reached the server. */
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Create a transport over Node's own http modules. Never over the global `fetch`: on Node 20 that decodes Brotli whatever
 * was asked for, with a decoder that has a known hole. Redirects are not followed, so no other host is ever contacted.
 *
 * @param now milliseconds since 1970, for a Retry-After that names a date
 */
export function createTransport(
  server: { readonly baseUrl: string; readonly authorization: string | null },
  limits: TransportLimits,
  now: () => number,
): Transport {
  const base = new URL(server.baseUrl);
  const isTls = base.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const start = isTls ? httpsRequest : httpRequest;
  const prefix = base.pathname.replace(/\/+$/, '');

  const optionsOf = ({ method, path, body }: MlflowRequest): RequestOptions => ({
    agent,
    method,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port,
    path: `${prefix}${path}`,
    headers: {
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'User-Agent': 'leadbench',
      ...(server.authorization === null ? {} : { Authorization: server.authorization }),
      ...(body && { 'Content-Type': body.contentType, 'Content-Length': body.bytes.byteLength }),
    },
  });

  return {
    send(request, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const outgoing = start(optionsOf(request));
        const limitMs = limits.timeLimitMs + (request.body?.bytes.byteLength ?? 0) / UPLOAD_BYTES_PER_MS;
        const settle = (end: () => void) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          end();
          outgoing.destroy();
        };
        const giveUp = (error: unknown) => settle(() => reject(error));
        const timer = setTimeout(() => giveUp(tooSlow(limitMs)), limitMs);
        const abort = () => giveUp(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        outgoing.on('error', (error) => giveUp(connectionLost(error)));
        outgoing.on('response', (incoming) => {
          const fault = headerFault(incoming);
          if (fault !== null) return giveUp(fault);
          wholeBody(incoming, limits.bodyCapBytes).then((body) => {
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
            resolve({ status: incoming.statusCode ?? 0, body, retryAfterMs: retryAfterMs(incoming, now()) });
          }, giveUp);
        });
        outgoing.end(request.body?.bytes);
      });
    },
    close: () => agent.destroy(),
  };
}

/** What of an answer's head makes its body not worth reading. */
function headerFault({ statusCode = 0, headers }: IncomingMessage): MlflowAway | null {
  if (statusCode >= 300 && statusCode < 400) {
    return new MlflowAway(
      'mlflow_redirected',
      'The MLflow server answered with a redirect, which is not followed.',
    );
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return null;
  return new MlflowAway(
    'mlflow_answer_encoded',
    'The MLflow server compressed its answer though it was asked not to; it is not decoded.',
  );
}

async function wholeBody(incoming: IncomingMessage, capBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let nBytes = 0;
  try {
    for await (const chunk of incoming) {
      nBytes += chunk.length;
      if (nBytes > capBytes) throw tooLarge(capBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof MlflowAway ? error : connectionLost(error);
  }
  return Buffer.concat(chunks);
}

/** Read a Retry-After header: seconds, or a date. At most an hour is waited. */
function retryAfterMs({ headers }: IncomingMessage, nowMs: number): number | null {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) : null;
}

function connectionLost(error: unknown): MlflowAway {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'cut short';
  return new MlflowAway('mlflow_unreachable', `The MLflow server cannot be reached (${code}).`, {
    mayHaveArrived: !NEVER_ARRIVED.has(code),
    cause: error,
  });
}

function tooSlow(limitMs: number): MlflowAway {
  const seconds = Math.round(limitMs / 1000);
  return new MlflowAway('mlflow_too_slow', `The MLflow server did not answer within ${seconds} s.`);
}

function tooLarge(capBytes: number): MlflowAway {
  const megabytes = Math.round(capBytes / 1_000_000);
  return new MlflowAway(
    'mlflow_answer_too_large',
    `The MLflow server's answer is larger than ${megabytes} MB.`,
  );
}

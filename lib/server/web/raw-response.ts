import { STATUS_CODES } from 'node:http';
import type { RefusalBody } from '@/lib/server/boundary/refusal';

/** Write a whole HTTP/1.1 response by hand, for a connection on which Node found no request to answer. */
export function rawResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: RefusalBody,
): string {
  const lines = Object.entries({
    ...headers,
    'Content-Type': body.contentType,
    'Content-Length': String(Buffer.byteLength(body.text)),
    'Cache-Control': 'no-store',
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body.text}`;
}

/** Words for a connection whose bytes were no acceptable request, by Node's own error code. */
export function connectionFailure(code: string | undefined): {
  readonly status: number;
  readonly text: string;
} {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, text: 'The headers of the request are longer than the 16 KB that are read.\n' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, text: 'The request took too long to arrive.\n' };
  }
  return { status: 400, text: 'The bytes on this connection are no HTTP request.\n' };
}

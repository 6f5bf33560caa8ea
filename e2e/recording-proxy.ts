import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it left the browser, whoever in the page made it. */
export interface RecordedRequest {
  readonly method: string;
  /** Absolute; `CONNECT` requests name the host they asked for. */
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A proxy that passes requests to one server on, and keeps a copy of everything that was asked of any. */
export interface RecordingProxy {
  readonly address: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** Start a recording proxy. Requests to another host than `host` are recorded and refused. */
export async function startRecordingProxy(host: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { method = '', url = '', rawHeaders } = incoming;
      const body = await buffer(incoming);
      requests.push({ method, url, rawHeaders, body });
      if (URL.parse(url)?.host === host) passOn(incoming, body, outgoing);
      else outgoing.writeHead(502).end();
    })();
  });
  server.on('connect', ({ url = '', rawHeaders }: IncomingMessage, socket) => {
    requests.push({ method: 'CONNECT', url, rawHeaders, body: Buffer.alloc(0) });
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function passOn(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
  const { 'proxy-connection': _, ...headers } = incoming.headers;
  const { hostname, port, pathname, search } = new URL(incoming.url ?? '');
  const onward = request(
    { hostname, port, method: incoming.method, path: pathname + search, headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    },
  );
  outgoing.on('close', () => onward.destroy());
  // The browser sees a cut connection, as it would without the proxy.
  onward.on('error', () => outgoing.destroy());
  onward.end(body);
}

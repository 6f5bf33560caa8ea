import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of a request: passed on; lost before the server has it; carried out without an answer; never answered, not
 * carried out; answered with 500 by something in between.
 */
export type Fate = 'pass' | 'lost' | 'unanswered' | 'hang' | 'error';

/** A request on its way. */
export interface PassingRequest {
  readonly n: number;
  readonly method: string;
  readonly path: string;
}

/** A proxy before a server, through which things go wrong. */
export interface FaultyProxy {
  readonly url: string;
  decide(fateOf: ((request: PassingRequest) => Fate) | null): void;
  /** Told when a request met its fate, before the client hears of it. */
  onFate(tell: ((request: PassingRequest, fate: Fate) => void) | null): void;
  /** Requests that came, and of these the ones that were not passed. */
  counts(): { readonly nRequests: number; readonly nFaults: number };
  /** Refuse connections until `open`. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** Start a proxy before a server on a free port of this machine. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port: targetPort } = new URL(target);
  let fateOf: ((request: PassingRequest) => Fate) | null = null;
  let told: ((request: PassingRequest, fate: Fate) => void) | null = null;
  let nRequests = 0;
  let nFaults = 0;
  let port = 0;
  let server: Server | null = null;

  const passed = (incoming: IncomingMessage, body: Buffer) =>
    new Promise<{ readonly status: number; readonly type: string; readonly body: Buffer }>(
      (resolve, reject) => {
        const { method, url: path, headers } = incoming;
        const onward = request(
          {
            hostname,
            port: targetPort,
            method,
            path,
            headers: { ...headers, host: `${hostname}:${targetPort}` },
          },
          (answer) => {
            const type = answer.headers['content-type'] ?? 'application/json';
            bodyOf(answer).then((body) => resolve({ status: answer.statusCode ?? 0, type, body }), reject);
          },
        );
        onward.on('error', reject);
        onward.end(body);
      },
    );

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await bodyOf(incoming);
    nRequests += 1;
    const path = new URL(incoming.url ?? '/', target).pathname;
    const passing = { n: nRequests, method: incoming.method ?? 'GET', path };
    const fate = fateOf?.(passing) ?? 'pass';
    if (fate !== 'pass') nFaults += 1;
    const isCarriedOut = fate === 'pass' || fate === 'unanswered';
    const answer = isCarriedOut ? await passed(incoming, body) : null;
    told?.(passing, fate);
    if (fate === 'hang') return;
    if (fate === 'error') outgoing.writeHead(500).end('Internal Server Error');
    else if (fate !== 'pass' || answer === null) outgoing.destroy();
    else outgoing.writeHead(answer.status, { 'Content-Type': answer.type }).end(answer.body);
  };

  const open = async () => {
    const opened = createServer((incoming, outgoing) => {
      handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
    port = (opened.address() as AddressInfo).port;
    server = opened;
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    decide(decide) {
      fateOf = decide;
    },
    onFate(tell) {
      told = tell;
    },
    counts: () => ({ nRequests, nFaults }),
    async shut() {
      const closing = server;
      server = null;
      if (closing === null) return;
      await new Promise<void>((resolve) => {
        closing.close(() => resolve());
        closing.closeAllConnections();
      });
    },
    open,
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

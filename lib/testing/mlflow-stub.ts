import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { createMlflowStore, type MlflowStore, type StubAnswer } from './mlflow-store';

/** What can go wrong with an answer. */
export type StubFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Never answered. */
  | { readonly kind: 'hang' }
  /** A byte at a time, too slowly to come to an end. */
  | { readonly kind: 'slow' }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'cut' }
  /** The connection ends before the answer. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'brotli' }
  /** Ends never, however much is read. */
  | { readonly kind: 'endless' };

/** A fault, and whether the request was carried out all the same. */
export interface StubReaction {
  readonly fault: StubFault;
  readonly isApplied: boolean;
}

/** A request as a test sees it. */
export interface StubRequest {
  /** 1 for the first since the stub was made. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly nBytes: number;
}

/** A server that behaves like MLflow's, and misbehaves as asked. */
export interface MlflowStub {
  readonly url: string;
  readonly store: MlflowStore;
  readonly requests: readonly StubRequest[];
  /** Decide what becomes of each request; null is an honest answer. */
  misbehave(reactionTo: ((request: StubRequest) => StubReaction | null) | null): void;
  /** Told of each request after it was carried out and before it is answered. */
  onCarriedOut(tell: ((request: StubRequest) => void) | null): void;
  /** Given what carries a request out that was not, to be called later, as by a server that was stuck. */
  onHeldBack(take: ((carryOut: () => void) => void) | null): void;
  /** Refuse connections until `open` is called. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Start a stub on a free port of this machine. */
export async function startMlflowStub({ version = '3.17.2' } = {}): Promise<MlflowStub> {
  const store = createMlflowStore();
  const requests: StubRequest[] = [];
  let reactionTo: ((request: StubRequest) => StubReaction | null) | null = null;
  let carriedOut: ((request: StubRequest) => void) | null = null;
  let heldBack: ((carryOut: () => void) => void) | null = null;
  let port = 0;
  let server: Server | null = null;

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(incoming.url ?? '/', 'http://stub');
    const { method = 'GET', headers } = incoming;
    const request = { n: requests.length + 1, method, path: url.pathname, headers, nBytes: body.length };
    requests.push(request);
    const reaction = reactionTo?.(request) ?? null;
    const answer = (): StubAnswer =>
      url.pathname === '/version'
        ? { status: 200, body: version }
        : store.answer({ method, path: url.pathname, query: url.searchParams, body });
    const isApplied = reaction === null || reaction.isApplied;
    if (!isApplied) heldBack?.(answer);
    const honest = isApplied ? answer() : { status: 200, body: '{}' };
    carriedOut?.(request);
    if (reaction !== null) return misbehaved(outgoing, reaction.fault, honest);
    outgoing.writeHead(honest.status, { 'Content-Type': 'application/json' }).end(honest.body);
  };

  const open = async () => {
    const opened = createServer((incoming, outgoing) => {
      // A client that goes away in the middle is no news to a server.
      handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
    port = (opened.address() as AddressInfo).port;
    server = opened;
  };
  const shut = async () => {
    const closing = server;
    server = null;
    if (closing === null) return;
    await new Promise<void>((resolve) => {
      closing.close(() => resolve());
      closing.closeAllConnections();
    });
  };

  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    store,
    requests,
    misbehave(decide) {
      reactionTo = decide;
    },
    onCarriedOut(tell) {
      carriedOut = tell;
    },
    onHeldBack(take) {
      heldBack = take;
    },
    open,
    shut,
    close: shut,
  };
}

function misbehaved(outgoing: ServerResponse, fault: StubFault, honest: StubAnswer): void {
  const json = { 'Content-Type': 'application/json' };
  switch (fault.kind) {
    case 'status':
      outgoing.writeHead(fault.status, { ...json, ...fault.headers }).end(fault.body ?? '');
      return;
    case 'hang':
      return;
    case 'slow':
      outgoing.writeHead(honest.status, { ...json, 'Content-Length': honest.body.length + 100 });
      outgoing.write(honest.body.slice(0, 1));
      return;
    case 'cut':
      outgoing.writeHead(honest.status, { ...json, 'Content-Length': honest.body.length + 10 });
      outgoing.write(honest.body, () => outgoing.destroy());
      return;
    case 'reset':
      outgoing.destroy();
      return;
    case 'body':
      outgoing.writeHead(200, json).end(fault.text);
      return;
    case 'brotli':
      outgoing.writeHead(200, { ...json, 'Content-Encoding': 'br' }).end(brotliCompressSync(honest.body));
      return;
    case 'endless': {
      outgoing.writeHead(200, json);
      const more = () => {
        while (!outgoing.destroyed && outgoing.write(Buffer.alloc(65_536, 0x20)));
      };
      outgoing.on('drain', more);
      more();
    }
  }
}

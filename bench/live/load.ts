import { Agent, request } from 'node:http';

/** Where requests go. */
export interface LoadTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a load came to. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Send bodies over some connections that are kept open, each the next as soon as it is answered.
 *
 * @param bodies sent in turn, again from the first when they are used up
 * @throws where an answer is not 200
 */
export async function loaded(
  target: LoadTarget,
  bodies: readonly string[],
  { nRequests, nConnections }: { readonly nRequests: number; readonly nConnections: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: nConnections });
  const latencies: number[] = [];
  let next = 0;
  const startedAtMs = performance.now();
  const connection = async () => {
    for (let i = next++; i < nRequests; i = next++) {
      const sentAtMs = performance.now();
      await posted(target, agent, bodies[i % bodies.length] ?? '');
      latencies.push(performance.now() - sentAtMs);
    }
  };
  await Promise.all(Array.from({ length: nConnections }, connection));
  const elapsedMs = performance.now() - startedAtMs;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0;
  return { requestsPerSecond: nRequests / (elapsedMs / 1000), p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Send one body and give the answer's text. @throws where it is not 200 */
export function posted(
  { url, headers }: LoadTarget,
  agent: Agent | undefined,
  body: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString('utf8');
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`Expected 200, got ${response.statusCode}: ${text.slice(0, 300)}`));
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

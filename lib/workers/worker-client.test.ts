import { describe, expect, it, vi } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import type { CallMessage, ReplyMessage } from './channel';
import { serveWorker, type WorkerScope } from './serve-worker';
import { WorkerClient, type WorkerLike } from './worker-client';

interface Api {
  double(input: number): number;
  refuse(input: null): never;
  breakDown(input: null): never;
}

class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  readonly sent: CallMessage[] = [];
  nTerminated = 0;
  postMessage(message: unknown): void {
    this.sent.push(message as CallMessage);
  }
  terminate(): void {
    this.nTerminated += 1;
  }
  reply(message: ReplyMessage): void {
    this.onmessage?.({ data: message } as MessageEvent);
  }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof ExpectedFailure ? error.failure.code : String(error)),
  );

describe('WorkerClient', () => {
  it('matches replies to calls by number, whatever their order', async () => {
    const worker = new FakeWorker();
    const client = new WorkerClient<Api>(worker, 'the tester');
    const first = client.call('double', 1);
    const second = client.call('double', 2);
    worker.reply({ id: 2, type: 'value', value: 4 });
    worker.reply({ id: 1, type: 'value', value: 2 });
    expect([await first, await second]).toEqual([2, 4]);
  });

  it('fails every pending call when the worker dies, and later calls too', async () => {
    const worker = new FakeWorker();
    const client = new WorkerClient<Api>(worker, 'the tester');
    const codes = [codeOf(client.call('double', 1)), codeOf(client.call('double', 2))];
    worker.onerror?.({ message: 'out of memory' } as ErrorEvent);
    expect(await Promise.all(codes)).toEqual(['worker_died', 'worker_died']);
    expect(await codeOf(client.call('double', 3))).toBe('worker_closed');
  });

  it('ends a worker that takes too long', async () => {
    vi.useFakeTimers();
    const worker = new FakeWorker();
    const client = new WorkerClient<Api>(worker, 'the tester');
    const code = codeOf(client.call('double', 1, { timeLimitMs: 5000 }));
    vi.advanceTimersByTime(5000);
    vi.useRealTimers();
    expect(await code).toBe('time_limit');
    expect(worker.nTerminated).toBe(1);
  });

  it('ignores replies nobody waits for and closes once', async () => {
    const worker = new FakeWorker();
    const client = new WorkerClient<Api>(worker, 'the tester');
    worker.reply({ id: 99, type: 'value', value: 0 });
    client.close();
    client.close();
    expect(worker.nTerminated).toBe(1);
    expect(client.isOpen).toBe(false);
  });

  it('tells expected failures from bugs, and reports progress', async () => {
    const worker = new FakeWorker();
    const client = new WorkerClient<Api>(worker, 'the tester');
    const seen: number[] = [];
    const call = codeOf(client.call('refuse', null, { onProgress: (p) => seen.push(p.done) }));
    worker.reply({ id: 1, type: 'progress', progress: { label: 'x', done: 1, total: 2 } });
    worker.reply({ id: 1, type: 'expected_failure', failure: { code: 'no', message: 'No.', hint: 'Stop.' } });
    expect(await call).toBe('no');
    const bug = codeOf(client.call('breakDown', null));
    worker.reply({ id: 2, type: 'bug', message: 'boom', stack: '' });
    expect(await bug).toBe('Error: boom');
    expect(seen).toEqual([1]);
  });
});

describe('serveWorker', () => {
  function scopeWithReplies() {
    const replies: ReplyMessage[] = [];
    let settled: (() => void) | null = null;
    const scope: WorkerScope = {
      onmessage: null,
      postMessage: (message) => {
        replies.push(message as ReplyMessage);
        settled?.();
      },
    };
    const replied = (count: number) =>
      new Promise<void>((resolve) => {
        settled = () => replies.length >= count && resolve();
        settled();
      });
    return { scope, replies, replied };
  }

  it('answers in order and survives a handler that throws', async () => {
    const { scope, replies, replied } = scopeWithReplies();
    serveWorker<Api>(scope, {
      double: async (input) => input * 2,
      refuse: () => {
        throw new ExpectedFailure({ code: 'no', message: 'No.', hint: 'Stop.' });
      },
      breakDown: () => {
        throw new Error('boom');
      },
    });
    for (const [id, method] of ['breakDown', 'refuse', 'double', 'missing'].entries()) {
      scope.onmessage?.({ data: { id, method, input: 21 } } as MessageEvent);
    }
    await replied(4);
    expect(replies.map((reply) => [reply.id, reply.type])).toEqual([
      [0, 'bug'],
      [1, 'expected_failure'],
      [2, 'value'],
      [3, 'bug'],
    ]);
  });
});

import { ExpectedFailure } from '@/lib/core/result';
import type { CallMessage, Handlers, ReplyMessage } from './channel';

/** The part of a worker's global scope that serving needs. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/**
 * Answer calls in a worker, one after another in the order they came. Register it synchronously at the top of the
 * worker's file: messages that arrive earlier would be lost.
 */
export function serveWorker<Api>(scope: WorkerScope, handlers: Handlers<Api>): void {
  let last: Promise<void> = Promise.resolve();
  scope.onmessage = (event) => {
    const message = event.data as CallMessage;
    last = last.then(() => answer(scope, handlers, message));
  };
}

async function answer<Api>(
  scope: WorkerScope,
  handlers: Handlers<Api>,
  { id, method, input }: CallMessage,
): Promise<void> {
  const transfers: Transferable[] = [];
  const post = (reply: ReplyMessage, transfer: Transferable[] = []) => scope.postMessage(reply, transfer);
  try {
    const handler = handlers[method as keyof Api] as
      | ((
          input: unknown,
          context: Parameters<Handlers<Record<string, (input: unknown) => unknown>>[string]>[1],
        ) => unknown)
      | undefined;
    if (!handler) throw new Error(`No such method: ${method}`);
    const value = await handler(input, {
      onProgress: (progress) => post({ id, type: 'progress', progress }),
      transfer: (...buffers) => transfers.push(...buffers),
    });
    post({ id, type: 'value', value }, transfers);
  } catch (error) {
    if (error instanceof ExpectedFailure) post({ id, type: 'expected_failure', failure: error.failure });
    else if (error instanceof Error)
      post({ id, type: 'bug', message: error.message, stack: error.stack ?? '' });
    else post({ id, type: 'bug', message: String(error), stack: '' });
  }
}

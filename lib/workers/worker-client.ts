import { ExpectedFailure } from '@/lib/core/result';
import type { CallMessage, Progress, ReplyMessage } from './channel';

/** The part of `Worker` that the client uses, so that tests can stand in for it. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** How one call is made. */
export interface CallOptions {
  /** The worker is ended when the call takes longer; every pending call then fails. No limit when left out. */
  readonly timeLimitMs?: number;
  readonly transfer?: Transferable[];
  readonly onProgress?: (progress: Progress) => void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A typed door to a worker: one promise a call, matched by number. When the worker dies, is closed or takes too long,
 * every pending call fails with a named failure; nothing hangs.
 */
export class WorkerClient<Api> {
  #worker: WorkerLike | null;
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  readonly #name: string;

  /** @param name what the worker does, for messages ("the CRM reader") */
  constructor(worker: WorkerLike, name: string) {
    this.#worker = worker;
    this.#name = name;
    worker.onmessage = (event) => this.#settle(event.data as ReplyMessage);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end(
        'worker_died',
        `${capitalised(name)} stopped: ${event.message || 'it ran out of memory'}.`,
        'Try again; if it happens again, the file may be too large for this browser.',
      );
    };
    worker.onmessageerror = () =>
      this.#end('worker_died', `${capitalised(name)} sent something unreadable.`, 'Reload the page.');
  }

  /** Whether calls can still be made. */
  get isOpen(): boolean {
    return this.#worker !== null;
  }

  /**
   * Call a method.
   * @throws ExpectedFailure when the method failed as it may, the worker died (`worker_died`), was closed
   * (`worker_closed`) or took too long (`time_limit`); Error when the worker met a bug.
   */
  call<Method extends keyof Api & string>(
    method: Method,
    input: Api[Method] extends (input: infer Input) => unknown ? Input : never,
    options: CallOptions = {},
  ): Promise<Api[Method] extends (input: never) => infer Output ? Awaited<Output> : never> {
    const worker = this.#worker;
    if (worker === null) {
      return Promise.reject(
        new ExpectedFailure({
          code: 'worker_closed',
          message: `${capitalised(this.#name)} is closed.`,
          hint: 'Reload the page.',
        }),
      );
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const { timeLimitMs } = options;
      const timer =
        timeLimitMs === undefined
          ? undefined
          : setTimeout(() => {
              this.#end(
                'time_limit',
                `${capitalised(this.#name)} took longer than ${Math.round(timeLimitMs / 1000)} seconds and was stopped.`,
                'The file may be built to hang its reader; try another one.',
              );
            }, timeLimitMs);
      this.#pending.set(id, {
        resolve: resolve as (value: unknown) => void,
        reject,
        onProgress: options.onProgress,
        timer,
      });
      const message: CallMessage = { id, method, input };
      worker.postMessage(message, options.transfer ?? []);
    });
  }

  /** End the worker. Pending calls fail with `worker_closed`. Closing twice does nothing. */
  close(): void {
    this.#end('worker_closed', `${capitalised(this.#name)} was closed.`, 'Start the step again.');
  }

  #settle(reply: ReplyMessage): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if (reply.type === 'progress') {
      pending.onProgress?.(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.type === 'value') pending.resolve(reply.value);
    else if (reply.type === 'expected_failure') pending.reject(new ExpectedFailure(reply.failure));
    else pending.reject(new Error(reply.message, { cause: reply.stack }));
  }

  #end(code: string, message: string, hint: string): void {
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    worker.terminate();
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new ExpectedFailure({ code, message, hint }));
    }
    this.#pending.clear();
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

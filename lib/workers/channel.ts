import type { Failure } from '@/lib/core/result';

/** How far a piece of work has come. */
export interface Progress {
  /** What is being done, in a few words. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** What a handler may do besides returning. */
export interface CallContext {
  readonly onProgress: (progress: Progress) => void;
  /** Move these buffers to the other side instead of copying them. */
  readonly transfer: (...buffers: Transferable[]) => void;
}

/** Methods of a worker: one argument each, and a result that can cross by structured clone. */
export type Handlers<Api> = {
  [Method in keyof Api]: Api[Method] extends (input: infer Input) => infer Output
    ? (input: Input, context: CallContext) => Output | Promise<Output>
    : never;
};

/** From page to worker. */
export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

/** From worker to page. */
export type ReplyMessage =
  | { readonly id: number; readonly type: 'progress'; readonly progress: Progress }
  | { readonly id: number; readonly type: 'value'; readonly value: unknown }
  | { readonly id: number; readonly type: 'expected_failure'; readonly failure: Failure }
  | { readonly id: number; readonly type: 'bug'; readonly message: string; readonly stack: string };

import type { Writable } from 'node:stream';

/**
 * Go on without a word when whoever read a stream is gone, as `head` goes. Without this the error is printed to the same
 * stream, which fails again, without end.
 */
export function goOnWithoutReader(...streams: readonly Writable[]): void {
  for (const stream of streams) stream.on('error', () => undefined);
}

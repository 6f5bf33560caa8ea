import type { Sink } from './reporter';

const DEFAULT_COLUMNS = 80;

/**
 * Write to standard output or error. When the reader goes away, as `head` does, the rest is dropped: what a command makes
 * are files, so it goes on.
 *
 * @param onFault told once what the system says against writing, such as ENOSPC; then too the rest is dropped
 */
export function consoleSink(stream: NodeJS.WriteStream, onFault: (code: string) => void): Sink {
  let isOpen = true;
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (isOpen && code !== 'EPIPE') onFault(code ?? message);
    isOpen = false;
  });
  return {
    isTerminal: stream.isTTY === true,
    // Some terminals say 0 for unknown.
    columns: () => (stream.columns > 0 ? stream.columns : DEFAULT_COLUMNS),
    write: (text) => {
      if (isOpen) stream.write(text);
    },
  };
}

import type { Sink } from './reporter';

const DEFAULT_COLUMNS = 80;

/**
 * Write to standard output or error. When the reader goes away, as `head` does, the rest is dropped: what a command makes
 * are files, so it goes on.
 */
export function consoleSink(stream: NodeJS.WriteStream): Sink {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isOpen = false;
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: () => stream.columns ?? DEFAULT_COLUMNS,
    write: (text) => {
      if (isOpen) stream.write(text);
    },
  };
}

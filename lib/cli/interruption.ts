import { constants } from 'node:os';
import { StudyHalt } from '@/lib/server/studies/run-study';

/** The user or the system asked the program to end, and what had to be closed is closed. */
export class Interruption extends Error {
  readonly exitCode: number;
  /** What the user can do. */
  readonly hint: string;

  constructor(signal: NodeJS.Signals, hint: string) {
    super(`The command was ended by ${signal}.`);
    this.name = 'Interruption';
    this.hint = hint;
    this.exitCode = exitCodeOf(signal);
  }
}

const HINT = 'Finished trials are kept; the same command goes on from there.';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Do work that has children or other things to close: a signal aborts it, and when it has ended, `Interruption` is thrown.
 * A second signal ends the program at once. Outside of such work signals keep their own effect, which is to end the
 * program at once, even in the middle of a long computation.
 *
 * @param hint what an interrupted user is told; that the same command goes on, unless told
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, hint = HINT): Promise<T> {
  const halt = new AbortController();
  let interruption: Interruption | null = null;
  const handle = (signal: NodeJS.Signals) => {
    if (interruption !== null) process.exit(exitCodeOf(signal));
    interruption = new Interruption(signal, hint);
    halt.abort(new StudyHalt('shutdown'));
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  const pending = () => interruption;
  try {
    const value = await work(halt.signal);
    const interrupted = pending();
    if (interrupted !== null) throw interrupted;
    return value;
  } catch (error) {
    throw pending() ?? error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, handle);
  }
}

/** 128 and the signal's number, as shells have it. @example exitCodeOf('SIGINT') // 130 */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

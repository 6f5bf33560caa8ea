/** Closes one thing that must not outlive the process, for example a pool of child processes. */
export type Closer = () => Promise<void>;

// Studies run inside Next's bundles and the server in its own: the process-wide symbol registry is where they meet.
const CLOSERS_KEY = Symbol.for('leadbench.closers');

function closers(): Map<string, Closer> {
  const known: Map<string, Closer> | undefined = Reflect.get(globalThis, CLOSERS_KEY);
  if (known !== undefined) return known;
  const created = new Map<string, Closer>();
  Reflect.set(globalThis, CLOSERS_KEY, created);
  return created;
}

/** Have something closed when the server stops. A second closer of the same name takes the place of the first. */
export function onShutdown(name: string, close: Closer): void {
  closers().set(name, close);
}

/** What stopping came to. */
export interface ShutdownOutcome {
  /** Names of what did not close in time, or failed to. */
  readonly unfinished: readonly string[];
}

/** Close everything registered, all at once, within a time limit. A closer that fails does not keep the others from closing. */
export async function runClosers(limitMs: number): Promise<ShutdownOutcome> {
  const pending = new Set(closers().keys());
  const all = [...closers()].map(async ([name, close]) => {
    await close();
    pending.delete(name);
  });
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.allSettled(all), limit]);
  clearTimeout(timer);
  closers().clear();
  return { unfinished: [...pending] };
}

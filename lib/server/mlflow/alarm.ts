/** Lets a loop sleep until a time comes or somebody rings. */
export interface Alarm {
  /** @param dueInMs null sleeps until rung */
  sleep(dueInMs: number | null): Promise<void>;
  /** End the sleep, or the next one if none sleeps. */
  ring(): void;
}

/**
 * Create an alarm.
 *
 * @param pause waits, or until its signal is aborted
 * @param signal ends every sleep
 */
export function createAlarm(
  pause: (ms: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Alarm {
  let isRung = false;
  let wake: (() => void) | null = null;
  signal.addEventListener('abort', () => wake?.(), { once: true });
  return {
    async sleep(dueInMs) {
      if (isRung || signal.aborted) {
        isRung = false;
        return;
      }
      const cut = new AbortController();
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (dueInMs !== null) pause(Math.max(0, dueInMs), cut.signal).then(resolve, resolve);
      });
      wake = null;
      isRung = false;
      cut.abort();
    },
    ring() {
      isRung = true;
      wake?.();
    },
  };
}

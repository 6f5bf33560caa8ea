/** Counts wrong secrets by who presented them, and says when there were too many. */
export interface AttemptLimiter {
  /** Record one wrong secret. */
  recordWrong(caller: string): void;
  /** Milliseconds until the caller may try again; 0 when it may try now. */
  waitMs(caller: string): number;
}

/** How many wrong secrets are borne, and for how long they are remembered. */
export interface AttemptLimits {
  readonly maxWrong: number;
  readonly windowMs: number;
  /** Milliseconds, rising; any origin. */
  readonly now: () => number;
  /** Callers remembered at once. Beyond it the oldest is forgotten, so memory stays bounded. */
  readonly maxCallers?: number;
}

/** Ten wrong secrets within a minute are borne; the eleventh has to wait. */
export const WRONG_SECRETS_A_MINUTE = { maxWrong: 10, windowMs: 60_000 } as const;

/** Create a limiter with a sliding window: a wrong secret counts until `windowMs` after it was presented. */
export function createAttemptLimiter(limits: AttemptLimits): AttemptLimiter {
  const { maxWrong, windowMs, now, maxCallers = 10_000 } = limits;
  const wrongAtMs = new Map<string, number[]>();
  const recent = (caller: string): number[] =>
    (wrongAtMs.get(caller) ?? []).filter((at) => now() - at < windowMs);
  return {
    recordWrong(caller) {
      // Only the last maxWrong count, so that a flood does not grow the list.
      const kept = [...recent(caller), now()].slice(-maxWrong);
      wrongAtMs.delete(caller);
      wrongAtMs.set(caller, kept);
      const oldest = wrongAtMs.keys().next();
      if (wrongAtMs.size > maxCallers && !oldest.done) wrongAtMs.delete(oldest.value);
    },
    waitMs(caller) {
      const kept = recent(caller);
      const oldest = kept[0];
      return kept.length < maxWrong || oldest === undefined ? 0 : oldest + windowMs - now();
    },
  };
}

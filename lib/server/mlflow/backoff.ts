/** How long to wait after failures in a row. */
export interface BackoffLimits {
  readonly firstMs: number;
  /** Also the longest time for which it is not noticed that the server is back. */
  readonly lastMs: number;
}

export const BACKOFF: BackoffLimits = { firstMs: 500, lastMs: 15_000 };

/**
 * Give the wait after the n-th failure in a row: doubled each time up to a limit, of which a random part between half
 * and the whole is waited, so that many clients do not come back at once. Never less than the server asked for.
 *
 * @param nFailures 1 for the first
 * @param random uniform in [0, 1)
 * @param retryAfterMs what the server asked for, or null
 *
 * @example backoffMs(3, () => 0, null) // 1000
 */
export function backoffMs(
  nFailures: number,
  random: () => number,
  retryAfterMs: number | null,
  { firstMs, lastMs }: BackoffLimits = BACKOFF,
): number {
  const fullMs = Math.min(lastMs, firstMs * 2 ** Math.min(nFailures - 1, 30));
  return Math.max(fullMs * (0.5 + random() / 2), retryAfterMs ?? 0);
}

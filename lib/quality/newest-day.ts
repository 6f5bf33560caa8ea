import type { Day } from '@/lib/core/day';

const DAY_MS = 86_400_000;
/** The calendar is first turned over in the zone UTC+14. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/**
 * Give the newest day that it can be anywhere on Earth at a moment: a date after it lies in the future.
 *
 * @param nowMs milliseconds since 1970-01-01 UTC
 * @example newestDayAt(Date.UTC(2024, 0, 1, 12)) // 19724, which is 2024-01-02
 */
export function newestDayAt(nowMs: number): Day {
  return Math.floor((nowMs + EARLIEST_ZONE_MS) / DAY_MS);
}

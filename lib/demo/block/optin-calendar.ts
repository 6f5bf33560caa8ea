import { parseDay } from '@/lib/core/day';
import type { RandomSource } from '@/lib/core/random';
import { LAST_DAYS, OLDEST_DAYS, OPTIN_BINS, OPTIN_RANGE, TOP_DATES } from '../figures/opt-ins';

/** The day of the last opt-in: day 0 of `optinDays`. */
export const LAST_OPTIN_DAY = parseDay(OPTIN_RANGE.last);

/** The most days between an opt-in and the last one. */
export const MAX_OPTIN_DAYS = LAST_OPTIN_DAY - parseDay(OPTIN_RANGE.first);

/** Days between a date, YYYY-MM-DD, and the last opt-in. @example optinDaysOf('2020-12-17') // 14 */
export function optinDaysOf(date: string): number {
  return LAST_OPTIN_DAY - parseDay(date);
}

/** The bins of the opt-in histogram as days before the last opt-in, oldest first; bounds are inclusive. */
export const OPTIN_DAY_BINS = OPTIN_BINS.map(({ from, n, buyers }, index) => {
  const next = OPTIN_BINS[index + 1];
  return { fromDays: next ? optinDaysOf(next.from) + 1 : 0, toDays: optinDaysOf(from), n, buyers };
});

/** No date outside the known fullest ones may have more than this. */
const MOST_ON_OTHER_DATES = 57;

/** Dates from 844 days back on that are left empty, five in number, as the profile's distinct dates demand. */
const EMPTY_DATES_OF_2018: ReadonlySet<number> = new Set([846, 855, 869, 879, 893]);

const KNOWN_DATES: ReadonlyMap<number, number> = new Map([
  ...Object.entries(TOP_DATES).map(([date, n]) => [optinDaysOf(date), n] as const),
  ...LAST_DAYS.map((n, days) => [days, n] as const),
  ...Object.entries(OLDEST_DAYS).map(([days, n]) => [Number(days), n] as const),
]);

/**
 * How many opt-ins each day has, indexed by days before the last opt-in. The known dates and the bins are exact;
 * the rest of a bin falls on its other days by chance, more on working days, at least one on each.
 */
export function optinCounts(random: RandomSource): Uint16Array {
  const counts = new Uint16Array(MAX_OPTIN_DAYS + 1);
  for (const { fromDays, toDays, n } of OPTIN_DAY_BINS) {
    const open: number[] = [];
    let rest = n;
    for (let days = fromDays; days <= toDays; days++) {
      const known = KNOWN_DATES.get(days);
      if (known !== undefined) {
        counts[days] = known;
        rest -= known;
      } else if (!isEmpty(days)) open.push(days);
    }
    spread(counts, open, rest, random);
  }
  return counts;
}

function isEmpty(days: number): boolean {
  return days > 912 || EMPTY_DATES_OF_2018.has(days);
}

/** Spread `rest` opt-ins over the open days: one each, the others one by one by weight. */
function spread(counts: Uint16Array, open: readonly number[], rest: number, random: RandomSource): void {
  if (open.length === 0) return;
  const weights = open.map((days) => (isWeekend(days) ? 0.6 : 1.1) * (0.6 + 0.8 * random()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const days of open) counts[days] = 1;
  let left = rest - open.length;
  while (left > 0) {
    let draw = random() * total;
    let index = 0;
    while (index < open.length - 1 && draw >= weights[index]!) draw -= weights[index++]!;
    const days = open[index]!;
    if (counts[days]! >= MOST_ON_OTHER_DATES) continue;
    counts[days]!++;
    left--;
  }
}

function isWeekend(days: number): boolean {
  // Day 0, 2020-12-31, is a Thursday; 1970-01-01 was one too.
  const dayOfWeek = (((LAST_OPTIN_DAY - days + 3) % 7) + 7) % 7;
  return dayOfWeek >= 5;
}

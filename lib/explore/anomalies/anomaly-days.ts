import type { Day } from '@/lib/core/day';
import { incompleteBeta, upperGamma } from '@/lib/core/special-functions';
import { dayCounts } from '../drift/drift-windows';
import { adjustedPValues } from '../statistics/benjamini-hochberg';
import { quantileOfSorted } from '../statistics/quantile';

/** Opt-ins of one day, and how many were to be expected. */
export interface OptinDay {
  readonly day: Day;
  readonly n: number;
  /** From the same weekday of the weeks around. */
  readonly expected: number;
  /** Of so many or more, adjusted for all days. */
  readonly adjustedPValue: number;
  /** Beyond chance, and at least twice what was to be expected. */
  readonly isSpike: boolean;
}

/** Opt-ins day by day. */
export interface OptinDays {
  /** Every day from the first to the last that belongs to the list's time, those without an opt-in too. */
  readonly days: readonly OptinDay[];
  /** Variance of a day's opt-ins over their mean, at least 1: how much more they vary than a Poisson variable. */
  readonly dispersion: number;
}

/** The same weekday of so many weeks before and after is looked at. */
const N_WEEKS_EACH_SIDE = 8;
const DAYS_A_WEEK = 7;
/** Fewer weeks than this tell nothing about a weekday. */
const LEAST_WEEKS = 6;
const MOST_CHANCE = 0.01;
const LEAST_TIMES = 2;
const MEDIAN_CHI_SQUARE_1 = 0.454936423119572;
/** Days beyond the middle 99 % of the opt-ins by more than this stand for themselves, not for the list's time. */
const MOST_DAYS_APART = 366;
const TAIL_SHARE = 0.005;

/**
 * Tell days with more opt-ins than the same weekday of the weeks around them: the expectation is the largest Poisson mean
 * whose median is theirs, the tail that of a negative binomial variable whose dispersion is the median of all days' squared
 * deviations over their expectations, and the p-values are adjusted for all days (Benjamini & Hochberg 1995). Null where the
 * opt-ins span fewer than six weeks.
 *
 * @param optinDay those without a date are left out
 */
export function optinDays(optinDay: Int32Array): OptinDays | null {
  const counts = countsByDay(optinDay);
  if (counts === null || counts.n.length < LEAST_WEEKS * DAYS_A_WEEK) return null;
  const expected = Array.from(counts.n, (_, place) => expectedAt(counts.n, place));
  const dispersion = dispersionOf(counts.n, expected);
  const pValues = expected.map((mean, place) => countAbove(counts.n[place]!, mean, dispersion));
  const adjusted = adjustedPValues(pValues);
  return {
    dispersion,
    days: expected.map((mean, place) => {
      const n = counts.n[place]!;
      const adjustedPValue = adjusted[place]!;
      const isSpike = adjustedPValue <= MOST_CHANCE && n >= LEAST_TIMES * mean;
      return { day: counts.first + place, n, expected: mean, adjustedPValue, isSpike };
    }),
  };
}

function countsByDay(optinDay: Int32Array): { readonly first: Day; readonly n: Uint32Array } | null {
  const { days, counts } = dayCounts(optinDay);
  const within = belongingDays({ days, counts });
  const [first, last] = [days[within.from], days[within.to]];
  if (first === undefined || last === undefined) return null;
  const n = new Uint32Array(last - first + 1);
  for (let place = within.from; place <= within.to; place++) n[days[place]! - first] = counts[place]!;
  return { first, n };
}

/** Places of the first and the last day that belong to the list's time. */
function belongingDays({
  days,
  counts,
}: {
  readonly days: readonly Day[];
  readonly counts: readonly number[];
}) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [before, low, high] = [0, 0, 0];
  for (const [place, count] of counts.entries()) {
    if (before <= TAIL_SHARE * total) low = place;
    if (before < (1 - TAIL_SHARE) * total) high = place;
    before += count;
  }
  const [lowDay = 0, highDay = 0] = [days[low], days[high]];
  return {
    from: days.findIndex((day) => day >= lowDay - MOST_DAYS_APART),
    to: days.findLastIndex((day) => day <= highDay + MOST_DAYS_APART),
  };
}

function expectedAt(n: Uint32Array, place: number): number {
  const around: number[] = [];
  for (let week = 1; around.length < 2 * N_WEEKS_EACH_SIDE && week <= 2 * N_WEEKS_EACH_SIDE; week++) {
    for (const at of [place - week * DAYS_A_WEEK, place + week * DAYS_A_WEEK]) {
      const count = n[at];
      if (count !== undefined) around.push(count);
    }
  }
  const median = quantileOfSorted(
    around.sort((a, b) => a - b),
    0.5,
  );
  if (median === null) throw new Error('Expected another week');
  // A Poisson variable of mean m + ln 2 has a median of m or more for every whole m.
  return median + Math.LN2;
}

function dispersionOf(n: Uint32Array, expected: readonly number[]): number {
  const ratios = expected.map((mean, place) => (n[place]! - mean) ** 2 / mean).sort((a, b) => a - b);
  return Math.max(1, (quantileOfSorted(ratios, 0.5) ?? 0) / MEDIAN_CHI_SQUARE_1);
}

/**
 * Give the probability that a count is `n` or more: negative binomial with a mean and a variance of `dispersion` times it (as
 * scipy `nbinom.sf(n - 1, mean / (dispersion - 1), 1 / dispersion)`), Poisson where the dispersion is 1.
 */
export function countAbove(n: number, mean: number, dispersion: number): number {
  if (n <= 0) return 1;
  if (dispersion <= 1) return 1 - upperGamma(n, mean);
  return incompleteBeta(1 - 1 / dispersion, n, mean / (dispersion - 1));
}

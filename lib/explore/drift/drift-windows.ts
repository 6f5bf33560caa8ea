import { calendarParts, type Day, formatDay, MISSING_DAY } from '@/lib/core/day';

/** Days from one to another, both included. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

/** What is compared with what, by opt-in date. */
export interface DriftRanges {
  readonly reference: DayRange;
  readonly current: DayRange;
}

/** Whether no day is in both ranges. */
export function areApart({ reference, current }: DriftRanges): boolean {
  return reference.to < current.from || current.to < reference.from;
}

/** A part of the time in which people opted in. */
export interface TimeWindow extends DayRange {
  readonly label: string;
  /** YYYY-MM where the window is that month; null where it is another part of the time. */
  readonly month: string | null;
}

/** Lists of fewer months are cut into parts of about equal numbers instead, and so are those of more. */
const MONTHS = { least: 6, most: 60 };
const N_EQUAL_PARTS = 12;

/** Opt-ins a day, in the order of the days. */
export interface DayCounts {
  readonly days: readonly Day[];
  readonly counts: readonly number[];
  readonly n: number;
}

/** Count opt-ins by day; those without a date are left out. @param rows all where left out */
export function dayCounts(optinDay: Int32Array, rows?: Uint32Array): DayCounts {
  const counts = new Map<Day, number>();
  let n = 0;
  const count = (day: Day) => {
    if (day === MISSING_DAY) return;
    counts.set(day, (counts.get(day) ?? 0) + 1);
    n += 1;
  };
  if (rows === undefined) for (const day of optinDay) count(day);
  else for (const row of rows) count(optinDay[row]!);
  const days = [...counts.keys()].sort((a, b) => a - b);
  return { days, counts: days.map((day) => counts.get(day) ?? 0), n };
}

/** Add up the opt-ins of two lists. */
export function addedDayCounts(a: DayCounts, b: DayCounts): DayCounts {
  const counts = new Map(a.days.map((day, place) => [day, a.counts[place] ?? 0]));
  for (const [place, day] of b.days.entries()) {
    counts.set(day, (counts.get(day) ?? 0) + (b.counts[place] ?? 0));
  }
  const days = [...counts.keys()].sort((one, other) => one - other);
  return { days, counts: days.map((day) => counts.get(day) ?? 0), n: a.n + b.n };
}

/** Give the first and the last day; null where there is none. */
export function rangeOfDays({ days }: DayCounts): DayRange | null {
  const [from, to] = [days[0], days.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}

/**
 * Give the ranges that are compared where nothing is chosen: the older half of the subscribers with an opt-in date, and the
 * newest quarter, cut between days. Null where there are not two days to compare.
 */
export function defaultRanges({ days, counts, n }: DayCounts): DriftRanges | null {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  let [sum, referenceEnd, currentStart] = [0, last, last];
  for (const [place, day] of days.entries()) {
    if (currentStart === last && place > 0 && sum >= 0.75 * n) currentStart = day;
    sum += counts[place]!;
    if (referenceEnd === last && sum >= 0.5 * n) referenceEnd = day;
  }
  if (referenceEnd >= last) referenceEnd = days.at(-2) ?? first;
  if (currentStart <= referenceEnd) currentStart = days.find((day) => day > referenceEnd) ?? last;
  return { reference: { from: first, to: referenceEnd }, current: { from: currentStart, to: last } };
}

/** Cut the days of a range into months or, where these are very few or very many, into twelve parts of about equal numbers. */
export function timeWindows({ days, counts }: DayCounts, range: DayRange): readonly TimeWindow[] {
  const within = days.flatMap((day, place) =>
    day >= range.from && day <= range.to ? [{ day, n: counts[place]! }] : [],
  );
  const months = monthWindows(within.map(({ day }) => day));
  return months.length >= MONTHS.least && months.length <= MONTHS.most ? months : equalWindows(within);
}

function monthWindows(days: readonly Day[]): readonly TimeWindow[] {
  const found = new Map<string, DayRange>();
  for (const day of days) {
    const { year, month } = calendarParts(day);
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    found.set(name, { from: found.get(name)?.from ?? day, to: day });
  }
  return [...found].map(([month, range]) => ({ ...range, label: month, month }));
}

function equalWindows(days: readonly { readonly day: Day; readonly n: number }[]): readonly TimeWindow[] {
  const total = days.reduce((sum, { n }) => sum + n, 0);
  const parts: DayRange[] = [];
  let [sum, part] = [0, -1];
  for (const { day, n } of days) {
    const next = Math.floor((sum / total) * N_EQUAL_PARTS);
    const last = parts.at(-1);
    if (last === undefined || next > part) parts.push({ from: day, to: day });
    else parts[parts.length - 1] = { ...last, to: day };
    part = next;
    sum += n;
  }
  return parts.map((range) => ({ ...range, label: rangeText(range), month: null }));
}

/** Write a range of days. @example rangeText({ from: 18262, to: 18627 }) // '2020-01-01 – 2020-12-31' */
export function rangeText({ from, to }: DayRange): string {
  return from === to ? formatDay(from) : `${formatDay(from)} – ${formatDay(to)}`;
}

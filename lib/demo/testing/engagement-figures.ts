import {
  BUYERS_BY_TAG_COUNT,
  MAX_TAG_COUNT,
  TAG_COUNT_BY_PURCHASE,
  TAG_COUNTS,
  TAG_RATE,
} from '../figures/engagement';
import { LIST } from '../figures/list';
import {
  LAST_DAYS,
  OLDEST_DAYS,
  OPTIN_BINS,
  OPTIN_DAYS_QUANTILES,
  OPTIN_RANGE,
  OPTINS_BY_YEAR,
  TOP_DATES,
} from '../figures/opt-ins';
import { cellOf, type DemoList } from './demo-list';
import { cellDeviations, countDeviation, type Deviation, exactDeviation, valueDeviation } from './deviation';
import { mean, quantile, standardDeviation } from './statistics';

/** Tag counts by themselves and by purchase, and tags for each day on the list. */
export function tagCountDeviations(list: DemoList): Deviation[] {
  const tagCount = list.tags.map((tags) => tags.length);
  const ofThose = (label: number) => tagCount.filter((_, row) => list.buyers[row] === label);
  const { nonBuyers, buyers } = TAG_COUNT_BY_PURCHASE;
  const [lowest, highest] = buyers.p90;
  return [
    exactDeviation(
      'tag rows',
      LIST.nTagRows,
      tagCount.reduce((sum, count) => sum + count, 0),
    ),
    exactDeviation('values of tag_count', Object.keys(TAG_COUNTS).length, new Set(tagCount).size),
    ...Array.from({ length: MAX_TAG_COUNT + 1 }, (_, count) =>
      exactDeviation(
        `tag_count ${count}`,
        TAG_COUNTS[count] ?? 0,
        tagCount.filter((value) => value === count).length,
      ),
    ),
    ...BUYERS_BY_TAG_COUNT.flatMap(({ from, to, n, buyers, plusMinus }) =>
      cellDeviations(
        `tag_count ${from}-${to}`,
        { n, buyers },
        cellOf(list, (row) => tagCount[row]! >= from && tagCount[row]! <= to),
      ).map((deviation) => ({
        ...deviation,
        bound: Math.max(deviation.bound, deviation.figure.endsWith('buyers') ? plusMinus : 0),
      })),
    ),
    valueDeviation('tag_count mean of non-buyers', nonBuyers.mean, mean(ofThose(0))),
    valueDeviation('tag_count mean of buyers', buyers.mean, mean(ofThose(1))),
    ...([0, 1] as const).flatMap((label) => {
      const figures = label === 1 ? buyers : nonBuyers;
      return [
        exactDeviation(`tag_count p10, purchase ${label}`, figures.p10, quantile(ofThose(label), 0.1)),
        exactDeviation(`tag_count p50, purchase ${label}`, figures.p50, quantile(ofThose(label), 0.5)),
      ];
    }),
    exactDeviation('tag_count p90 of non-buyers', nonBuyers.p90, quantile(ofThose(0), 0.9)),
    {
      figure: 'tag_count p90 of buyers',
      target: (lowest + highest) / 2,
      got: quantile(ofThose(1), 0.9),
      // Read off a chart whose bars are one tag wide.
      bound: (highest - lowest) / 2 + 1,
    },
    ...tagRateDeviations(tagCount.map((count, row) => count / (list.optinDays[row]! + 1))),
  ];
}

function tagRateDeviations(rate: readonly number[]): Deviation[] {
  return [
    { figure: 'tags a day, mean', target: TAG_RATE.mean, got: mean(rate), bound: 0.0005 },
    { figure: 'tags a day, std', target: TAG_RATE.std, got: standardDeviation(rate), bound: 0.001 },
    { figure: 'tags a day, q3', target: TAG_RATE.q3, got: quantile(rate, 0.75), bound: 0.0009 },
    {
      figure: 'tags a day, p95',
      target: TAG_RATE.p95,
      got: quantile(rate, 0.95),
      bound: 0.15 * TAG_RATE.p95,
    },
    valueDeviation('tags a day, max', TAG_RATE.max, Math.max(...rate)),
    countDeviation(
      'tags a day of 0.2',
      TAG_RATE.nThreeTagsOnWebinarDate,
      rate.filter((value) => Math.abs(value - 0.2) < 1e-9).length,
    ),
  ];
}

/** Opt-in dates: bins with conversion, fullest and outermost dates, quantiles. */
export function optinDeviations(list: DemoList): Deviation[] {
  const { optinDays, optinDates } = list;
  const onDate = new Map<string, number>();
  for (const date of optinDates) onDate.set(date, (onDate.get(date) ?? 0) + 1);
  const onDay = (days: number) => optinDays.filter((value) => value === days).length;
  const top = [...onDate.entries()].sort((a, b) => b[1] - a[1]).slice(0, 60);
  const ofWeekday = (weekday: number) =>
    top.filter(([date]) => new Date(`${date}T00:00:00Z`).getUTCDay() === weekday).length;
  const q = OPTIN_DAYS_QUANTILES;
  return [
    exactDeviation('distinct dates', OPTIN_RANGE.nDistinctDates, onDate.size),
    exactDeviation(
      'first date is 2018-06-08',
      1,
      optinDates.filter((date) => date <= OPTIN_RANGE.first).length,
    ),
    exactDeviation('last date is 2020-12-31', LAST_DAYS[0]!, onDate.get(OPTIN_RANGE.last) ?? 0),
    exactDeviation('dates after the last', 0, optinDates.filter((date) => date > OPTIN_RANGE.last).length),
    ...OPTIN_BINS.flatMap(({ from, n, buyers }, index) => {
      const next = OPTIN_BINS[index + 1]?.from ?? '9999';
      return cellDeviations(
        `joined from ${from}`,
        { n, buyers },
        cellOf(list, (row) => optinDates[row]! >= from && optinDates[row]! < next),
      );
    }),
    ...Object.entries(TOP_DATES).map(([date, n]) =>
      exactDeviation(`joined on ${date}`, n, onDate.get(date) ?? 0),
    ),
    countDeviation(
      'joined on the sixty fullest dates',
      8376,
      top.reduce((sum, [, n]) => sum + n, 0),
    ),
    countDeviation('Wednesdays among the sixty', 32, ofWeekday(3)),
    countDeviation('Thursdays among the sixty', 11, ofWeekday(4)),
    ...LAST_DAYS.map((n, days) => exactDeviation(`joined ${days} days before the end`, n, onDay(days))),
    ...Object.entries(OLDEST_DAYS).map(([days, n]) =>
      exactDeviation(`joined ${days} days before the end`, n, onDay(Number(days))),
    ),
    valueDeviation('optin_days p5', q.p5, quantile(optinDays, 0.05)),
    valueDeviation('optin_days q1', q.q1, quantile(optinDays, 0.25)),
    valueDeviation('optin_days median', q.median, quantile(optinDays, 0.5)),
    valueDeviation('optin_days mean', q.mean, mean(optinDays)),
    valueDeviation('optin_days q3', q.q3, quantile(optinDays, 0.75)),
    valueDeviation('optin_days p95', q.p95, quantile(optinDays, 0.95)),
    valueDeviation('optin_days std', q.std, standardDeviation(optinDays)),
    exactDeviation('optin_days max', q.max, Math.max(...optinDays)),
    ...Object.entries(OPTINS_BY_YEAR).map(([year, n]) =>
      countDeviation(`joined in ${year}`, n, optinDates.filter((date) => date.startsWith(year)).length),
    ),
  ];
}

/** One bin of the opt-in histogram: its first day, subscribers and buyers (read off a picture, ±2 and ±1). */
export interface OptinBin {
  readonly from: string;
  readonly n: number;
  readonly buyers: number;
}

/** First and last opt-in, and how many of the 938 days between have at least one. */
export const OPTIN_RANGE = { first: '2018-06-08', last: '2020-12-31', nDistinctDates: 909 } as const;

type BinRow = readonly [from: string, n: number, buyers: number];

const BIN_ROWS: readonly BinRow[] = [
  ['2018-06-08', 34, 0],
  ['2018-07-10', 145, 2],
  ['2018-08-10', 94, 2],
  ['2018-09-10', 141, 3],
  ['2018-10-11', 192, 7],
  ['2018-11-12', 2074, 165],
  ['2018-12-13', 474, 26],
  ['2019-01-13', 320, 15],
  ['2019-02-13', 803, 35],
  ['2019-03-17', 512, 23],
  ['2019-04-17', 461, 14],
  ['2019-05-18', 444, 30],
  ['2019-06-18', 713, 42],
  ['2019-07-20', 709, 34],
  ['2019-08-20', 666, 28],
  ['2019-09-20', 747, 38],
  ['2019-10-21', 734, 26],
  ['2019-11-21', 517, 25],
  ['2019-12-23', 645, 49],
  ['2020-01-23', 909, 41],
  ['2020-02-23', 1310, 45],
  ['2020-03-25', 931, 88],
  ['2020-04-26', 905, 42],
  ['2020-05-27', 1079, 38],
  ['2020-06-27', 820, 32],
  ['2020-07-28', 709, 32],
  ['2020-08-29', 666, 39],
  ['2020-09-29', 645, 17],
  ['2020-10-30', 602, 19],
  ['2020-11-30', 918, 5],
];

/**
 * Thirty bins of about 31 days, each up to the day before the next. Three bins are one below the reading, so that
 * the sum is 19,919; buyers add up to 962.
 */
export const OPTIN_BINS: readonly OptinBin[] = BIN_ROWS.map(([from, n, buyers]) => ({ from, n, buyers }));

/** The sixty fullest dates (exact). 2018-11-19 looks like an import of an older list. */
export const TOP_DATES: Readonly<Record<string, number>> = {
  '2018-11-19': 1721,
  '2020-06-24': 284,
  '2020-03-11': 241,
  '2020-06-04': 217,
  '2020-02-17': 209,
  '2019-07-02': 195,
  '2020-12-17': 189,
  '2020-05-20': 187,
  '2019-10-24': 184,
  '2019-08-29': 158,
  '2019-10-11': 158,
  '2020-03-20': 151,
  '2020-07-08': 149,
  '2019-08-15': 149,
  '2019-09-11': 142,
  '2020-02-27': 141,
  '2020-07-22': 140,
  '2020-02-05': 136,
  '2019-05-08': 133,
  '2020-11-25': 126,
  '2019-11-07': 122,
  '2020-04-08': 118,
  '2019-02-27': 117,
  '2020-04-22': 116,
  '2020-02-20': 116,
  '2020-08-05': 112,
  '2019-10-09': 112,
  '2020-05-06': 104,
  '2019-03-13': 104,
  '2019-04-10': 104,
  '2020-03-25': 98,
  '2019-04-24': 97,
  '2019-08-13': 97,
  '2020-05-04': 97,
  '2020-01-22': 96,
  '2020-09-23': 90,
  '2019-09-25': 90,
  '2019-10-29': 87,
  '2019-07-17': 86,
  '2019-05-22': 82,
  '2020-11-11': 79,
  '2020-12-10': 74,
  '2019-07-30': 73,
  '2020-03-19': 72,
  '2020-04-13': 71,
  '2019-07-10': 70,
  '2020-10-07': 70,
  '2019-11-21': 70,
  '2020-01-08': 69,
  '2020-08-19': 68,
  '2020-03-10': 66,
  '2019-12-18': 65,
  '2020-01-06': 61,
  '2019-02-23': 60,
  '2019-02-19': 60,
  '2020-09-16': 60,
  '2020-03-21': 59,
  '2019-03-25': 58,
  '2020-03-22': 58,
  '2020-09-02': 58,
};

/** Opt-ins on each of the last 15 days, the last first: days 0 to 14 (exact). */
export const LAST_DAYS: readonly number[] = [19, 25, 35, 26, 16, 14, 17, 16, 30, 34, 22, 21, 19, 42, 189];

/** Opt-ins on the oldest dates, by days before the last opt-in (exact). Days 913 to 936 have none. */
export const OLDEST_DAYS: Readonly<Record<number, number>> = {
  937: 1,
  912: 4,
  911: 9,
  910: 4,
  909: 7,
  908: 1,
  907: 1,
  906: 7,
  905: 8,
  904: 9,
  903: 6,
  902: 3,
  901: 6,
  900: 2,
  899: 4,
};

/** Quantiles of the days between opt-in and the last opt-in (exact, whole days). */
export const OPTIN_DAYS_QUANTILES = {
  p5: 36,
  q1: 206,
  median: 362,
  mean: 402,
  q3: 611,
  p95: 773,
  max: 937,
  std: 243,
} as const;

/** Subscribers by year, to the nearest ten or so (read off the histogram). */
export const OPTINS_BY_YEAR: Readonly<Record<string, number>> = { 2018: 2970, 2019: 7000, 2020: 9950 };

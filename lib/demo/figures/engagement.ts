/** Subscribers by tag count (exact; the counts that do not occur are left out). They hold 26,115 tags. */
export const TAG_COUNTS: Readonly<Record<number, number>> = {
  0: 11827,
  1: 855,
  2: 4228,
  3: 1335,
  4: 545,
  5: 297,
  6: 195,
  7: 124,
  8: 97,
  9: 61,
  10: 47,
  11: 53,
  12: 32,
  13: 31,
  14: 32,
  15: 14,
  16: 21,
  17: 10,
  18: 16,
  19: 16,
  20: 13,
  21: 6,
  22: 10,
  23: 6,
  24: 4,
  25: 4,
  26: 8,
  27: 4,
  28: 5,
  29: 2,
  30: 6,
  31: 1,
  32: 2,
  34: 1,
  35: 3,
  36: 3,
  38: 2,
  40: 2,
  43: 1,
};

/** The most tags one subscriber holds. */
export const MAX_TAG_COUNT = 43;

/** Buyers by tag count. Read off a chart, ±`plusMinus`, and closed by exact totals. */
export const BUYERS_BY_TAG_COUNT: readonly {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly buyers: number;
  readonly plusMinus: number;
}[] = [
  { from: 0, to: 0, n: 11_827, buyers: 336, plusMinus: 10 },
  { from: 1, to: 1, n: 855, buyers: 26, plusMinus: 8 },
  { from: 2, to: 2, n: 4_228, buyers: 140, plusMinus: 5 },
  { from: 3, to: 3, n: 1_335, buyers: 80, plusMinus: 3 },
  { from: 4, to: 4, n: 545, buyers: 70, plusMinus: 1 },
  { from: 5, to: 5, n: 297, buyers: 45, plusMinus: 0 },
  { from: 6, to: 7, n: 319, buyers: 69, plusMinus: 0 },
  { from: 8, to: 8, n: 97, buyers: 28, plusMinus: 0 },
  { from: 9, to: 10, n: 108, buyers: 36, plusMinus: 0 },
  { from: 11, to: 11, n: 53, buyers: 20, plusMinus: 0 },
  { from: 12, to: 14, n: 95, buyers: 33, plusMinus: 1 },
  { from: 15, to: 17, n: 45, buyers: 17, plusMinus: 1 },
  { from: 18, to: 20, n: 45, buyers: 20, plusMinus: 0 },
  { from: 21, to: 25, n: 30, buyers: 18, plusMinus: 1 },
  { from: 26, to: 31, n: 26, buyers: 15, plusMinus: 1 },
  { from: 32, to: 43, n: 14, buyers: 9, plusMinus: 1 },
];

/** Tag count of those who did not buy and of those who did: means exact, quantiles of buyers read off a chart. */
export const TAG_COUNT_BY_PURCHASE = {
  nonBuyers: { mean: 1.138313, p10: 0, p50: 0, p90: 3 },
  buyers: { mean: 4.715177, p10: 0, p50: 2, p90: [13, 14] },
} as const;

/** Tags for each day on the list, tag_count / (optin_days + 1), over all subscribers. */
export const TAG_RATE = {
  mean: 0.007,
  std: 0.022,
  q3: 0.006,
  p95: 0.024,
  max: 2 / 3,
  /** Opt-ins of 2020-12-17 with three tags: value 0.2. */
  nThreeTagsOnWebinarDate: 162,
} as const;

/** Transactions: dates and the share of the subscription product (exact). */
export const TRANSACTIONS = {
  first: '2018-04-29',
  last: '2020-12-31',
  nLearningLabsPro: 2_669,
  firstLearningLabsPro: '2019-04-11',
  /** The first rows, all of 2018-04-29, are this product: a launch day. */
  launchProduct: 31,
} as const;

/**
 * What the profile does not know and the demo invents. Customers outside the list bought with an address that never
 * subscribed, or left the list since; they fill up what subscribers leave of the 4,662 transactions.
 */
export const INVENTED = {
  /** Transactions of the launch day, by customers outside the list. */
  nLaunchDay: 24,
  /** Share of transactions that match no subscriber: what the numbers below leave, 0.18 to 0.27 by seed. */
  unmatchedShare: 0.22,
  /** Payments of a Learning Labs Pro customer on a monthly plan, on average, but for those that come after 2020. */
  meanLabPayments: 5.9,
  /** Courses that a buyer takes beyond the first product, on average. */
  meanFurtherCourses: 1.05,
  /** Share of purchases whose date has nothing to do with the opt-in, so that some come before it. */
  shareAnyDay: 0.12,
  /** Days between opt-in and the other purchases, on average. */
  meanLagDays: 75,
} as const;

/**
 * Subscribers who bought Learning Labs Pro, by rating and country (exact). `knownElsewhere` is the rest of the 457 with
 * a country, `missing` the rest of the 486.
 */
export const LEARNING_LABS_BUYERS = {
  total: 486,
  byRating: { 1: 0, 2: 188, 3: 38, 4: 53, 5: 207 },
  byCountry: { us: 223, in: 45, au: 21, uk: 16, br: 14 },
  knownElsewhere: 138,
  missing: 29,
} as const;

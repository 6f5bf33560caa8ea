/** Pearson correlations over all subscribers (two decimals; optin_days counted positive into the past). */
export const PEARSON = {
  ratingTagCount: 0.22,
  ratingPurchase: 0.18,
  tagCountPurchase: 0.28,
  tagCountTagRate: 0.38,
  optinDaysTagCount: 0.04,
  optinDaysTagRate: -0.25,
} as const;

/**
 * Correlation ratios (two decimals): the share of a number's standard deviation that lies between the groups.
 * `country183` takes the raw codes with missing as one more, `country22` the 21 kept codes and `other`, which takes in
 * missing. That missing counts is our reading: only so do the known countries' buyers give the 0.09 below.
 */
export const CORRELATION_RATIO = {
  ratingOptinDays: 0.12,
  country183OptinDays: 0.27,
  country22OptinDays: 0.2,
  country183TagCount: 0.22,
  country22TagCount: 0.17,
  purchaseOptinDays: 0.04,
  purchaseTagRate: 0.07,
} as const;

/** Uncertainty coefficients on made_purchase (two decimals). */
export const UNCERTAINTY_OF_PURCHASE = {
  country183: 0.09,
  country22: 0.06,
  rating: 0.07,
  provider: 0,
} as const;

/** Sizes of the list that the figures describe. All exact. */
export const LIST = {
  nSubscribers: 19_919,
  nBuyers: 962,
  nDistinctNames: 19_899,
  nDistinctEmails: 19_903,
  nTagRows: 26_115,
  nTransactions: 4_662,
} as const;

/** Subscribers and buyers by member rating, 1 to 5 (exact). */
export const RATINGS: readonly { readonly rating: number; readonly n: number; readonly buyers: number }[] = [
  { rating: 1, n: 204, buyers: 2 },
  { rating: 2, n: 15_006, buyers: 435 },
  { rating: 3, n: 1_038, buyers: 80 },
  { rating: 4, n: 1_336, buyers: 110 },
  { rating: 5, n: 2_335, buyers: 335 },
];

/** Subscribers and buyers by the domain of the e-mail address (exact; no other domain occurs). */
export const PROVIDERS: readonly { readonly domain: string; readonly n: number; readonly buyers: number }[] =
  [
    { domain: 'gmail.com', n: 17_555, buyers: 850 },
    { domain: 'hotmail.com', n: 940, buyers: 36 },
    { domain: 'yahoo.com', n: 781, buyers: 35 },
    { domain: 'outlook.com', n: 332, buyers: 26 },
    { domain: 'live.com', n: 75, buyers: 5 },
    { domain: 'icloud.com', n: 60, buyers: 4 },
    { domain: 'yahoo.co.in', n: 55, buyers: 1 },
    { domain: 'yahoo.fr', n: 51, buyers: 2 },
    { domain: 'rediffmail.com', n: 38, buyers: 0 },
    { domain: 'me.com', n: 32, buyers: 3 },
  ];

/** Points of the distribution of mailchimp_id (exact): share of subscribers with an id up to that. */
export const MAILCHIMP_ID_QUANTILES: readonly { readonly share: number; readonly id: number }[] = [
  { share: 0, id: 3 },
  { share: 0.05, id: 1_743 },
  { share: 0.25, id: 8_537 },
  { share: 0.5, id: 16_893 },
  { share: 0.75, id: 25_134 },
  { share: 0.95, id: 31_735 },
  { share: 1, id: 33_409 },
];

/** Mean and standard deviation of mailchimp_id (exact). */
export const MAILCHIMP_ID_MOMENTS = { mean: 16_807, std: 9_612 } as const;

import type { Tier } from './model-metadata';

/** Columns the lead list can be sorted by. */
export type LeadColumn =
  | 'mailchimp_id'
  | 'user_full_name'
  | 'user_email'
  | 'score'
  | 'percentile'
  | 'tier'
  | 'member_rating'
  | 'country_code'
  | 'optin_time'
  | 'tag_count'
  | 'made_purchase';

/** Stands for "no country" in a query. */
export const MISSING_COUNTRY = '(missing)';

/** Which leads, in which order. */
export interface LeadQuery {
  readonly sortBy: LeadColumn;
  readonly descending: boolean;
  /** Part of a name, e-mail address or id, case-folded; '' for all. */
  readonly search: string;
  /** Empty for all. */
  readonly tiers: readonly Tier[];
  /** Lower-case code, '' for all, `MISSING_COUNTRY` for subscribers without one. */
  readonly countryCode: string;
  readonly buyers: 'all' | 'buyers' | 'not_yet';
  /** Of the strategy: everybody, the hot leads, or those whom a week's plan calls or writes to. */
  readonly contact: 'all' | 'hot' | 'call' | 'write';
}

/** The part of the list that a query chooses from, before its filters. */
export type LeadCut =
  | { readonly kind: 'score'; readonly atLeast: number }
  /** Places in the list by score, from 0; `to` is not among them. */
  | { readonly kind: 'places'; readonly from: number; readonly to: number };

/** One lead as the table shows it. */
export interface LeadRow {
  /** Its place in the table, by which its reasons are asked for. */
  readonly row: number;
  /** NaN where the file has none that is a whole number. */
  readonly mailchimp_id: number;
  readonly user_full_name: string;
  readonly user_email: string;
  readonly score: number;
  readonly percentile: number;
  readonly tier: Tier;
  /** NaN where missing. */
  readonly member_rating: number;
  readonly country_code: string;
  readonly optin_time: string;
  readonly tag_count: number;
  readonly made_purchase: number;
  /** The strongest reason, for or against; '' where nothing had a part in the score. */
  readonly reason_1: string;
}

/** What scoring came to. */
export interface ScoreSummary {
  readonly nScored: number;
  readonly nTestRowsCompared: number;
  /** Largest |margin difference| between ONNX and libxgboost over all test rows. */
  readonly largestMarginDifference: number;
  readonly tiers: readonly {
    readonly tier: Tier;
    /** Lowest score of the tier; 0 for D. */
    readonly lowestScore: number;
    readonly nLeads: number;
    readonly nBuyers: number;
    /** Of them test rows, which the model has not seen. */
    readonly nTestLeads: number;
    readonly nTestBuyers: number;
  }[];
}

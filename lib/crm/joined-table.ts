/**
 * `subscribers_joined`: one row a subscriber, in the order of the Subscribers table, as columns.
 * Cast and cleaned: texts trimmed, e-mail as stored but trimmed, country folded to lower case, dates as days.
 */
export interface JoinedTable {
  readonly nRows: number;
  /** NaN where missing, not an integer, or beyond ±(2^53 − 1). */
  readonly mailchimpId: Float64Array;
  /** '' where missing. */
  readonly userFullName: readonly string[];
  /** '' where missing. */
  readonly userEmail: readonly string[];
  /** NaN where missing or not a number. */
  readonly memberRating: Float64Array;
  /** Days since 1970-01-01; `MISSING_DAY` where missing or not a date. */
  readonly optinDay: Int32Array;
  /** Lower-case codes in alphabetical order. */
  readonly countryCodes: readonly string[];
  /** Index into `countryCodes`, −1 where missing. */
  readonly countryIndex: Int16Array;
  /** Distinct tags a subscriber holds. */
  readonly tagCount: Uint16Array;
  /** 1 where the e-mail, trimmed and case-folded, occurs in Transactions. */
  readonly madePurchase: Uint8Array;
  /** Column names of the indicators, `tag_…`, in alphabetical order. */
  readonly tagColumns: readonly string[];
  /** One 0/1 array of nRows a tag column. */
  readonly tagIndicators: readonly Uint8Array[];
}

/** What the join met, so that nothing is left out in silence. */
export interface JoinReport {
  readonly nSubscribers: number;
  readonly nTransactions: number;
  /** Transactions whose e-mail is missing or belongs to no subscriber. */
  readonly nTransactionsUnmatched: number;
  readonly nTagRows: number;
  /** Tag rows whose mailchimp_id belongs to no subscriber. */
  readonly nTagRowsUnmatched: number;
  /** Tag rows whose tag is null or blank; left out. */
  readonly nTagRowsBlank: number;
  /** Tag rows that repeat a (subscriber, tag) pair; counted once. */
  readonly nTagRowsRepeated: number;
  /** Subscribers with a purchase. */
  readonly nBuyers: number;
  /** Subscribers whose normal e-mail stands on an earlier row too. Each keeps a row of their own. */
  readonly nRepeatedEmails: number;
  /** Subscribers whose mailchimp_id stands on an earlier row too. Each keeps a row of their own and gets the tags of the id. */
  readonly nRepeatedIds: number;
  /** Country codes written in more than one case, as counted before folding. */
  readonly nCountryCodesFolded: number;
  /** The tag behind each of the table's `tagColumns`, as stored but trimmed. */
  readonly tags: readonly string[];
}

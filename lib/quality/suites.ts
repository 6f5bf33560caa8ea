import { JOINED_COLUMNS } from '@/lib/crm/joined-csv';
import { CRM_SCHEMA } from '@/lib/crm/schema';
import { COUNTRY_CODES } from './country-codes';
import type { Expectation, Suite } from './expectation';

/** Lowest and highest share of buyers that a list may have for a model to make sense. */
export const CONVERSION_BOUNDS = { min_value: 0.01, max_value: 0.5 } as const;

/**
 * A well-formed address: up to 64 characters without blanks, control characters, quotes or brackets; one @; at least two
 * labels, the last of two characters or more; 254 in all. Deliberately looser than RFC 5321 on letters, so that
 * internationalised addresses pass. Linear in the length of the text: no label can hold a dot.
 */
const EMAIL_REGEX =
  '^(?=.{6,254}$)[^\\s\\p{Cc}@<>()\\[\\],;:"\\\\]{1,64}@(?:[^\\s\\p{Cc}@<>()\\[\\],;:"\\\\.]{1,63}\\.)+[^\\s\\p{Cc}@<>()\\[\\],;:"\\\\.]{2,63}$';

/** A text that holds no e-mail address, wherever in it: tags reach the server as names of features. */
const NO_EMAIL_REGEX = '^(?![\\s\\S]*[^\\s@]@[^\\s@]+\\.)[\\s\\S]*$';

const MAX_SAFE_ID = Number.MAX_SAFE_INTEGER;

/** The suite of table Subscribers, as stored. */
export const SUBSCRIBERS_SUITE: Suite = {
  name: 'subscribers',
  table: 'Subscribers',
  expectations: [
    { type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 1 }, severity: 'critical' },
    {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: CRM_SCHEMA.Subscribers },
      severity: 'critical',
    },
    {
      type: 'expect_table_columns_to_match_set',
      kwargs: { column_set: CRM_SCHEMA.Subscribers, exact_match: true },
      severity: 'info',
    },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'mailchimp_id' }, severity: 'critical' },
    ...integerColumn('mailchimp_id', 'critical'),
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'mailchimp_id', min_value: -MAX_SAFE_ID, max_value: MAX_SAFE_ID },
      severity: 'critical',
    },
    {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'mailchimp_id', normal_form: 'integer' },
      severity: 'critical',
    },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'user_full_name' }, severity: 'info' },
    ...textColumn('user_full_name', 'info'),
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'user_email' }, severity: 'critical' },
    ...textColumn('user_email', 'critical'),
    {
      type: 'expect_column_values_to_match_regex',
      kwargs: { column: 'user_email', regex: EMAIL_REGEX },
      severity: 'critical',
    },
    {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'user_email', normal_form: 'email' },
      severity: 'warning',
    },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'member_rating' }, severity: 'warning' },
    ...integerColumn('member_rating', 'critical'),
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'member_rating', min_value: 1, max_value: 5 },
      severity: 'critical',
    },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'optin_time' }, severity: 'warning' },
    { type: 'expect_column_values_to_be_iso_dates', kwargs: { column: 'optin_time' }, severity: 'critical' },
    ...textColumn('country_code', 'critical'),
    {
      type: 'expect_column_values_to_be_spelled_in_one_case',
      kwargs: { column: 'country_code' },
      severity: 'warning',
    },
  ],
};

/** The suite of table Tags, as stored. */
export const TAGS_SUITE: Suite = {
  name: 'tags',
  table: 'Tags',
  expectations: [
    {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: CRM_SCHEMA.Tags },
      severity: 'critical',
    },
    { type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 1 }, severity: 'warning' },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'mailchimp_id' }, severity: 'critical' },
    ...integerColumn('mailchimp_id', 'critical'),
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'tag' }, severity: 'critical' },
    ...textColumn('tag', 'critical'),
    {
      type: 'expect_column_values_to_match_regex',
      kwargs: { column: 'tag', regex: NO_EMAIL_REGEX },
      severity: 'critical',
    },
    {
      type: 'expect_column_values_to_exist_in_other_table',
      kwargs: { column: 'mailchimp_id', other_table_name: 'Subscribers' },
      severity: 'warning',
    },
    {
      type: 'expect_compound_columns_to_be_unique',
      kwargs: { column_list: ['mailchimp_id', 'tag'] },
      severity: 'warning',
    },
  ],
};

/** The suite of table Transactions, as stored. */
export const TRANSACTIONS_SUITE: Suite = {
  name: 'transactions',
  table: 'Transactions',
  expectations: [
    {
      type: 'expect_table_columns_to_match_ordered_list',
      kwargs: { column_list: CRM_SCHEMA.Transactions },
      severity: 'critical',
    },
    {
      type: 'expect_column_values_to_not_be_null',
      kwargs: { column: 'transaction_id' },
      severity: 'warning',
    },
    ...integerColumn('transaction_id', 'warning'),
    {
      type: 'expect_column_values_to_be_unique',
      kwargs: { column: 'transaction_id', normal_form: 'integer' },
      severity: 'warning',
    },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'purchased_at' }, severity: 'warning' },
    {
      type: 'expect_column_values_to_be_iso_dates',
      kwargs: { column: 'purchased_at' },
      severity: 'critical',
    },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'user_email' }, severity: 'critical' },
    ...textColumn('user_email', 'critical'),
    {
      type: 'expect_column_values_to_match_regex',
      kwargs: { column: 'user_email', regex: EMAIL_REGEX },
      severity: 'warning',
    },
    {
      type: 'expect_column_values_to_exist_in_other_table',
      kwargs: { column: 'user_email', other_table_name: 'Subscribers' },
      severity: 'warning',
    },
    ...integerColumn('product_id', 'info'),
  ],
};

/** The suite of `subscribers_joined`, after casting and cleaning. */
export function joinedSuite(tagColumns: readonly string[]): Suite {
  return {
    name: 'subscribers_joined',
    table: 'subscribers_joined',
    expectations: [
      {
        type: 'expect_table_columns_to_match_ordered_list',
        kwargs: { column_list: [...JOINED_COLUMNS, ...tagColumns] },
        severity: 'critical',
      },
      {
        type: 'expect_table_row_count_to_equal_other_table',
        kwargs: { other_table_name: 'Subscribers' },
        severity: 'critical',
      },
      {
        type: 'expect_column_values_to_match_regex',
        kwargs: { column: 'country_code', regex: '^[a-z]{2}$' },
        severity: 'critical',
      },
      {
        type: 'expect_column_values_to_be_in_set',
        kwargs: { column: 'country_code', value_set: COUNTRY_CODES },
        severity: 'critical',
      },
      { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'country_code' }, severity: 'info' },
      {
        type: 'expect_column_values_to_be_between',
        kwargs: { column: 'tag_count', min_value: 0, max_value: tagColumns.length },
        severity: 'critical',
      },
      {
        type: 'expect_column_values_to_equal_sum_of_columns',
        kwargs: { column: 'tag_count', column_list: tagColumns },
        severity: 'critical',
      },
      {
        type: 'expect_multicolumn_values_to_be_in_set',
        kwargs: { column_list: tagColumns, value_set: [0, 1] },
        severity: 'critical',
      },
    ],
  };
}

/** The rules of the business on `subscribers_joined`. */
export const BUSINESS_RULES_SUITE: Suite = {
  name: 'business_rules',
  table: 'subscribers_joined',
  expectations: [
    {
      type: 'expect_column_values_to_be_in_set',
      kwargs: { column: 'made_purchase', value_set: [0, 1] },
      severity: 'critical',
    },
    {
      type: 'expect_column_values_to_not_be_null',
      kwargs: { column: 'made_purchase' },
      severity: 'critical',
    },
    {
      type: 'expect_column_mean_to_be_between',
      kwargs: { column: 'made_purchase', ...CONVERSION_BOUNDS },
      severity: 'critical',
    },
    {
      type: 'expect_column_most_common_value_share_to_be_between',
      kwargs: { column: 'email_provider', max_value: 0.95 },
      severity: 'info',
    },
  ],
};

function integerColumn(column: string, severity: Expectation['severity']): readonly Expectation[] {
  return [
    { type: 'expect_column_values_to_be_of_type', kwargs: { column, type_: 'int64' }, severity },
    ...representable(column, severity),
  ];
}

function textColumn(column: string, severity: Expectation['severity']): readonly Expectation[] {
  return [
    { type: 'expect_column_values_to_be_of_type', kwargs: { column, type_: 'string' }, severity },
    ...representable(column, severity),
  ];
}

function representable(column: string, severity: Expectation['severity']): readonly Expectation[] {
  return [{ type: 'expect_column_values_to_be_representable', kwargs: { column }, severity }];
}

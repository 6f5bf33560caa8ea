/** Columns of numbers that an expression may use in any list, beside tags and `country_code`. */
export const NUMBER_COLUMNS = [
  'optin_days',
  'optin_month',
  'optin_day_of_week',
  'optin_day_of_year',
  'optin_quarter',
  'optin_is_weekend',
  'tag_count',
  'tag_count_by_optin_day',
  'member_rating',
  'is_free_email',
] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** What else an expression may use. */
export interface KnownColumns {
  /** Whether this is the column of a tag that enough training rows hold. */
  readonly isTag: (name: string) => boolean;
}

/** Any tag; for reading a specification back, whose tags were checked when it was fitted. */
export const ANY_TAG: KnownColumns = { isTag: (name) => name.startsWith('tag_') };

const PERSONAL: readonly string[] = ['mailchimp_id', 'user_full_name', 'user_email'];

/** Sentences about names that are not known. */
export const fault = {
  unknownFunction: (name: string, known: readonly string[]) =>
    `There is no function ${name}; there are ${known.join(', ')}.`,
};

/** Whether a column is one of numbers that every list has. */
export function isNumberColumn(name: string): name is NumberColumn {
  return NUMBER_COLUMNS.some((column) => column === name);
}

/** Say why a name cannot be used as a column of numbers; null where it can. */
export function foundColumn(name: string, { isTag }: KnownColumns): string | null {
  if (isNumberColumn(name) || isTag(name)) return null;
  if (PERSONAL.includes(name)) return `${name} tells who a person is, and never becomes a feature.`;
  if (name === 'made_purchase') return 'made_purchase is what is predicted, so no feature may know it.';
  if (name === 'optin_time') return 'optin_time is a date: use optin_days, optin_month and their like.';
  if (name === 'country_code') return "country_code is a text: compare it, as in country_code = 'us'.";
  if (name.startsWith('tag_')) return `There is no tag ${name} that enough training rows hold.`;
  return `There is no column ${name}; there are ${NUMBER_COLUMNS.join(', ')}, country_code and the tags.`;
}

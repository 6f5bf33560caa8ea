import { calendarParts, MISSING_DAY, parseDay } from '@/lib/core/day';
import { emailDomain } from '@/lib/crm/email-domain';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countText, nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { FeatureSpec } from '@/lib/features/spec';
import type { LeadGroup } from './reason-groups';
import type { ReasonSubject } from './subjects';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const N_DIGITS = 3;

/** A lead as its table holds it. */
export interface LeadPlace {
  readonly spec: FeatureSpec;
  readonly table: JoinedTable;
  readonly row: number;
}

/**
 * Say what a lead has, in words that follow "because of": "member rating 5", "country us", "no opt-in date".
 *
 * @param key what the model was given; tells own features, which no column holds
 */
export function valueText({ kind, name }: ReasonSubject, lead: LeadPlace, key: number): string {
  const { spec, table, row } = lead;
  switch (kind) {
    case 'member_rating': {
      const rating = table.memberRating[row]!;
      return Number.isNaN(rating) ? 'no member rating' : `member rating ${rating}`;
    }
    case 'country_code':
      return countryText(lead);
    case 'optin_days':
    case 'optin_season':
    case 'optin_weekday':
      return optinText(kind, table.optinDay[row]!, spec);
    case 'tag_count':
      return tagCountText(table.tagCount[row]!);
    case 'tag_rate':
      return Number.isNaN(key) ? 'no opt-in date' : `${shortNumber(key)} tags a day on the list`;
    case 'is_free_email':
      return emailText(emailDomain(table.userEmail[row]!), spec);
    case 'tag': {
      const holds = table.tagIndicators[table.tagColumns.indexOf(name)]?.[row] === 1;
      return `${holds ? 'holds' : 'does not hold'} ${name}`;
    }
    case 'own':
      return Number.isNaN(key) ? `no ${name}` : `${name} ${shortNumber(key)}`;
    default:
      return kind satisfies never;
  }
}

function countryText({ spec, table, row }: LeadPlace): string {
  const place = table.countryIndex[row]!;
  if (place < 0) return 'no country';
  const code = table.countryCodes[place]!;
  return spec.countryLevels.includes(code) ? `country ${code}` : `country ${code}, one of the rarer ones`;
}

function optinText(
  kind: 'optin_days' | 'optin_season' | 'optin_weekday',
  day: number,
  spec: FeatureSpec,
): string {
  if (day === MISSING_DAY) return 'no opt-in date';
  const { month, dayOfWeek } = calendarParts(day);
  if (kind === 'optin_season') return `joined in ${MONTHS[month - 1]}`;
  if (kind === 'optin_weekday') return `joined on a ${DAYS[dayOfWeek]}`;
  const days = parseDay(spec.referenceDay) - day;
  if (days < 0) return `joined ${nounText(-days, 'day', 'days')} after ${spec.referenceDay}`;
  return `joined ${nounText(days, 'day', 'days')} before ${spec.referenceDay}`;
}

function tagCountText(nTags: number): string {
  return nTags === 0 ? 'no tags' : nounText(nTags, 'tag', 'tags');
}

function emailText(domain: string, { freeEmailDomains }: FeatureSpec): string {
  if (domain === '') return 'no e-mail domain';
  return freeEmailDomains.includes(domain)
    ? 'e-mail at a free provider'
    : 'e-mail at a domain that is not free';
}

/** Write a number with three digits at most after rounding, as short as it goes. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(N_DIGITS)));
}

/** Say how many share what a lead has, and how many of them bought, beside all. */
export function groupText(
  { kind }: ReasonSubject,
  group: LeadGroup,
  whole: { readonly n_rows: number; readonly n_buyers: number },
): string {
  if (group.n === 0) return 'nobody whom the model was trained on is like this';
  if (group.buyers === null) return 'too few are like this to say how many bought';
  const who = `${countText(group.n)}${rangeText(kind, group.range)}`;
  const [theirs, all] = [group.buyers / group.n, whole.n_buyers / whole.n_rows];
  return `of ${who} like this ${percentText(theirs)} bought, of all ${percentText(all)}`;
}

function rangeText(kind: ReasonSubject['kind'], range: LeadGroup['range']): string {
  if (range === null) return '';
  const unit = kind === 'optin_days' ? ' days' : '';
  const [from, to] = [shortNumber(range.from), shortNumber(range.to)];
  return range.to === Number.POSITIVE_INFINITY
    ? ` (${from}${unit} or more)`
    : ` (${from} to under ${to}${unit})`;
}

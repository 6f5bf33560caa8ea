import { nounText, percentText } from '../summary/plain-numbers';
import { DIMENSIONS, type Dimension, type FilterDimension } from './dimensions';
import type { SegmentPareto } from './segment-pareto';

/** How sentences name a dimension's levels. */
export const DIMENSION_WORDS: Readonly<
  Record<Dimension, { readonly singular: string; readonly plural: string }>
> = {
  country: { singular: 'country', plural: 'countries' },
  product: { singular: 'product', plural: 'products' },
  tag: { singular: 'tag', plural: 'tags' },
  email_domain: { singular: 'e-mail domain', plural: 'e-mail domains' },
  email_kind: { singular: 'kind of e-mail', plural: 'kinds of e-mail' },
  optin_month: { singular: 'opt-in month', plural: 'opt-in months' },
  optin_day_of_week: { singular: 'opt-in weekday', plural: 'opt-in weekdays' },
  member_rating: { singular: 'member rating', plural: 'member ratings' },
  failing_check: { singular: 'failing check', plural: 'failing checks' },
  anomaly: { singular: 'anomaly', plural: 'anomalies' },
  tag_count: { singular: 'number of tags', plural: 'numbers of tags' },
};

/** Name anything that can be filtered by. @example wordsOfFilter('tag_webinar') // { singular: 'tag webinar', … } */
export function wordsOfFilter(dimension: FilterDimension): (typeof DIMENSION_WORDS)[Dimension] {
  const known = DIMENSIONS.find((name) => name === dimension);
  if (known !== undefined) return DIMENSION_WORDS[known];
  const singular = `tag ${dimension.replace(/^tag_/, '')}`;
  return { singular, plural: `states of ${singular}` };
}

/** Say how few levels reach the share of the sales, which sells best, and who has none. */
export function segmentSentence(
  { rows, missing, nKnown, nKnownBuyers, isMany }: SegmentPareto,
  options: { readonly dimension: Dimension; readonly kept: readonly string[]; readonly share: number },
): string {
  const { dimension, kept, share } = options;
  const { singular, plural } = DIMENSION_WORDS[dimension];
  const n = nKnown + (missing?.n ?? 0);
  if (n === 0) return 'No subscriber passes the filters.';
  const [best] = rows;
  if (best === undefined) return `None of the ${nounText(n, 'subscriber', 'subscribers')} has a ${singular}.`;
  const absent =
    missing === null
      ? 'every subscriber has one'
      : `${percentText(missing.n / n)} of the subscribers have none`;
  if (nKnownBuyers === 0) {
    return `Nobody of the ${nounText(rows.length, singular, plural)} has bought; ${absent}.`;
  }
  const verb = kept.length === 1 ? 'reaches' : 'reach';
  const base = isMany ? `of the buyers who have a ${singular}` : `of the sales with a known ${singular}`;
  return `${kept.length} of ${nounText(rows.length, singular, plural)} ${verb} ${percentText(share, 0)} ${base}; ${best.level} leads with ${nounText(best.buyers, 'sale', 'sales')} (${percentText(best.conversion)} bought); ${absent}.`;
}

import { PEARSON } from '@/lib/demo/figures/associations';
import { COUNTRIES, MISSING_COUNTRY } from '@/lib/demo/figures/countries';
import { LIST, PROVIDERS, RATINGS } from '@/lib/demo/figures/list';
import { OPTIN_RANGE, OPTINS_BY_YEAR } from '@/lib/demo/figures/opt-ins';
import { LEARNING_LABS_PRO_IDS } from '@/lib/demo/figures/products';
import { LEARNING_LABS_BUYERS } from '@/lib/demo/figures/purchases';
import { TAGS, WEBINAR_NESTING } from '@/lib/demo/figures/tags';
import type { DemoList } from '@/lib/demo/testing/demo-list';
import { pearson } from '@/lib/demo/testing/statistics';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import type { EdaSummary } from '@/lib/explore/summary/summary-schema';
import { type Filtered, groupFigures, type ProfileFigure, plantedCounts } from './group-figures';
import { jointFigures } from './joint-figures';
import { tagCountFigures } from './tag-count-figures';

const segmentOf = (summary: EdaSummary, dimension: EdaSummary['segments'][number]['dimension']) =>
  summary.segments.find((segments) => segments.dimension === dimension);
const levelOf = (summary: EdaSummary, dimension: Parameters<typeof segmentOf>[1], level: string) =>
  segmentOf(summary, dimension)?.rows.find((row) => row.level === level);

/** Lay the profile beside what was planted and what the exploration says, figure by figure. */
export function profileFigures(
  list: DemoList,
  summary: EdaSummary,
  filtered: Filtered,
): readonly ProfileFigure[] {
  return [
    ...listFigures(list, summary),
    ...ratingFigures(list, summary),
    ...countryFigures(list, summary),
    ...tagCountFigures(list, summary),
    ...tagFigures(list, summary, filtered),
    ...optinFigures(list, summary),
    ...productFigures(list, filtered),
    ...jointFigures(list, filtered),
  ];
}

function listFigures(list: DemoList, { totals, segments }: EdaSummary): ProfileFigure[] {
  const all = plantedCounts(list, () => true);
  const domains = segments.find(({ dimension }) => dimension === 'email_domain')?.rows ?? [];
  const domainOf = list.emails.map((email) => email.slice(email.indexOf('@') + 1));
  return [
    ...groupFigures(
      'all',
      { n: LIST.nSubscribers, buyers: LIST.nBuyers },
      {
        planted: all,
        says: { n: totals.n_subscribers, buyers: totals.n_buyers },
      },
    ),
    {
      figure: 'conversion',
      profile: LIST.nBuyers / LIST.nSubscribers,
      planted: all.buyers / all.n,
      says: totals.conversion,
      bound: 0.001,
    },
    {
      figure: 'e-mail domains',
      profile: PROVIDERS.length,
      planted: new Set(domainOf).size,
      says: domains.length,
      bound: 0,
    },
    ...PROVIDERS.flatMap(({ domain, n, buyers }) =>
      groupFigures(
        domain,
        { n, buyers },
        {
          planted: plantedCounts(list, (row) => domainOf[row] === domain),
          says: domains.find(({ level }) => level === domain),
        },
      ),
    ),
  ];
}

function ratingFigures(list: DemoList, { member_rating }: EdaSummary): ProfileFigure[] {
  return [
    ...RATINGS.flatMap(({ rating, n, buyers }) =>
      groupFigures(
        `rating ${rating}`,
        { n, buyers },
        {
          planted: plantedCounts(list, (row) => list.ratings[row] === rating),
          says: member_rating.rows.find((row) => row.member_rating === String(rating)),
        },
      ),
    ),
    {
      figure: 'correlation of rating and purchase',
      profile: PEARSON.ratingPurchase,
      planted: pearson(list.ratings, list.buyers),
      says: member_rating.pearson,
      bound: 0.15 * PEARSON.ratingPurchase,
    },
  ];
}

/** Countries in order of sales, as far as the profile says whose share is reached where. */
const PARETO = [
  ['us', 0.465],
  ['in', 0.551],
  ['au', 0.594],
  ['uk', 0.63],
  ['br', 0.659],
  ['ca', 0.686],
  ['de', 0.712],
] as const;

function countryFigures(list: DemoList, summary: EdaSummary): ProfileFigure[] {
  const codes = list.countries.map((code) => code?.toLowerCase() ?? null);
  const known = plantedCounts(list, (row) => codes[row] !== null);
  const country = segmentOf(summary, 'country');
  let nSoFar = 0;
  return [
    {
      figure: 'countries, case folded',
      profile: COUNTRIES.length,
      planted: new Set(codes.filter((code) => code !== null)).size,
      says: summary.totals.n_countries,
      bound: 0,
    },
    ...groupFigures('country missing', MISSING_COUNTRY, {
      planted: plantedCounts(list, (row) => codes[row] === null),
      says: country?.missing,
    }),
    ...COUNTRIES.flatMap(({ code, n, nUpperCase, buyers }) =>
      groupFigures(
        `country ${code}`,
        { n: n + nUpperCase, ...(buyers === null ? {} : { buyers }) },
        {
          planted: plantedCounts(list, (row) => codes[row] === code),
          says: levelOf(summary, 'country', code),
        },
      ),
    ),
    ...PARETO.map(([code, share]): ProfileFigure => {
      nSoFar += plantedCounts(list, (row) => codes[row] === code).buyers;
      return {
        figure: `share of sales up to ${code}`,
        profile: share,
        planted: nSoFar / known.buyers,
        says: levelOf(summary, 'country', code)?.cumulative_sales_share ?? null,
        bound: 0.02,
      };
    }),
  ];
}

function tagFigures(list: DemoList, { tags }: EdaSummary, filtered: Filtered): ProfileFigure[] {
  const holds = (tag: string) => (row: number) => list.tags[row]!.includes(tag);
  return [
    {
      figure: 'tags',
      profile: TAGS.length,
      planted: new Set(list.tags.flat()).size,
      says: tags.rows.length,
      bound: 0,
    },
    ...TAGS.flatMap(({ tag, holders, buyers }) =>
      groupFigures(
        `tag ${tag}`,
        { n: holders, buyers },
        {
          planted: plantedCounts(list, holds(tag)),
          says: tags.rows.find((row) => row.tag === `tag_${tag}`),
        },
      ),
    ),
    // Who holds the inner tag holds the outer one: the pair has all its holders.
    ...WEBINAR_NESTING.flatMap(([inner, outer]) => {
      return groupFigures(
        `tag ${inner} with ${outer}`,
        { n: TAGS.find(({ tag }) => tag === inner)?.holders ?? 0 },
        {
          planted: plantedCounts(list, (row) => holds(inner)(row) && holds(outer)(row)),
          says: filtered(
            [inner, outer].map((tag) => ({ dimension: `tag_${tag}` as const, levels: ['with'] })),
          ),
        },
      );
    }),
  ];
}

function optinFigures(list: DemoList, summary: EdaSummary): ProfileFigure[] {
  const months = segmentOf(summary, 'optin_month')?.rows ?? [];
  const dayNumber = (date: string | null) => (date === null ? null : Date.parse(date) / 86_400_000);
  const sorted = list.optinDates.toSorted();
  const ends = (
    [
      ['first', sorted[0], summary.totals.first_optin],
      ['last', sorted.at(-1), summary.totals.last_optin],
    ] as const
  ).map(
    ([name, planted, says]): ProfileFigure => ({
      figure: `${name} opt-in (days since 1970)`,
      profile: dayNumber(OPTIN_RANGE[name]) ?? Number.NaN,
      planted: dayNumber(planted ?? null) ?? Number.NaN,
      says: dayNumber(says),
      bound: 0,
    }),
  );
  return [
    ...ends,
    ...Object.entries(OPTINS_BY_YEAR).map(
      ([year, n]): ProfileFigure => ({
        figure: `opt-ins of ${year}`,
        profile: n,
        planted: list.optinDates.filter((date) => date.startsWith(year)).length,
        says: months.filter(({ level }) => level.startsWith(year)).reduce((sum, row) => sum + row.n, 0),
        bound: 0.05 * n,
      }),
    ),
  ];
}

const LABS: RowFilter = { dimension: 'product', levels: LEARNING_LABS_PRO_IDS.map(String) };

function productFigures(list: DemoList, filtered: Filtered): ProfileFigure[] {
  const bought = new Set(
    list.transactions
      .filter(({ productId }) => LEARNING_LABS_PRO_IDS.includes(productId))
      .map(({ email }) => email),
  );
  const planted = (holds: (row: number) => boolean) =>
    plantedCounts(list, (row) => bought.has(list.emails[row]!) && holds(row));
  const { total, byRating, byCountry } = LEARNING_LABS_BUYERS;
  return [
    ...groupFigures(
      'Learning Labs Pro',
      { n: total },
      { planted: planted(() => true), says: filtered([LABS]) },
    ),
    ...Object.entries(byRating).flatMap(([rating, n]) =>
      groupFigures(
        `Learning Labs Pro, rating ${rating}`,
        { n },
        {
          planted: planted((row) => list.ratings[row] === Number(rating)),
          says: filtered([LABS, { dimension: 'member_rating', levels: [rating] }]),
        },
      ),
    ),
    ...Object.entries(byCountry).flatMap(([code, n]) =>
      groupFigures(
        `Learning Labs Pro, ${code}`,
        { n },
        {
          planted: planted((row) => list.countries[row]?.toLowerCase() === code),
          says: filtered([LABS, { dimension: 'country', levels: [code] }]),
        },
      ),
    ),
  ];
}

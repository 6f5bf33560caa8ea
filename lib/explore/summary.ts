import { z } from 'zod';
import { formatDay, MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countryPareto, levelsKept, type ParetoRow } from './country-pareto';
import { RATING_LEVELS, type RatingRow, ratingConversion } from './rating-conversion';
import { countrySentence, ratingSentence, tagCountSentence, tagSentence } from './summary-sentences';
import { type TagCountQuantiles, tagConversion, tagCountQuantiles } from './tag-counts';

/** Version of `eda_summary.json`'s format. */
export const EDA_SUMMARY_VERSION = 1;

const share = z.number().min(0).max(1).nullable();
const group = {
  n: z.int().min(0),
  buyers: z.int().min(0),
  /** buyers / n; null where n is 0. */
  conversion: share,
  /** Ends of the 95 % Wilson interval of the conversion. */
  conversion_low: share,
  conversion_high: share,
};

/** `eda_summary.json`: what exploration found, as aggregates. Null stands for what is not defined, such as a share of nothing. */
export const edaSummarySchema = z.strictObject({
  version: z.literal(EDA_SUMMARY_VERSION),
  totals: z.strictObject({
    n_subscribers: z.int().min(0),
    n_buyers: z.int().min(0),
    conversion: share,
    /** Distinct country codes among subscribers. */
    n_countries: z.int().min(0),
    n_country_missing: z.int().min(0),
    n_tags: z.int().min(0),
    /** YYYY-MM-DD; null when no opt-in date is known. */
    first_optin: z.string().nullable(),
    last_optin: z.string().nullable(),
  }),
  country: z.strictObject({
    sentence: z.string(),
    pareto_share: z.number().gt(0).max(1),
    /** Fewest countries, by sales, that hold the share. */
    levels_kept: z.array(z.string()),
    /** By sales; a null code stands for subscribers without a country and comes last. */
    rows: z.array(
      z.strictObject({
        country_code: z.string().nullable(),
        ...group,
        sales_share: share,
        cumulative_sales_share: share,
      }),
    ),
  }),
  member_rating: z.strictObject({
    sentence: z.string(),
    /** Correlation of rating and purchase among subscribers rated 1–5. */
    pearson: z.number().min(-1).max(1).nullable(),
    spearman: z.number().min(-1).max(1).nullable(),
    rows: z.array(z.strictObject({ member_rating: z.enum(RATING_LEVELS), ...group, share })),
  }),
  tag_count: z.strictObject({
    sentence: z.string(),
    /** Quantiles of type 7. */
    by_purchase: z.array(
      z.strictObject({
        made_purchase: z.union([z.literal(0), z.literal(1)]),
        n: z.int().min(0),
        mean: z.number().nullable(),
        p10: z.number().nullable(),
        p50: z.number().nullable(),
        p90: z.number().nullable(),
      }),
    ),
  }),
  tags: z.strictObject({
    sentence: z.string(),
    /** Most holders first. */
    rows: z.array(
      z.strictObject({
        tag: z.string(),
        holders: z.int().min(0),
        buyers: z.int().min(0),
        conversion: share,
        /** Conversion of holders over conversion of all. */
        lift: z.number().min(0).nullable(),
      }),
    ),
  }),
});

export type EdaSummary = z.infer<typeof edaSummarySchema>;

/**
 * Sum up the exploration of a joined table: countries, ratings, tag counts and tags, each with one sentence.
 * Aggregates only: nothing in it belongs to one subscriber.
 *
 * @param options.paretoShare share of the sales that the kept countries must hold, above 0, up to 1
 */
export function edaSummary(table: JoinedTable, options: { paretoShare: number }): EdaSummary {
  const { paretoShare } = options;
  const pareto = countryPareto(table);
  const kept = levelsKept(pareto, paretoShare);
  const rating = ratingConversion(table);
  const tagCounts = tagCountQuantiles(table);
  const tags = tagConversion(table);
  const totals = totalsOf(table, pareto);
  return {
    version: EDA_SUMMARY_VERSION,
    totals,
    country: {
      sentence: countrySentence(pareto, { kept, paretoShare }),
      pareto_share: paretoShare,
      levels_kept: kept,
      rows: pareto.map((row) => ({
        country_code: row.code,
        ...groupOf(row),
        sales_share: row.salesShare,
        cumulative_sales_share: row.cumulativeSalesShare,
      })),
    },
    member_rating: {
      sentence: ratingSentence(rating),
      pearson: rating.pearson,
      spearman: rating.spearman,
      rows: rating.rows.map((row) => ({ member_rating: row.rating, ...groupOf(row), share: row.share })),
    },
    tag_count: {
      sentence: tagCountSentence(tagCounts),
      by_purchase: tagCounts.map(({ madePurchase, ...quantiles }: TagCountQuantiles) => ({
        made_purchase: madePurchase,
        ...quantiles,
      })),
    },
    tags: { sentence: tagSentence(tags, totals.conversion), rows: tags },
  };
}

function groupOf(row: ParetoRow | RatingRow) {
  return {
    n: row.n,
    buyers: row.buyers,
    conversion: row.conversion,
    conversion_low: row.interval?.low ?? null,
    conversion_high: row.interval?.high ?? null,
  };
}

function totalsOf(table: JoinedTable, pareto: readonly ParetoRow[]): EdaSummary['totals'] {
  let nBuyers = 0;
  for (const label of table.madePurchase) nBuyers += label;
  let first = MISSING_DAY;
  let last = MISSING_DAY;
  for (const day of table.optinDay) {
    if (day === MISSING_DAY) continue;
    if (first === MISSING_DAY || day < first) first = day;
    if (day > last) last = day;
  }
  return {
    n_subscribers: table.nRows,
    n_buyers: nBuyers,
    conversion: table.nRows === 0 ? null : nBuyers / table.nRows,
    n_countries: pareto.filter((row) => row.code !== null).length,
    n_country_missing: pareto.find((row) => row.code === null)?.n ?? 0,
    n_tags: table.tagColumns.length,
    first_optin: formatDay(first) || null,
    last_optin: formatDay(last) || null,
  };
}

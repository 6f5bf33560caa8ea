import { z } from 'zod';
import { RATING_LEVELS } from '../rating/rating-conversion';
import { SEGMENT_DIMENSIONS } from '../segments/dimensions';

/** Version of `eda_summary.json`'s format. */
export const EDA_SUMMARY_VERSION = 2;

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const correlation = z.number().min(-1).max(1);
const group = {
  n: count,
  buyers: count,
  /** buyers / n; null where n is 0. */
  conversion: share,
  /** Ends of the 95 % Wilson interval of the conversion. */
  conversion_low: share,
  conversion_high: share,
};
const trend = z.strictObject({
  n: count,
  /** Pearson's correlation of rating and purchase, with the ends of its 95 % interval. */
  pearson: correlation,
  pearson_low: correlation.nullable(),
  pearson_high: correlation.nullable(),
  /** Cochran's and Armitage's test. */
  z: z.number(),
  p_value: z.number().min(0).max(1),
});

const segments = z.strictObject({
  dimension: z.enum(SEGMENT_DIMENSIONS),
  sentence: z.string(),
  pareto_share: z.number().gt(0).max(1),
  /** Fewest levels, by sales, that hold the share. */
  levels_kept: z.array(z.string()),
  /** Levels that so few subscribers hold that they may name a person; they are in none of the lists here. */
  n_levels_left_out: count,
  /** Subscribers who hold no level; null where everybody holds one. */
  missing: z.strictObject(group).nullable(),
  /** By sales. */
  rows: z.array(
    z.strictObject({ level: z.string(), ...group, sales_share: share, cumulative_sales_share: share }),
  ),
});

const rating = z.strictObject({
  sentence: z.string(),
  /** Correlation of rating and purchase among subscribers rated 1–5. */
  pearson: correlation.nullable(),
  spearman: correlation.nullable(),
  rows: z.array(z.strictObject({ member_rating: z.enum(RATING_LEVELS), ...group, share })),
  trend: trend.nullable(),
  /** Whether the trend holds among those who are equally long on the list. */
  by_age: z.strictObject({
    sentence: z.string(),
    verdict: z.enum(['same', 'reversed', 'one_stratum', 'explained', 'unknown']),
    strata: z.array(z.strictObject({ age: z.string(), n: count, trend: trend.nullable() })),
    /** Mantel's test over all strata. */
    within: z.strictObject({ z: z.number(), p_value: z.number() }).nullable(),
  }),
});

const tagCount = z.strictObject({
  sentence: z.string(),
  /** Quantiles of type 7. */
  by_purchase: z.array(
    z.strictObject({
      made_purchase: z.union([z.literal(0), z.literal(1)]),
      n: count,
      mean: z.number().nullable(),
      p10: z.number().nullable(),
      p50: z.number().nullable(),
      p90: z.number().nullable(),
    }),
  ),
  rows: z.array(
    z.strictObject({ tag_count: z.string(), ...group, share_of_buyers: share, share_of_others: share }),
  ),
});

const ratio = z.number().min(0).nullable();
const tags = z.strictObject({
  sentence: z.string(),
  /** What small groups are drawn to; null where tags do not differ beyond chance. */
  prior: z.strictObject({ conversion: z.number(), n_subscribers: z.number() }).nullable(),
  /** Most holders first. */
  rows: z.array(
    z.strictObject({
      tag: z.string(),
      ...group,
      shrunk_conversion: share,
      /** Conversion of holders over conversion of all. */
      lift: ratio,
      /** Conversion of holders over that of the others, with Katz's 95 % interval. */
      ratio,
      ratio_low: ratio,
      ratio_high: ratio,
    }),
  ),
  pairs: z.array(
    z.strictObject({
      tags: z.tuple([z.string(), z.string()]),
      n: count,
      buyers: count,
      conversion: share,
      /** Over the conversion of all holders of the better of the two. */
      lift_over_better: z.number().min(0),
      adjusted_p_value: z.number().min(0).max(1),
    }),
  ),
});

const interactions = z.strictObject({
  /** Those beyond chance first, strongest first. */
  ranking: z.array(
    z.strictObject({
      along: z.string(),
      up: z.string(),
      g_square: z.number(),
      degrees_of_freedom: count,
      p_value: z.number().min(0).max(1),
      adjusted_p_value: z.number().min(0).max(1),
      strength: z.number().min(0).max(1),
      is_beyond_chance: z.boolean(),
    }),
  ),
  /** The pair that the page opens with, and the strongest. */
  described: z.array(z.strictObject({ along: z.string(), up: z.string(), sentence: z.string() })),
});

const sufficiency = z.strictObject({
  sentence: z.string(),
  is_enough: z.boolean(),
  n_test_buyers: count,
  n_test_others: count,
  /** ROC AUC to reckon with, and its 95 % interval on the test rows. */
  roc_auc: share,
  roc_auc_low: share,
  roc_auc_high: share,
  buyers_per_feature: z.number().min(0).nullable(),
  /** Subscribers to come until it is enough; null where that cannot be said. */
  n_more: count.nullable(),
});

/** `eda_summary.json`: all that exploration says, as aggregates. Null stands for what is not defined, such as a share of nothing. */
export const edaSummarySchema = z.strictObject({
  version: z.literal(EDA_SUMMARY_VERSION),
  totals: z.strictObject({
    n_subscribers: count,
    n_buyers: count,
    conversion: share,
    /** Distinct country codes among subscribers. */
    n_countries: count,
    n_country_missing: count,
    n_tags: count,
    /** YYYY-MM-DD; null when no opt-in date is known. */
    first_optin: z.string().nullable(),
    last_optin: z.string().nullable(),
  }),
  /** One a dimension; products only where the purchases were at hand. */
  segments: z.array(segments),
  member_rating: rating,
  tag_count: tagCount,
  tags,
  interactions,
  sufficiency,
});

export type EdaSummary = z.infer<typeof edaSummarySchema>;

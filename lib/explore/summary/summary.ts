import { formatDay, MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { isBeyondChance } from '../interactions/interaction-ranking';
import { interactionSentence } from '../interactions/interaction-sentence';
import type { Trend } from '../rating/ordinal-trend';
import { simpsonSentence } from '../rating/simpson';
import type { ShareInterval } from '../statistics/wilson-interval';
import { sufficiencySentence } from '../sufficiency/sufficiency-sentence';
import { tagLiftSentence } from '../tags/tag-lift-sentence';
import type { Exploration, ExploredSegments } from './exploration';
import { EDA_SUMMARY_VERSION, type EdaSummary } from './summary-schema';
import { ratingSentence, tagCountSentence } from './summary-sentences';

/**
 * Write down an exploration as `eda_summary.json` has it: each part with its sentence. Aggregates only: nothing in it belongs
 * to one subscriber.
 *
 * @param table the list that was explored, for its totals
 * @param options.paretoShare share of the sales that the kept levels must hold, above 0, up to 1
 */
export function edaSummary(
  exploration: Exploration,
  table: JoinedTable,
  options: { readonly paretoShare: number },
): EdaSummary {
  return {
    version: EDA_SUMMARY_VERSION,
    totals: totalsOf(exploration, table),
    segments: exploration.segments.map((segments) => segmentsOf(segments, options.paretoShare)),
    member_rating: ratingOf(exploration),
    tag_count: tagCountOf(exploration),
    tags: tagsOf(exploration),
    interactions: interactionsOf(exploration),
    sufficiency: sufficiencyOf(exploration),
  };
}

interface Counted {
  readonly n: number;
  readonly buyers: number;
  readonly conversion: number | null;
  readonly interval: ShareInterval | null;
}

function groupOf({ n, buyers, conversion, interval }: Counted) {
  return {
    n,
    buyers,
    conversion,
    conversion_low: interval?.low ?? null,
    conversion_high: interval?.high ?? null,
  };
}

function totalsOf(
  { nSubscribers, nBuyers, conversion, segments }: Exploration,
  { optinDay, tagColumns }: JoinedTable,
): EdaSummary['totals'] {
  let first = MISSING_DAY;
  let last = MISSING_DAY;
  for (const day of optinDay) {
    if (day === MISSING_DAY) continue;
    if (first === MISSING_DAY || day < first) first = day;
    if (day > last) last = day;
  }
  const countries = segments.find(({ dimension }) => dimension === 'country')?.pareto;
  return {
    n_subscribers: nSubscribers,
    n_buyers: nBuyers,
    conversion,
    n_countries: countries?.rows.length ?? 0,
    n_country_missing: countries?.missing?.n ?? 0,
    n_tags: tagColumns.length,
    first_optin: formatDay(first) || null,
    last_optin: formatDay(last) || null,
  };
}

function segmentsOf(
  { dimension, pareto, nLeftOut, kept, sentence }: ExploredSegments,
  paretoShare: number,
): EdaSummary['segments'][number] {
  return {
    dimension,
    sentence,
    pareto_share: paretoShare,
    levels_kept: [...kept],
    n_levels_left_out: nLeftOut,
    missing: pareto.missing === null ? null : groupOf(pareto.missing),
    rows: pareto.rows.map((row) => ({
      level: row.level,
      ...groupOf(row),
      sales_share: row.salesShare,
      cumulative_sales_share: row.cumulativeSalesShare,
    })),
  };
}

function trendOf(trend: Trend | null) {
  if (trend === null) return null;
  const { n, pearson, interval, z, pValue } = trend;
  return {
    n,
    pearson,
    pearson_low: interval?.low ?? null,
    pearson_high: interval?.high ?? null,
    z,
    p_value: pValue,
  };
}

function ratingOf({ rating }: Exploration): EdaSummary['member_rating'] {
  const { overall, strata, within, verdict } = rating.simpson;
  return {
    sentence: ratingSentence(rating),
    pearson: rating.pearson,
    spearman: rating.spearman,
    rows: rating.rows.map((row) => ({ member_rating: row.rating, ...groupOf(row), share: row.share })),
    trend: trendOf(overall),
    by_age: {
      sentence: simpsonSentence(rating.simpson),
      verdict,
      strata: strata.map(({ label, n, trend }) => ({ age: label, n, trend: trendOf(trend) })),
      within: within === null ? null : { z: within.z, p_value: within.pValue },
    },
  };
}

function tagCountOf({ tagCounts }: Exploration): EdaSummary['tag_count'] {
  return {
    sentence: tagCountSentence(tagCounts.byPurchase),
    by_purchase: tagCounts.byPurchase.map(({ madePurchase, ...quantiles }) => ({
      made_purchase: madePurchase,
      ...quantiles,
    })),
    rows: tagCounts.rows.map((row) => ({
      tag_count: row.level,
      ...groupOf(row),
      share_of_buyers: row.shareOfBuyers,
      share_of_others: row.shareOfOthers,
    })),
  };
}

function tagsOf({ tags, conversion }: Exploration): EdaSummary['tags'] {
  const { prior } = tags;
  return {
    sentence: tagLiftSentence(tags, conversion),
    prior: prior === null ? null : { conversion: prior.conversion, n_subscribers: prior.nSubscribers },
    rows: tags.tags.map((row) => ({
      tag: row.tag,
      ...groupOf({ ...row, n: row.holders }),
      shrunk_conversion: row.shrunkConversion,
      lift: row.lift,
      ratio: row.ratio?.value ?? null,
      ratio_low: row.ratio?.low ?? null,
      ratio_high: row.ratio?.high ?? null,
    })),
    pairs: tags.pairs.map((pair) => ({
      tags: [pair.tags[0], pair.tags[1]],
      n: pair.holders,
      buyers: pair.buyers,
      conversion: pair.conversion,
      lift_over_better: pair.liftOverBetter,
      adjusted_p_value: pair.adjustedPValue,
    })),
  };
}

function interactionsOf({ ranking, interactions }: Exploration): EdaSummary['interactions'] {
  return {
    ranking: ranking.map((pair) => ({
      along: pair.along,
      up: pair.up,
      g_square: pair.gSquare,
      degrees_of_freedom: pair.degreesOfFreedom,
      p_value: pair.pValue,
      adjusted_p_value: pair.adjustedPValue,
      strength: pair.strength,
      is_beyond_chance: isBeyondChance(pair),
    })),
    described: interactions.map((interaction) => ({
      along: interaction.along.name,
      up: interaction.up.name,
      sentence: interactionSentence(interaction),
    })),
  };
}

function sufficiencyOf({ sufficiency }: Exploration): EdaSummary['sufficiency'] {
  const { expected, test } = sufficiency;
  return {
    sentence: sufficiencySentence(sufficiency),
    is_enough: sufficiency.isEnough,
    n_test_buyers: test.buyers,
    n_test_others: test.others,
    roc_auc: expected?.rocAuc ?? null,
    roc_auc_low: expected?.low ?? null,
    roc_auc_high: expected?.high ?? null,
    buyers_per_feature: sufficiency.buyersPerFeature,
    n_more: sufficiency.nMore,
  };
}

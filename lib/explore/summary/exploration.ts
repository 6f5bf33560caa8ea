import type { JoinedTable } from '@/lib/crm/joined-table';
import type { ProductPurchases } from '@/lib/crm/product-purchases';
import { type Interaction, interactionOf } from '../interactions/interaction';
import { type AxisName, interactionAxis } from '../interactions/interaction-axes';
import {
  isBeyondChance,
  type RankedInteraction,
  rankedInteractions,
} from '../interactions/interaction-ranking';
import { type RatingConversion, ratingConversion } from '../rating/rating-conversion';
import { ratingSimpson, type SimpsonCheck } from '../rating/simpson';
import {
  createSegmenter,
  SEGMENT_DIMENSIONS,
  type SegmentDimension,
  type Segmenter,
} from '../segments/dimensions';
import { type SegmentPareto, segmentPareto, segmentsKept } from '../segments/segment-pareto';
import { segmentSentence } from '../segments/segment-sentences';
import { listSufficiency, type Sufficiency } from '../sufficiency/sufficiency';
import { type TagCountComparison, tagCountComparison } from '../tags/tag-counts';
import { type TagLifts, tagLifts } from '../tags/tag-lift';

/** All that the page's exploration says of a whole list, for a file and a report. Names nobody. */
export interface Exploration {
  readonly nSubscribers: number;
  readonly nBuyers: number;
  /** nBuyers / nSubscribers; null in an empty list. */
  readonly conversion: number | null;
  /** One a dimension, in their order; products are left out where purchases are not known. */
  readonly segments: readonly ExploredSegments[];
  readonly rating: RatingConversion & { readonly simpson: SimpsonCheck };
  readonly tagCounts: TagCountComparison;
  readonly tags: TagLifts;
  readonly ranking: readonly RankedInteraction[];
  /** The pair that the page opens with, and the strongest beyond chance. */
  readonly interactions: readonly Interaction[];
  readonly sufficiency: Sufficiency;
}

/** The levels of one dimension. */
export interface ExploredSegments {
  readonly dimension: SegmentDimension;
  readonly pareto: SegmentPareto;
  /** Levels left out of `pareto.rows`, because so few subscribers hold them that they may name a person. */
  readonly nLeftOut: number;
  /** Fewest levels, by sales, that reach the share; without those left out. */
  readonly kept: readonly string[];
  readonly sentence: string;
}

/** A domain that fewer people share may be somebody's own name. */
export const LEAST_DOMAIN_HOLDERS = 10;
/** What the page opens with. */
export const FIRST_PAIR = { along: 'tag_count', up: 'member_rating' } as const satisfies Record<
  string,
  AxisName
>;
/** Strongest pairs drawn besides the first. */
const N_STRONGEST = 5;

/**
 * Explore a whole list as the page does without filters.
 *
 * @param options.purchases who bought which product; null where only the joined table is at hand
 * @param options.paretoShare share of the sales that the kept levels must hold, above 0, up to 1
 */
export function explorationOf(
  table: JoinedTable,
  options: { readonly purchases: ProductPurchases | null; readonly paretoShare: number },
): Exploration {
  const { purchases, paretoShare } = options;
  const segmenter = createSegmenter({
    table,
    purchases: purchases ?? NO_PURCHASES,
    checks: { names: [], rowsOf: () => new Uint32Array(0) },
  });
  const { madePurchase, nRows } = table;
  let nBuyers = 0;
  for (const bought of madePurchase) nBuyers += bought;
  const ranking = rankedInteractions(segmenter, table);
  return {
    nSubscribers: nRows,
    nBuyers,
    conversion: nRows === 0 ? null : nBuyers / nRows,
    segments: SEGMENT_DIMENSIONS.filter((dimension) => dimension !== 'product' || purchases !== null).map(
      (dimension) =>
        exploredSegments(dimension, segmentPareto(segmenter(dimension), { madePurchase }), paretoShare),
    ),
    rating: { ...ratingConversion(table), simpson: ratingSimpson(table) },
    tagCounts: tagCountComparison(table),
    tags: tagLifts(table),
    ranking,
    interactions: pairsShown(ranking).map(({ along, up }) => interactionIn(segmenter, table, along, up)),
    sufficiency: listSufficiency({ n: nRows, buyers: nBuyers }),
  };
}

const NO_PURCHASES: ProductPurchases = { products: [], rowsOf: () => new Uint32Array(0) };

function exploredSegments(
  dimension: SegmentDimension,
  pareto: SegmentPareto,
  share: number,
): ExploredSegments {
  const isTold = ({ n }: { readonly n: number }) => dimension !== 'email_domain' || n >= LEAST_DOMAIN_HOLDERS;
  const kept = segmentsKept(pareto, share);
  const nameless = pareto.rows.map((row) => (isTold(row) ? row : { ...row, level: 'a rare one' }));
  const rows = pareto.rows.filter(isTold);
  const told = new Set(rows.map(({ level }) => level));
  return {
    dimension,
    pareto: { ...pareto, rows },
    nLeftOut: pareto.rows.length - rows.length,
    kept: kept.filter((level) => told.has(level)),
    sentence: segmentSentence({ ...pareto, rows: nameless }, { dimension, kept, share }),
  };
}

function pairsShown(ranking: readonly RankedInteraction[]) {
  const isFirst = ({ along, up }: { readonly along: AxisName; readonly up: AxisName }) =>
    [along, up].every((name) => name === FIRST_PAIR.along || name === FIRST_PAIR.up);
  const strongest = ranking.filter((pair) => isBeyondChance(pair) && !isFirst(pair)).slice(0, N_STRONGEST);
  return [FIRST_PAIR, ...strongest];
}

function interactionIn(segmenter: Segmenter, table: JoinedTable, along: AxisName, up: AxisName): Interaction {
  const [first, second] = [along, up].map((name) => interactionAxis(segmenter, table, name));
  if (first === undefined || second === undefined) throw new Error('Expected two axes');
  return interactionOf(first, second, { madePurchase: table.madePurchase });
}

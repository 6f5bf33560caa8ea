import type { JoinedTable } from '@/lib/crm/joined-table';
import { buyerCounts } from '../segments/buyer-counts';
import { type ShareInterval, wilsonInterval } from '../statistics/wilson-interval';
import { type CountedPair, pearsonCorrelation, spearmanCorrelation } from './correlation';

/** The ratings a CRM gives, in order, and what stands beside them: no rating, or one off the scale. */
export const RATING_LEVELS = ['1', '2', '3', '4', '5', 'missing', 'invalid'] as const;

/** One rating's subscribers. */
export interface RatingRow {
  readonly rating: (typeof RATING_LEVELS)[number];
  readonly n: number;
  /** Share of all subscribers; null when there are none. */
  readonly share: number | null;
  /** Subscribers with a purchase. */
  readonly buyers: number;
  /** buyers / n; null where n is 0. */
  readonly conversion: number | null;
  /** 95 % Wilson interval of the conversion; null where n is 0. */
  readonly interval: ShareInterval | null;
}

/** Conversion by rating, and how closely rating and purchase go together among subscribers rated 1–5. */
export interface RatingConversion {
  /** 1 … 5 always; then `missing` and `invalid` (not a whole number from 1 to 5) where a subscriber is one. */
  readonly rows: readonly RatingRow[];
  /** Pearson's correlation of rating and purchase; null where rating or purchase never varies. */
  readonly pearson: number | null;
  /** Spearman's, with mid-ranks; null where Pearson's is. */
  readonly spearman: number | null;
}

const N_RATINGS = 5;
const MISSING_LEVEL = 5;
const INVALID_LEVEL = 6;

/**
 * Count subscribers and buyers by member rating.
 *
 * @param options.rows the rows to count, each at most once; all if left out
 */
export function ratingConversion(
  table: JoinedTable,
  options: { readonly rows?: Uint32Array | undefined } = {},
): RatingConversion {
  const { rows: chosen } = options;
  const nCounted = chosen?.length ?? table.nRows;
  const levelOfRow = Uint32Array.from(table.memberRating, levelOfRating);
  const counts = buyerCounts(levelOfRow, RATING_LEVELS.length, {
    madePurchase: table.madePurchase,
    ...(chosen === undefined ? {} : { rows: chosen }),
  });
  const rows: RatingRow[] = [];
  const pairs: CountedPair[] = [];
  for (const [level, rating] of RATING_LEVELS.entries()) {
    const n = counts.n[level]!;
    const buyers = counts.buyers[level]!;
    if (level < N_RATINGS) {
      pairs.push({ x: level + 1, y: 1, n: buyers }, { x: level + 1, y: 0, n: n - buyers });
    } else if (n === 0) {
      continue;
    }
    rows.push({
      rating,
      n,
      share: nCounted === 0 ? null : n / nCounted,
      buyers,
      conversion: n === 0 ? null : buyers / n,
      interval: wilsonInterval(buyers, n),
    });
  }
  return { rows, pearson: pearsonCorrelation(pairs), spearman: spearmanCorrelation(pairs) };
}

function levelOfRating(rating: number): number {
  if (Number.isNaN(rating)) return MISSING_LEVEL;
  return Number.isInteger(rating) && rating >= 1 && rating <= N_RATINGS ? rating - 1 : INVALID_LEVEL;
}

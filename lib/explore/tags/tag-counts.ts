import type { JoinedTable } from '@/lib/crm/joined-table';
import { TAG_COUNT_BINS } from '../segments/dimensions';
import { quantileOfCounts } from '../statistics/quantile';
import { type ShareInterval, wilsonInterval } from '../statistics/wilson-interval';

/** How many tags the subscribers of one side hold. */
export interface TagCountQuantiles {
  readonly madePurchase: 0 | 1;
  readonly n: number;
  /** Null, like the quantiles, when n is 0. */
  readonly mean: number | null;
  /** 10 % quantile, type 7. */
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
}

/** Subscribers with as many tags as a bin of `TAG_COUNT_BINS` takes. */
export interface TagCountRow {
  /** Level of the dimension `tag_count`. */
  readonly level: string;
  readonly n: number;
  readonly buyers: number;
  /** Share of all buyers; null where nobody bought. */
  readonly shareOfBuyers: number | null;
  /** Share of all who did not buy; null where everybody bought. */
  readonly shareOfOthers: number | null;
  /** buyers / n; null, like its interval, where n is 0. */
  readonly conversion: number | null;
  /** 95 % Wilson interval of the conversion. */
  readonly interval: ShareInterval | null;
}

/** The tag count of buyers beside that of the others. */
export interface TagCountComparison {
  /** Non-buyers first. */
  readonly byPurchase: readonly [TagCountQuantiles, TagCountQuantiles];
  /** One a bin, in their order. */
  readonly rows: readonly TagCountRow[];
}

interface Chosen {
  /** The rows to count, each at most once; all where left out. */
  readonly rows?: Uint32Array | undefined;
}

/** Compare how many tags buyers and others hold: quantiles, distribution, and conversion by count. */
export function tagCountComparison(table: JoinedTable, chosen: Chosen = {}): TagCountComparison {
  const counts = countsOf(table, chosen);
  return {
    byPurchase: [quantilesOf(counts[0], 0), quantilesOf(counts[1], 1)],
    rows: binRows(counts),
  };
}

/** Subscribers by tag count, of one side. */
type Histogram = Uint32Array;

/** Count both sides in one pass: non-buyers, buyers. */
function countsOf({ nRows, tagCount, madePurchase }: JoinedTable, { rows }: Chosen): [Histogram, Histogram] {
  let most = 0;
  for (const count of tagCount) if (count > most) most = count;
  const sides: [Histogram, Histogram] = [new Uint32Array(most + 1), new Uint32Array(most + 1)];
  const nCounted = rows?.length ?? nRows;
  for (let i = 0; i < nCounted; i++) {
    const row = rows === undefined ? i : rows[i]!;
    sides[madePurchase[row] === 1 ? 1 : 0][tagCount[row]!]! += 1;
  }
  return sides;
}

function quantilesOf(counts: Histogram, madePurchase: 0 | 1): TagCountQuantiles {
  let [n, sum] = [0, 0];
  for (const [count, held] of counts.entries()) {
    n += held;
    sum += held * count;
  }
  return {
    madePurchase,
    n,
    mean: n === 0 ? null : sum / n,
    p10: quantileOfCounts(counts, 0.1),
    p50: quantileOfCounts(counts, 0.5),
    p90: quantileOfCounts(counts, 0.9),
  };
}

function binRows([others, buyers]: readonly [Histogram, Histogram]): TagCountRow[] {
  const sumFrom = (counts: Histogram, from: number, to: number) =>
    counts.slice(from, to).reduce((sum, held) => sum + held, 0);
  const nBuyers = sumFrom(buyers, 0, buyers.length);
  const nOthers = sumFrom(others, 0, others.length);
  return TAG_COUNT_BINS.map(({ label, from }, bin) => {
    const to = TAG_COUNT_BINS[bin + 1]?.from ?? buyers.length;
    const bought = sumFrom(buyers, from, to);
    const rest = sumFrom(others, from, to);
    const n = bought + rest;
    return {
      level: label,
      n,
      buyers: bought,
      shareOfBuyers: nBuyers === 0 ? null : bought / nBuyers,
      shareOfOthers: nOthers === 0 ? null : rest / nOthers,
      conversion: n === 0 ? null : bought / n,
      interval: wilsonInterval(bought, n),
    };
  });
}

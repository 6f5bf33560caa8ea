import type { JoinedTable } from '@/lib/crm/joined-table';
import { quantileOfSorted } from './quantile';

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

/** One tag's holders. */
export interface TagRow {
  /** Column name, `tag_…`. */
  readonly tag: string;
  readonly holders: number;
  /** Holders with a purchase. */
  readonly buyers: number;
  /** buyers / holders; null without holders. */
  readonly conversion: number | null;
  /** Conversion of holders over conversion of all subscribers; null without holders or without any buyer. */
  readonly lift: number | null;
}

/** Give the spread of the tag count of non-buyers (first) and buyers (second). */
export function tagCountQuantiles(table: JoinedTable): [TagCountQuantiles, TagCountQuantiles] {
  return [quantilesOf(table, 0), quantilesOf(table, 1)];
}

function quantilesOf(table: JoinedTable, madePurchase: 0 | 1): TagCountQuantiles {
  const sorted = table.tagCount.filter((_, row) => table.madePurchase[row] === madePurchase).sort();
  const n = sorted.length;
  return {
    madePurchase,
    n,
    mean: n === 0 ? null : sorted.reduce((sum, count) => sum + count, 0) / n,
    p10: quantileOfSorted(sorted, 0.1),
    p50: quantileOfSorted(sorted, 0.5),
    p90: quantileOfSorted(sorted, 0.9),
  };
}

/** Count each tag's holders and buyers: most holders first, then by column name. */
export function tagConversion(table: JoinedTable): TagRow[] {
  let nBuyers = 0;
  for (const label of table.madePurchase) nBuyers += label;
  const rows = table.tagColumns.map((tag, column): TagRow => {
    const holds = table.tagIndicators[column]!;
    let holders = 0;
    let buyers = 0;
    for (let row = 0; row < table.nRows; row++) {
      holders += holds[row]!;
      buyers += holds[row]! & table.madePurchase[row]!;
    }
    const conversion = holders === 0 ? null : buyers / holders;
    const lift = conversion === null || nBuyers === 0 ? null : conversion / (nBuyers / table.nRows);
    return { tag, holders, buyers, conversion, lift };
  });
  return rows.sort((a, b) => b.holders - a.holders || (a.tag < b.tag ? -1 : 1));
}

import type { Segments } from './dimensions';
import { chosenRows, type SegmentRow, segmentConversion } from './segment-conversion';

/** One level of a Pareto. */
export interface SegmentParetoRow extends SegmentRow {
  /** Share of the buyers who hold any level; null where nobody does. */
  readonly salesShare: number | null;
  /** Share of those buyers who hold this level or one before it. */
  readonly cumulativeSalesShare: number | null;
}

/** Levels by sales, and who holds none. */
export interface SegmentPareto {
  readonly rows: readonly SegmentParetoRow[];
  readonly missing: SegmentRow | null;
  readonly nKnown: number;
  readonly nKnownBuyers: number;
  /** Whether somebody may hold several levels, so that shares add up to more than 1. */
  readonly isMany: boolean;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Put the levels of a dimension in the order of their sales: most buyers first, then most subscribers, then by name. Where
 * somebody may hold several levels, the cumulative share counts each buyer once.
 */
export function segmentPareto(
  segments: Segments,
  counted: { readonly madePurchase: Uint8Array; readonly rows?: Uint32Array | undefined },
): SegmentPareto {
  const { rows, missing, nKnown, nKnownBuyers } = segmentConversion(segments, counted);
  const sorted = rows.toSorted((a, b) => b.buyers - a.buyers || b.n - a.n || byText(a.level, b.level));
  const isMany = segments.kind === 'many';
  const reached = isMany ? reachedBuyers(segments, sorted, counted) : null;
  let nSoFar = 0;
  return {
    missing,
    nKnown,
    nKnownBuyers,
    isMany,
    rows: sorted.map((row, place) => {
      nSoFar += row.buyers;
      const nReached = reached === null ? nSoFar : reached[place]!;
      return {
        ...row,
        salesShare: nKnownBuyers === 0 ? null : row.buyers / nKnownBuyers,
        cumulativeSalesShare: nKnownBuyers === 0 ? null : nReached / nKnownBuyers,
      };
    }),
  };
}

/** How many buyers hold one of the levels up to each, every buyer counted once. */
function reachedBuyers(
  { levels, rowsOf }: Segments & { readonly kind: 'many' },
  sorted: readonly SegmentRow[],
  { madePurchase, rows }: { readonly madePurchase: Uint8Array; readonly rows?: Uint32Array | undefined },
): Uint32Array {
  const isOpen = chosenRows(madePurchase.length, rows);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  let nReached = 0;
  return Uint32Array.from(sorted, ({ level }) => {
    for (const row of rowsOf(codeOf.get(level)!)) {
      if (isOpen[row] === 0 || madePurchase[row] === 0) continue;
      isOpen[row] = 0;
      nReached += 1;
    }
    return nReached;
  });
}

/**
 * Give the fewest levels, by sales, that together reach a share of the buyers who hold any. The level that reaches it
 * belongs to them; empty where nobody bought.
 *
 * @param share above 0, up to 1
 */
export function segmentsKept({ rows, nKnownBuyers }: SegmentPareto, share: number): readonly string[] {
  if (!(share > 0 && share <= 1)) throw new Error(`Expected a share above 0 and up to 1, got ${share}`);
  if (nKnownBuyers === 0) return [];
  const last = rows.findIndex(({ cumulativeSalesShare }) => (cumulativeSalesShare ?? 0) >= share);
  // Where the rarest levels are left out, those that are listed may not reach the share.
  return rows
    .slice(0, last < 0 ? rows.length : last + 1)
    .flatMap(({ level, buyers }) => (buyers === 0 ? [] : [level]));
}

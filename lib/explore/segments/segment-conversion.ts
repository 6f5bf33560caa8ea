import { type ShareInterval, wilsonInterval } from '../statistics/wilson-interval';
import { buyerCounts } from './buyer-counts';
import type { Segments } from './dimensions';
import { MISSING_LEVEL } from './row-filter';

/** One level's subscribers. */
export interface SegmentRow {
  readonly level: string;
  /** Subscribers who hold it. */
  readonly n: number;
  /** Of them with a purchase: the sales. */
  readonly buyers: number;
  /** buyers / n. */
  readonly conversion: number;
  /** 95 % Wilson interval of the conversion. */
  readonly interval: ShareInterval;
}

/** Conversion of the levels of a dimension. */
export interface SegmentConversion {
  /** Levels with a subscriber, in the order of the dimension. */
  readonly rows: readonly SegmentRow[];
  /** Subscribers who hold no level; null where there is none. */
  readonly missing: SegmentRow | null;
  /** Buyers who hold a level: the base of shares. */
  readonly nKnownBuyers: number;
  readonly nKnown: number;
}

interface Counted {
  readonly madePurchase: Uint8Array;
  /** The rows to count, each at most once; all where left out. */
  readonly rows?: Uint32Array | undefined;
}

/** Count subscribers and buyers of each level of a dimension. Somebody who holds several levels counts in each. */
export function segmentConversion(segments: Segments, counted: Counted): SegmentConversion {
  return segments.kind === 'single' ? singleConversion(segments, counted) : manyConversion(segments, counted);
}

function singleConversion(
  { levels, codes }: Segments & { readonly kind: 'single' },
  { madePurchase, rows }: Counted,
): SegmentConversion {
  const missingCode = levels.length;
  const levelOfRow = Uint32Array.from(codes, (code) => (code < 0 ? missingCode : code));
  const counts = buyerCounts(levelOfRow, missingCode + 1, {
    madePurchase,
    ...(rows === undefined ? {} : { rows }),
  });
  const found = levels.flatMap((level, code) => rowOf(level, counts.buyers[code]!, counts.n[code]!));
  const [missing = null] = rowOf(MISSING_LEVEL, counts.buyers[missingCode]!, counts.n[missingCode]!);
  return {
    rows: found,
    missing,
    nKnownBuyers: found.reduce((sum, { buyers }) => sum + buyers, 0),
    nKnown: found.reduce((sum, { n }) => sum + n, 0),
  };
}

function manyConversion(
  { levels, rowsOf }: Segments & { readonly kind: 'many' },
  { madePurchase, rows }: Counted,
): SegmentConversion {
  const isChosen = chosenRows(madePurchase.length, rows);
  const holds = new Uint8Array(madePurchase.length);
  const found = levels.flatMap((level, code) => {
    let [n, buyers] = [0, 0];
    for (const row of rowsOf(code)) {
      if (isChosen[row] === 0) continue;
      n += 1;
      buyers += madePurchase[row]!;
      holds[row] = 1;
    }
    return rowOf(level, buyers, n);
  });
  const total = { n: 0, buyers: 0, nKnown: 0, nKnownBuyers: 0 };
  for (let row = 0; row < holds.length; row++) {
    if (isChosen[row] === 0) continue;
    total.n += 1;
    total.buyers += madePurchase[row]!;
    total.nKnown += holds[row]!;
    total.nKnownBuyers += holds[row]! & madePurchase[row]!;
  }
  const { nKnown, nKnownBuyers } = total;
  const [missing = null] = rowOf(MISSING_LEVEL, total.buyers - nKnownBuyers, total.n - nKnown);
  return { rows: found, missing, nKnown, nKnownBuyers };
}

/** One a row, 1 where it is to be counted. */
export function chosenRows(nRows: number, rows: Uint32Array | undefined): Uint8Array {
  const isChosen = new Uint8Array(nRows);
  if (rows === undefined) isChosen.fill(1);
  else for (const row of rows) isChosen[row] = 1;
  return isChosen;
}

function rowOf(level: string, buyers: number, n: number): SegmentRow[] {
  const interval = wilsonInterval(buyers, n);
  return interval === null ? [] : [{ level, n, buyers, conversion: buyers / n, interval }];
}

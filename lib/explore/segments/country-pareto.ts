import type { JoinedTable } from '@/lib/crm/joined-table';
import { type ShareInterval, wilsonInterval } from '../statistics/wilson-interval';
import { buyerCounts } from './buyer-counts';

/** One country of the Pareto. */
export interface ParetoRow {
  /** Lower-case code as in the joined table; null stands for the subscribers without one. */
  readonly code: string | null;
  /** Subscribers. */
  readonly n: number;
  /** Subscribers with a purchase: the sales. */
  readonly buyers: number;
  /** buyers / n. */
  readonly conversion: number;
  /** 95 % Wilson interval of the conversion. */
  readonly interval: ShareInterval;
  /** Share of all buyers whose country is known; null where the country is missing, or nobody of a known country bought. */
  readonly salesShare: number | null;
  /** The same, added up from the first row to this one. */
  readonly cumulativeSalesShare: number | null;
}

/** Codes come from a column of a limited alphabet: plain code-unit order is alphabetical and the same everywhere. */
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * List the countries by sales: most buyers first, then most subscribers, then code. Countries without a subscriber
 * among the rows are left out. Subscribers without a country come last, as a row with a null code, and count
 * neither in the shares nor in their base.
 *
 * @param options.rows the rows to count, each at most once (such as the training rows); all if left out
 */
export function countryPareto(table: JoinedTable, options: { rows?: Uint32Array } = {}): ParetoRow[] {
  const { countryCodes, countryIndex, madePurchase } = table;
  const missingLevel = countryCodes.length;
  const levelOfRow = Uint32Array.from(countryIndex, (index) => (index < 0 ? missingLevel : index));
  const counts = buyerCounts(levelOfRow, missingLevel + 1, { madePurchase, rows: options.rows });

  const known: { code: string; n: number; buyers: number }[] = [];
  let nKnownBuyers = 0;
  for (const [level, code] of countryCodes.entries()) {
    const n = counts.n[level]!;
    const buyers = counts.buyers[level]!;
    if (n > 0) known.push({ code, n, buyers });
    nKnownBuyers += buyers;
  }
  known.sort((a, b) => b.buyers - a.buyers || b.n - a.n || byText(a.code, b.code));

  let nBuyersSoFar = 0;
  const result = known.map(({ code, n, buyers }): ParetoRow => {
    nBuyersSoFar += buyers;
    return {
      code,
      ...conversionOf(buyers, n),
      salesShare: nKnownBuyers === 0 ? null : buyers / nKnownBuyers,
      cumulativeSalesShare: nKnownBuyers === 0 ? null : nBuyersSoFar / nKnownBuyers,
    };
  });
  const nMissing = counts.n[missingLevel]!;
  if (nMissing > 0) {
    const missing = conversionOf(counts.buyers[missingLevel]!, nMissing);
    result.push({ code: null, ...missing, salesShare: null, cumulativeSalesShare: null });
  }
  return result;
}

function conversionOf(buyers: number, n: number) {
  const interval = wilsonInterval(buyers, n);
  if (interval === null) throw new Error('A country of the Pareto has at least one subscriber');
  return { n, buyers, conversion: buyers / n, interval };
}

/**
 * Give the fewest countries, by sales, that together hold a share of the sales of known country, in the order of
 * the rows. The country that reaches the share belongs to them. Empty when nobody of a known country bought.
 *
 * @param rows as `countryPareto` returns them
 * @param share above 0, up to 1
 * @throws if the share lies outside that range
 */
export function levelsKept(rows: readonly ParetoRow[], share: number): string[] {
  if (!(share > 0 && share <= 1)) throw new Error(`Expected a share above 0 and up to 1, got ${share}`);
  const known = rows.filter((row) => row.code !== null);
  const nBuyers = known.reduce((sum, row) => sum + row.buyers, 0);
  const kept: string[] = [];
  let nBuyersSoFar = 0;
  for (const { code, buyers } of known) {
    // Counts, not summed shares: 0.1 + 0.2 must reach 0.3.
    if (code === null || buyers === 0 || nBuyersSoFar / nBuyers >= share) break;
    kept.push(code);
    nBuyersSoFar += buyers;
  }
  return kept;
}

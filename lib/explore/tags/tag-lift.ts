import { normalCdf } from '@/lib/core/normal-distribution';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { chosenRows } from '../segments/segment-conversion';
import { adjustedPValues } from '../statistics/benjamini-hochberg';
import { type ShareInterval, wilsonInterval } from '../statistics/wilson-interval';

/** What holding a tag goes with. */
export interface TagLift {
  /** Column name, `tag_…`. */
  readonly tag: string;
  readonly holders: number;
  readonly buyers: number;
  /** Null, like what follows from it, without holders. */
  readonly conversion: number | null;
  readonly interval: ShareInterval | null;
  /** Conversion of holders over conversion of all; null also where nobody bought. */
  readonly lift: number | null;
  /** Conversion of holders over conversion of the others, with Katz's 95 % interval; null where a side has no buyer or nobody. */
  readonly ratio: (ShareInterval & { readonly value: number }) | null;
  /** Conversion drawn to that of all tags, the more the fewer hold it. */
  readonly shrunkConversion: number | null;
}

/** Two tags that sell together. */
export interface TagPair {
  readonly tags: readonly [string, string];
  /** Subscribers who hold both. */
  readonly holders: number;
  readonly buyers: number;
  readonly conversion: number;
  /** Conversion of those who hold both over that of all holders of the better one. */
  readonly liftOverBetter: number;
  /** Of the difference to the holders of the better one without the other; two-sided, adjusted for all pairs looked at. */
  readonly adjustedPValue: number;
}

/** Lifts of all tags and of pairs of them. */
export interface TagLifts {
  /** Most holders first. */
  readonly tags: readonly TagLift[];
  /** Highest lift over the better single tag first; those that chance may have made come last. */
  readonly pairs: readonly TagPair[];
  /** Conversion that small groups are drawn to, and how many subscribers that is worth; null where the tags do not differ. */
  readonly prior: { readonly conversion: number; readonly nSubscribers: number } | null;
}

const Z_95 = 1.959963984540054;
/** Pairs held by fewer are not looked at. */
export const LEAST_PAIR_HOLDERS = 50;
const MOST_CHANCE = 0.05;

/** Work out what tags, and pairs of tags, go with. */
export function tagLifts(
  table: JoinedTable,
  options: { readonly rows?: Uint32Array | undefined } = {},
): TagLifts {
  const counts = tagCounts(table, options.rows);
  const prior = betaPrior(counts.singles);
  const { n, buyers } = counts;
  const tags = table.tagColumns.map((tag, column): TagLift => {
    const single = counts.singles[column]!;
    const interval = wilsonInterval(single.buyers, single.n);
    const conversion = interval === null ? null : single.buyers / single.n;
    return {
      tag,
      holders: single.n,
      buyers: single.buyers,
      conversion,
      interval,
      lift: conversion === null || buyers === 0 ? null : conversion / (buyers / n),
      ratio: riskRatio(single, { n: n - single.n, buyers: buyers - single.buyers }),
      shrunkConversion: conversion === null ? null : shrunk(single, prior),
    };
  });
  return {
    tags: tags.sort((a, b) => b.holders - a.holders || (a.tag < b.tag ? -1 : 1)),
    pairs: tagPairs(table.tagColumns, counts),
    prior,
  };
}

interface Count {
  readonly n: number;
  readonly buyers: number;
}

interface TagCounts extends Count {
  readonly singles: readonly Count[];
  /** Holders of tags i and j at i × number of tags + j, for i < j. */
  readonly pairHolders: Uint32Array;
  readonly pairBuyers: Uint32Array;
}

function tagCounts(
  { nRows, madePurchase, tagIndicators }: JoinedTable,
  rows: Uint32Array | undefined,
): TagCounts {
  const isChosen = chosenRows(nRows, rows);
  const nTags = tagIndicators.length;
  const holders = new Uint32Array(nTags);
  const buyersOf = new Uint32Array(nTags);
  const pairHolders = new Uint32Array(nTags * nTags);
  const pairBuyers = new Uint32Array(nTags * nTags);
  const held = new Int32Array(nTags);
  let [n, buyers] = [0, 0];
  for (let row = 0; row < nRows; row++) {
    if (isChosen[row] === 0) continue;
    const bought = madePurchase[row]!;
    n += 1;
    buyers += bought;
    let nHeld = 0;
    for (let tag = 0; tag < nTags; tag++) if (tagIndicators[tag]![row] === 1) held[nHeld++] = tag;
    for (let a = 0; a < nHeld; a++) {
      const first = held[a]!;
      holders[first]! += 1;
      buyersOf[first]! += bought;
      for (let b = a + 1; b < nHeld; b++) {
        pairHolders[first * nTags + held[b]!]! += 1;
        pairBuyers[first * nTags + held[b]!]! += bought;
      }
    }
  }
  const singles = Array.from(holders, (count, tag) => ({ n: count, buyers: buyersOf[tag]! }));
  return { n, buyers, singles, pairHolders, pairBuyers };
}

/**
 * Give the ratio of two conversions with its 95 % interval on the logarithm (Katz et al. 1978; as statsmodels
 * `Table2x2.riskratio_confint`). Null where a side has no buyer.
 */
export function riskRatio(holders: Count, others: Count): TagLift['ratio'] {
  if (holders.buyers === 0 || others.buyers === 0) return null;
  const value = holders.buyers / holders.n / (others.buyers / others.n);
  const error = Math.sqrt(1 / holders.buyers - 1 / holders.n + 1 / others.buyers - 1 / others.n);
  return { value, low: value * Math.exp(-Z_95 * error), high: value * Math.exp(Z_95 * error) };
}

/**
 * Fit a beta distribution to the conversions of groups by moments weighted by their size (Kleinman 1973), for drawing
 * small groups to the mean. Null where the groups differ no more than chance makes them.
 */
function betaPrior(groups: readonly Count[]): TagLifts['prior'] {
  const held = groups.filter(({ n }) => n > 0);
  const n = held.reduce((sum, group) => sum + group.n, 0);
  const conversion = held.reduce((sum, { buyers }) => sum + buyers, 0) / n;
  if (held.length < 2 || !(conversion > 0 && conversion < 1)) return null;
  const spread = held.reduce((sum, group) => sum + group.n * (group.buyers / group.n - conversion) ** 2, 0);
  const base = conversion * (1 - conversion);
  const squares = held.reduce((sum, group) => sum + group.n ** 2, 0);
  const between = (spread - (held.length - 1) * base) / (n - squares / n);
  if (!(between > 0)) return null;
  return { conversion, nSubscribers: Math.max(0, base / between - 1) };
}

function shrunk({ n, buyers }: Count, prior: TagLifts['prior']): number {
  if (prior === null) return buyers / n;
  return (buyers + prior.nSubscribers * prior.conversion) / (n + prior.nSubscribers);
}

function tagPairs(
  names: readonly string[],
  { singles, pairHolders, pairBuyers }: TagCounts,
): readonly TagPair[] {
  const found: (Omit<TagPair, 'adjustedPValue'> & { readonly pValue: number })[] = [];
  for (let i = 0; i < names.length; i++) {
    for (let j = i + 1; j < names.length; j++) {
      const both = { n: pairHolders[i * names.length + j]!, buyers: pairBuyers[i * names.length + j]! };
      const better = conversionOf(singles[i]!) >= conversionOf(singles[j]!) ? singles[i]! : singles[j]!;
      const rest = { n: better.n - both.n, buyers: better.buyers - both.buyers };
      // Where every holder of one holds the other there is nothing to compare.
      if (both.n < LEAST_PAIR_HOLDERS || rest.n === 0 || better.buyers === 0) continue;
      found.push({
        tags: [names[i]!, names[j]!],
        holders: both.n,
        buyers: both.buyers,
        conversion: conversionOf(both),
        liftOverBetter: conversionOf(both) / conversionOf(better),
        pValue: differencePValue(both, rest),
      });
    }
  }
  const adjusted = adjustedPValues(found.map(({ pValue }) => pValue));
  return found
    .map(({ pValue, ...pair }, i) => ({ ...pair, adjustedPValue: adjusted[i]! }))
    .sort(
      (a, b) =>
        Number(a.adjustedPValue > MOST_CHANCE) - Number(b.adjustedPValue > MOST_CHANCE) ||
        b.liftOverBetter - a.liftOverBetter,
    );
}

function conversionOf({ n, buyers }: Count): number {
  return n === 0 ? 0 : buyers / n;
}

/** Two-sided p-value of the difference of two shares, pooled. */
function differencePValue(a: Count, b: Count): number {
  const pooled = (a.buyers + b.buyers) / (a.n + b.n);
  const variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n);
  return variance === 0
    ? 1
    : 2 * normalCdf(-Math.abs(conversionOf(a) - conversionOf(b)) / Math.sqrt(variance));
}

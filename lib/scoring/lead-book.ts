import { formatDay, MISSING_DAY } from '@/lib/core/day';
import { type Result, succeed } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { SplitPart } from '@/lib/features/matrix';
import { rowsOfPart } from '@/lib/features/split';
import { leadListCsvChunks, leadOrder, type ScoredTable } from './lead-list';
import {
  type LeadColumn,
  type LeadCut,
  type LeadQuery,
  type LeadRow,
  MISSING_COUNTRY,
  type ScoreSummary,
} from './lead-query';
import type { Tier, TierCutoffs } from './model-metadata';
import { parityVerdict } from './parity';
import { percentilesInOrder } from './percentiles';
import { tierOf } from './tiers';

const TIERS: readonly Tier[] = ['A', 'B', 'C', 'D'];

/** The scored list, asked by query and by page. */
export interface LeadBook {
  /**
   * Choose and order leads; the answer stands for `rows` and `csv('query')`.
   *
   * @param cut the part of the list that is chosen from; all of it when left out
   */
  query(
    query: LeadQuery,
    cut?: LeadCut | null,
  ): {
    readonly nLeads: number;
    readonly countryCodes: readonly string[];
    /** People who opted out, and are in no answer. */
    readonly nSuppressed: number;
  };
  /** Leave people out of every answer from now on: 1 for each row of the table that is meant. */
  suppress(mask: Uint8Array): void;
  /** Scores of the leads who are not left out, best first. */
  descendingScores(): Float32Array;
  /** The leads of `csv`, for other formats. */
  leads(which: 'all' | 'query'): {
    readonly list: ScoredTable;
    readonly rows: Uint32Array;
    readonly nSuppressed: number;
  };
  /** Leads `from` … `to` − 1 of the last query, or of the whole list before one; cut at the end. */
  rows(from: number, to: number): LeadRow[];
  /** The whole list by score, or the last query's leads in its order. */
  csv(which: 'all' | 'query'): Iterable<string>;
}

/**
 * Take in the scores of a whole table, after proving on the test rows that they are the model's.
 *
 * @param input.split a `SplitPart` a row; the test rows are compared with `nativeTestMargins`, in row order
 * @returns `onnx_mismatch` when the margins differ from libxgboost's
 * @throws where lengths differ
 */
export function createLeadBook(input: {
  readonly table: JoinedTable;
  readonly split: Uint8Array;
  readonly probabilities: Float32Array;
  readonly margins: Float32Array;
  readonly nativeTestMargins: Float32Array;
  readonly cutoffs: TierCutoffs;
  readonly topReasons: ScoredTable['topReasons'];
}): Result<{ readonly book: LeadBook; readonly summary: ScoreSummary }> {
  const { table, probabilities, margins, cutoffs } = input;
  const testRows = rowsOfPart(input.split, SplitPart.test);
  const testMargins = Float32Array.from(testRows, (row) => margins[row]!);
  const parity = parityVerdict(testMargins, input.nativeTestMargins);
  if (!parity.ok) return parity;
  const byScore = leadOrder(probabilities, margins);
  const list: ScoredTable = {
    table,
    scores: probabilities,
    percentiles: percentilesInOrder(probabilities, byScore),
    cutoffs,
    topReasons: input.topReasons,
  };
  const summary: ScoreSummary = {
    nScored: table.nRows,
    nTestRowsCompared: testRows.length,
    largestMarginDifference: parity.value,
    tiers: tierCounts(list, input.split),
  };
  return succeed({ book: bookOf(list, byScore), summary });
}

function bookOf(list: ScoredTable, byScore: Uint32Array): LeadBook {
  let allowed = byScore;
  let chosen = byScore;
  const nSuppressed = () => byScore.length - allowed.length;
  // Folded once, on the first search: a million names and addresses take a second, later searches a tenth of it.
  let haystack: string[] | null = null;
  const searchTexts = () => {
    haystack ??= list.table.userEmail.map((email, row) =>
      `${list.table.userFullName[row]}\n${email}\n${list.table.mailchimpId[row]}`.toLowerCase(),
    );
    return haystack;
  };
  return {
    query(query, cut = null) {
      const isChosen = leadFilter(list, query, query.search === '' ? null : searchTexts());
      chosen = ordered(list, partOf(list, allowed, cut).filter(isChosen), query);
      return { nLeads: chosen.length, countryCodes: list.table.countryCodes, nSuppressed: nSuppressed() };
    },
    suppress(mask) {
      allowed = byScore.filter((row) => mask[row] === 0);
      chosen = allowed;
    },
    descendingScores: () => Float32Array.from(allowed, (row) => list.scores[row]!),
    leads: (which) => ({ list, rows: which === 'all' ? allowed : chosen, nSuppressed: nSuppressed() }),
    rows: (from, to) => leadRows(list, chosen.subarray(Math.max(0, from), Math.max(0, to))),
    csv: (which) => leadListCsvChunks(list, which === 'all' ? allowed : chosen),
  };
}

/** @param byScore rows, best first */
function partOf({ scores }: ScoredTable, byScore: Uint32Array, cut: LeadCut | null): Uint32Array {
  if (cut === null) return byScore;
  if (cut.kind === 'places') return byScore.subarray(cut.from, cut.to);
  return byScore.filter((row) => scores[row]! >= cut.atLeast);
}

function leadFilter({ table, scores, cutoffs }: ScoredTable, query: LeadQuery, texts: string[] | null) {
  const needle = query.search.trim().toLowerCase();
  const country =
    query.countryCode === ''
      ? null
      : query.countryCode === MISSING_COUNTRY
        ? -1
        : table.countryCodes.indexOf(query.countryCode);
  const buyer = query.buyers === 'all' ? null : query.buyers === 'buyers' ? 1 : 0;
  return (row: number) =>
    (country === null || table.countryIndex[row] === country) &&
    (buyer === null || table.madePurchase[row] === buyer) &&
    (query.tiers.length === 0 || query.tiers.includes(tierOf(scores[row]!, cutoffs))) &&
    (texts === null || texts[row]!.includes(needle));
}

/** Order rows that come by score, best first. Sorts are stable, so ties stay in that order; what is missing comes last. */
function ordered(list: ScoredTable, rows: Uint32Array, { sortBy, descending }: LeadQuery): Uint32Array {
  // Tier A is the best and the first letter.
  if (sortBy === 'tier') return descending ? rows.reverse() : rows;
  if (sortBy === 'score' || sortBy === 'percentile') return descending ? rows : rows.reverse();
  const keys = sortKeys(list, sortBy);
  const sign = descending ? -1 : 1;
  return rows.sort((a, b) => {
    const left = keys[a]!;
    const right = keys[b]!;
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    if (Number.isNaN(right)) return -1;
    return sign * (left - right);
  });
}

/** A number a row that sorts as the column does; texts by their rank in code-point order of the folded text. */
function sortKeys(
  { table }: ScoredTable,
  column: Exclude<LeadColumn, 'score' | 'percentile' | 'tier'>,
): ArrayLike<number> {
  switch (column) {
    case 'mailchimp_id':
      return table.mailchimpId;
    case 'member_rating':
      return table.memberRating;
    case 'tag_count':
      return table.tagCount;
    case 'made_purchase':
      return table.madePurchase;
    case 'optin_time':
      return Float64Array.from(table.optinDay, (day) => (day === MISSING_DAY ? Number.NaN : day));
    case 'country_code':
      return Float64Array.from(table.countryIndex, (index) => (index < 0 ? Number.NaN : index));
    case 'user_full_name':
      return textRanks(table.userFullName);
    case 'user_email':
      return textRanks(table.userEmail);
  }
}

function textRanks(texts: readonly string[]): Float64Array {
  const folded = texts.map((text) => text.toLowerCase());
  const order = Uint32Array.from(folded, (_, row) => row).sort((a, b) => {
    const left = folded[a]!;
    const right = folded[b]!;
    return left < right ? -1 : left > right ? 1 : 0;
  });
  const ranks = new Float64Array(texts.length);
  let rank = 0;
  for (let i = 0; i < order.length; i++) {
    if (i > 0 && folded[order[i]!] !== folded[order[i - 1]!]) rank++;
    ranks[order[i]!] = rank;
  }
  return ranks;
}

function leadRows(list: ScoredTable, rows: Uint32Array): LeadRow[] {
  const reasons = list.topReasons(rows, 1);
  return Array.from(rows, (row, place) => leadRow(list, row, reasons[place]?.[0] ?? ''));
}

function leadRow(
  { table, scores, percentiles, cutoffs }: ScoredTable,
  row: number,
  firstReason: string,
): LeadRow {
  const country = table.countryIndex[row]!;
  return {
    row,
    mailchimp_id: table.mailchimpId[row]!,
    user_full_name: table.userFullName[row]!,
    user_email: table.userEmail[row]!,
    score: scores[row]!,
    percentile: percentiles[row]!,
    tier: tierOf(scores[row]!, cutoffs),
    member_rating: table.memberRating[row]!,
    country_code: country < 0 ? '' : table.countryCodes[country]!,
    optin_time: formatDay(table.optinDay[row]!),
    tag_count: table.tagCount[row]!,
    made_purchase: table.madePurchase[row]!,
    reason_1: firstReason,
  };
}

function tierCounts({ table, scores, cutoffs }: ScoredTable, split: Uint8Array): ScoreSummary['tiers'] {
  const lowest = { ...cutoffs, D: 0 };
  const counts = TIERS.map((tier) => ({
    tier,
    lowestScore: lowest[tier],
    nLeads: 0,
    nBuyers: 0,
    nTestLeads: 0,
    nTestBuyers: 0,
  }));
  for (let row = 0; row < scores.length; row++) {
    const count = counts[TIERS.indexOf(tierOf(scores[row]!, cutoffs))]!;
    const isBuyer = table.madePurchase[row]!;
    count.nLeads += 1;
    count.nBuyers += isBuyer;
    if (split[row] !== SplitPart.test) continue;
    count.nTestLeads += 1;
    count.nTestBuyers += isBuyer;
  }
  return counts;
}

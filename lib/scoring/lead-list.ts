import { type CsvCell, spreadsheetSafeCsvChunks } from '@/lib/core/csv';
import { formatDay } from '@/lib/core/day';
import { float32Text } from '@/lib/core/float32-text';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { descendingOrder } from '@/lib/evaluation/descending-order';
import type { TierCutoffs } from './model-metadata';
import { tierOf } from './tiers';

/** Columns of `scored_leads.csv`, in order. */
export const LEAD_LIST_COLUMNS = [
  'mailchimp_id',
  'user_full_name',
  'user_email',
  'score',
  'percentile',
  'tier',
  'member_rating',
  'country_code',
  'optin_time',
  'tag_count',
  'made_purchase',
  'reason_1',
  'reason_2',
  'reason_3',
] as const;

/** A table with a score a row, all in table order. */
export interface ScoredTable {
  readonly table: JoinedTable;
  /** Probabilities, 0–1. */
  readonly scores: Float32Array;
  /** As `percentiles` gives them. */
  readonly percentiles: Float64Array;
  readonly cutoffs: TierCutoffs;
  /** Give the strongest reasons of some rows, strongest first; see `LeadExplainer`. */
  readonly topReasons: (rows: ArrayLike<number>, nReasons: number) => readonly (readonly string[])[];
}

const N_REASONS = 3;
/** Rows explained at once. */
const BLOCK_ROWS = 1_000;

/**
 * Order the rows of a table for calling: highest score first; of equal scores, which isotonic calibration makes, the highest
 * margin; of equal margins, table order.
 *
 * @param margins log-odds a row, before calibration
 * @returns row indices
 * @throws where a score or a margin is NaN, or lengths differ
 * @example leadOrder(Float32Array.of(0.5, 0.5, 0.75), Float32Array.of(-1, 0, 2)) // [2, 1, 0]
 */
export function leadOrder(scores: Float32Array, margins: Float32Array): Uint32Array {
  if (scores.length !== margins.length) {
    throw new Error(`Expected as many margins as scores, got ${margins.length} and ${scores.length}.`);
  }
  const byMargin = descendingOrder(margins);
  const byScore = descendingOrder(Float32Array.from(byMargin, (row) => scores[row]!));
  return byScore.map((place) => byMargin[place]!);
}

/**
 * Write the lead list as CSV, safe to open in a spreadsheet, in pieces of 10,000 rows. The score is the shortest decimal
 * that gives the same float32 again, the percentile has two decimals, the id all its digits; what is missing is empty.
 *
 * @param rows row indices in the order to be written; `leadOrder` for the whole list
 */
export function leadListCsvChunks(list: ScoredTable, rows: Uint32Array): Generator<string> {
  return spreadsheetSafeCsvChunks(LEAD_LIST_COLUMNS, leadCells(list, rows));
}

function* leadCells(list: ScoredTable, rows: Uint32Array): Generator<CsvCell[]> {
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const block = rows.subarray(from, from + BLOCK_ROWS);
    const reasons = list.topReasons(block, N_REASONS);
    for (const [place, row] of block.entries())
      yield [...rowCells(list, row), ...reasonCells(reasons[place])];
  }
}

function rowCells({ table, scores, percentiles, cutoffs }: ScoredTable, row: number): CsvCell[] {
  const country = table.countryIndex[row]!;
  return [
    numberCell(table.mailchimpId[row]!),
    table.userFullName[row],
    table.userEmail[row],
    float32Text(scores[row]!),
    percentiles[row]!.toFixed(2),
    tierOf(scores[row]!, cutoffs),
    numberCell(table.memberRating[row]!),
    country < 0 ? null : table.countryCodes[country],
    formatDay(table.optinDay[row]!),
    table.tagCount[row],
    table.madePurchase[row],
  ];
}

function reasonCells(reasons: readonly string[] = []): CsvCell[] {
  return Array.from({ length: N_REASONS }, (_, place) => reasons[place] ?? null);
}

function numberCell(value: number): CsvCell {
  return Number.isNaN(value) ? null : value;
}

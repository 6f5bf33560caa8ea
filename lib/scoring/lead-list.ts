import { spreadsheetSafeCsvChunks } from '@/lib/core/csv';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { descendingOrder } from '@/lib/evaluation/descending-order';
import { LEAD_LIST_COLUMNS, leadCells } from './export/lead-columns';
import type { TierCutoffs } from './model-metadata';

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
 * Write the lead list as CSV, safe to open in a spreadsheet, in pieces of 10,000 rows, its cells as `leadCells` gives them; what
 * is missing is empty.
 *
 * @param rows row indices in the order to be written; `leadOrder` for the whole list
 */
export function leadListCsvChunks(list: ScoredTable, rows: Uint32Array): Generator<string> {
  return spreadsheetSafeCsvChunks(LEAD_LIST_COLUMNS, leadCells({ list, rows, columns: LEAD_LIST_COLUMNS }));
}

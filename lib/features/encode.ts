import type { JoinedTable } from '@/lib/crm/joined-table';
import type { TrainingRows } from './country-target';
import { type EncodingNote, encodingNotes } from './encoding-notes';
import { columnWriters } from './feature-columns';
import type { FeatureMatrix } from './matrix';
import type { FeatureSpec } from './spec';

/** Rows written before the next column is begun: few enough that their cells stay in the processor's cache. */
const N_ROWS_IN_BLOCK = 512;

/**
 * Encode a joined table by a specification: the file it was fitted on, or any later one.
 *
 * A missing opt-in, rating, country or e-mail address gives the spec's missing value in each feature made of it, but for
 * the indicators of one-hot encodings, which are all 0; a country that is not among the levels gives `other`; a tag that
 * the file lacks gives 0. What did not fit is noted.
 * An opt-in 999 days after the reference day cannot be told from a missing one written as −999; the note on later opt-ins
 * covers it.
 *
 * @param training the training rows, for the matrix to train on: their target encoding is out of fold. Left out for scoring.
 * @returns the matrix, rows in the table's order and columns in the spec's, and the notes
 */
export function encodeFeatures(
  spec: FeatureSpec,
  table: JoinedTable,
  training: TrainingRows | null = null,
): { readonly matrix: FeatureMatrix; readonly notes: readonly EncodingNote[] } {
  const { nRows } = table;
  const stride = spec.features.length;
  const values = new Float32Array(nRows * stride);
  const writers = columnWriters(spec, table, training);
  for (let from = 0; from < nRows; from += N_ROWS_IN_BLOCK) {
    const to = Math.min(from + N_ROWS_IN_BLOCK, nRows);
    for (const [column, write] of writers.entries()) write(values, { column, stride, from, to });
  }
  const featureNames = spec.features.map((feature) => feature.name);
  return { matrix: { values, nRows, featureNames }, notes: encodingNotes(spec, table) };
}

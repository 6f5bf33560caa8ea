import { ExpectedFailure } from '@/lib/core/result';
import type { TrainingDataset } from '@/lib/features/matrix';
import type { DenseRows } from './library';

/** List the rows of some parts of the split, in the dataset's row order. */
export function rowsOfParts({ split }: TrainingDataset, parts: readonly number[]): Uint32Array {
  let nRows = 0;
  for (const part of split) if (parts.includes(part)) nRows += 1;
  const rows = new Uint32Array(nRows);
  let at = 0;
  for (let row = 0; row < split.length; row++) {
    if (!parts.includes(split[row]!)) continue;
    rows[at] = row;
    at += 1;
  }
  return rows;
}

/** Copy some rows of a dataset, in the order given. */
export function denseRows({ matrix, labels }: TrainingDataset, rows: Uint32Array): DenseRows {
  const nFeatures = matrix.featureNames.length;
  const values = new Float32Array(rows.length * nFeatures);
  const partLabels = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    values.set(matrix.values.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures);
    partLabels[i] = labels[row]!;
  }
  return { values, labels: partLabels, featureNames: matrix.featureNames };
}

/**
 * Measure the share of buyers among rows to train on.
 *
 * @throws ExpectedFailure `dataset_part_unusable` where they are all of one kind
 */
export function buyerShare(labels: Uint8Array): number {
  let nBuyers = 0;
  for (const label of labels) nBuyers += label;
  if (nBuyers === 0 || nBuyers === labels.length) {
    throw new ExpectedFailure({
      code: 'dataset_part_unusable',
      message: `The training rows hold ${nBuyers} buyers among ${labels.length}; both kinds are needed.`,
      hint: 'Use a list with more buyers, so that every part of the split gets some.',
    });
  }
  return nBuyers / labels.length;
}

import { randomSource } from '@/lib/core/random';
import type { TrainingDataset } from '@/lib/features/matrix';

/**
 * Draw a training dataset in which the label follows the first two features, so that a model finds something to learn.
 * Split 60/20/20 in turn; about a quarter of the labels are 1; every 17th value is missing (−999).
 */
export function drawnDataset(options: {
  readonly nRows: number;
  readonly nFeatures: number;
  readonly seed: number;
}): TrainingDataset {
  const { nRows, nFeatures, seed } = options;
  const random = randomSource(seed);
  const values = new Float32Array(nRows * nFeatures);
  for (let i = 0; i < values.length; i++) values[i] = i % 17 === 0 ? -999 : Math.round(random() * 100) / 10;
  const labels = new Uint8Array(nRows);
  const split = new Uint8Array(nRows);
  for (let row = 0; row < nRows; row++) {
    const signal = values[row * nFeatures]! + values[row * nFeatures + 1]!;
    labels[row] = random() < (signal > 12 ? 0.7 : 0.1) ? 1 : 0;
    split[row] = Math.max(0, (row % 5) - 2);
  }
  const featureNames = Array.from({ length: nFeatures }, (_, i) => `feature_${i}`);
  return { matrix: { values, nRows, featureNames }, labels, split };
}

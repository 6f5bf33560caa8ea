import { sha256Hex } from '@/lib/core/digest';
import type { TrainingDataset } from './matrix';

/**
 * Name the rows that a model is judged on, whatever the features: the digest of which part each row is in, and of all labels.
 * Models of the same list and split seed share it.
 */
export function testRowsDigest({ split, labels }: Pick<TrainingDataset, 'split' | 'labels'>): string {
  const bytes = new Uint8Array(split.length + labels.length);
  bytes.set(split);
  bytes.set(labels, split.length);
  return sha256Hex(bytes);
}

import { normalCdf } from '@/lib/core/normal-distribution';
import type { ShareInterval } from '@/lib/explore/statistics/wilson-interval';
import {
  type AucEstimate,
  aucFromComponents,
  pairedAucDifference,
  rocAucComponents,
} from '../paired-roc-auc';

/** 0.975 quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/** A difference of two ROC AUCs on the same rows. */
export interface AucDifference extends ShareInterval {
  readonly value: number;
  /** Two-sided, of a difference of 0. 1 where both models rank all rows alike. */
  readonly p_value: number;
}

/** Give the DeLong interval (95 %, normal) of a ROC AUC, cut at 0 and 1; null with fewer than two rows of a class. */
export function delongInterval({ value, variance }: AucEstimate): ShareInterval | null {
  if (!Number.isFinite(variance)) return null;
  const half = Z_95 * Math.sqrt(variance);
  return { low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Give a ROC AUC with its DeLong interval. */
export function rocAucWithInterval(labels: Uint8Array, scores: Float32Array | Float64Array) {
  const estimate = aucFromComponents(labels, rocAucComponents(labels, scores));
  return { value: estimate.value, interval: delongInterval(estimate) };
}

/**
 * Compare two models on the same rows by the paired test of DeLong, DeLong and Clarke-Pearson (1988): the first one's ROC AUC
 * less the second one's. Null with fewer than two rows of a class.
 */
export function aucDifference(
  labels: Uint8Array,
  first: Float32Array | Float64Array,
  second: Float32Array | Float64Array,
): AucDifference | null {
  const { value, variance } = pairedAucDifference(
    labels,
    rocAucComponents(labels, first),
    rocAucComponents(labels, second),
  );
  if (!Number.isFinite(variance)) return null;
  const error = Math.sqrt(variance);
  const pValue = error === 0 ? Number(value === 0) : 2 * normalCdf(-Math.abs(value) / error);
  return { value, low: value - Z_95 * error, high: value + Z_95 * error, p_value: pValue };
}

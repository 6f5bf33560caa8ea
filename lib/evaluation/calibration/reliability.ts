import { type ShareInterval, wilsonInterval } from '@/lib/explore/statistics/wilson-interval';

/** Rows of like probability, and how many of them bought. */
export interface ReliabilityBin {
  readonly n: number;
  readonly nBuyers: number;
  readonly meanProbability: number;
  readonly conversion: number;
  /** Of the conversion, 95 % (Wilson). */
  readonly interval: ShareInterval;
}

/** How well probabilities mean what they say. */
export interface Reliability {
  /** By rising probability; those without rows are left out. */
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: the mean |conversion − mean probability| of the bins, weighted by rows. NaN without rows. */
  readonly expectedCalibrationError: number;
}

/**
 * Compare probabilities with what happened, in bins of equally many rows (as near as whole rows allow), rows of the same
 * probability kept together.
 *
 * @param probabilities 0–1, one a row
 */
export function reliability(
  labels: Uint8Array,
  probabilities: Float32Array | Float64Array,
  nBins = 10,
): Reliability {
  const n = labels.length;
  if (probabilities.length !== n) throw new Error(`Expected ${n} probabilities, got ${probabilities.length}`);
  const order = Uint32Array.from(labels.keys()).sort((a, b) => probabilities[a]! - probabilities[b]!);
  const bins: ReliabilityBin[] = [];
  let from = 0;
  for (let bin = 1; bin <= nBins && from < n; bin++) {
    let to = Math.max(from + 1, Math.round((bin * n) / nBins));
    while (to < n && probabilities[order[to]!] === probabilities[order[to - 1]!]) to++;
    bins.push(binOf(order.subarray(from, to), labels, probabilities));
    from = to;
  }
  const gaps = bins.reduce((sum, bin) => sum + bin.n * Math.abs(bin.conversion - bin.meanProbability), 0);
  return { bins, expectedCalibrationError: gaps / n };
}

function binOf(
  rows: Uint32Array,
  labels: Uint8Array,
  probabilities: Float32Array | Float64Array,
): ReliabilityBin {
  let [nBuyers, sum] = [0, 0];
  for (const row of rows) {
    nBuyers += labels[row]!;
    sum += probabilities[row]!;
  }
  const n = rows.length;
  const interval = wilsonInterval(nBuyers, n)!;
  return { n, nBuyers, meanProbability: sum / n, conversion: nBuyers / n, interval };
}

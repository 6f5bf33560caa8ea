import { derivedSeed, randomSource } from '@/lib/core/random';
import { quantileOfSorted } from '@/lib/explore/statistics/quantile';
import type { ShareInterval } from '@/lib/explore/statistics/wilson-interval';
import type { CalibratedRows } from '../calibration/calibrated-rows';
import { descendingOrder } from '../descending-order';

/** Metrics whose intervals are bootstrapped. */
export const BOOTSTRAPPED = [
  'average_precision',
  'f1_score',
  'recall',
  'precision',
  'log_loss',
  'brier_score',
] as const;
export type BootstrappedMetric = (typeof BOOTSTRAPPED)[number];

/** How an interval was drawn. */
export interface BootstrapPlan {
  readonly nSamples: number;
  readonly seed: number;
}

/** Samples enough for the ends of a 95 % interval, fewer where rows are so many that it would take more than seconds. */
export function nBootstrapSamples(nRows: number): number {
  return Math.max(200, Math.min(1000, Math.floor(4e6 / Math.max(1, nRows))));
}

/**
 * Give percentile intervals (95 %, quantiles of type 7) of metrics by a stratified bootstrap: each sample draws as many buyers
 * from the buyers and as many others from the others as there are, so that conversion stays (Davison & Hinkley 1997, ch. 3).
 * Probability metrics hold probabilities 2⁻²³ away from 0 and 1, as `logLoss` of float32.
 *
 * @param threshold of F1, recall and precision; the same in every sample, since it was chosen on other rows
 * @throws where a class is missing
 */
export function bootstrapIntervals(
  rows: CalibratedRows,
  threshold: number,
  { nSamples, seed }: BootstrapPlan,
): Record<BootstrappedMetric, ShareInterval> {
  const { labels } = rows;
  const groups = [0, 1].map((label) =>
    Uint32Array.from(labels.keys()).filter((row) => labels[row] === label),
  );
  if (groups.some((group) => group.length === 0)) throw new Error('Expected rows of both classes.');
  const random = randomSource(derivedSeed(seed, 'scorecard bootstrap'));
  const measured = sampleMeter(rows, threshold);
  const samples = BOOTSTRAPPED.map(() => new Float64Array(nSamples));
  const counts = new Uint32Array(labels.length);
  for (let sample = 0; sample < nSamples; sample++) {
    counts.fill(0);
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) counts[group[Math.floor(random() * group.length)]!]! += 1;
    }
    const values = measured(counts);
    BOOTSTRAPPED.forEach((metric, m) => {
      samples[m]![sample] = values[metric];
    });
  }
  return Object.fromEntries(BOOTSTRAPPED.map((metric, m) => [metric, intervalOf(samples[m]!)])) as Record<
    BootstrappedMetric,
    ShareInterval
  >;
}

function intervalOf(values: Float64Array): ShareInterval {
  const sorted = values.toSorted();
  return { low: quantileOfSorted(sorted, 0.025)!, high: quantileOfSorted(sorted, 0.975)! };
}

/** Measures all metrics of a sample, given by how often each row is in it, without sorting again. */
function sampleMeter(
  { labels, margins, probabilities }: CalibratedRows,
  threshold: number,
): (counts: Uint32Array) => Record<BootstrappedMetric, number> {
  const order = descendingOrder(margins);
  const losses = Float64Array.from(probabilities, (probability, row) => {
    const held = Math.min(Math.max(probability, 2 ** -23), 1 - 2 ** -23);
    return -Math.log(labels[row] === 1 ? held : 1 - held);
  });
  const squares = Float64Array.from(probabilities, (probability, row) => (probability - labels[row]!) ** 2);
  return (counts) => {
    let [n, nBuyers, loss, square, called, truePositive] = [0, 0, 0, 0, 0, 0];
    for (let row = 0; row < counts.length; row++) {
      const count = counts[row]!;
      if (count === 0) continue;
      const isBuyer = labels[row]!;
      n += count;
      nBuyers += count * isBuyer;
      loss += count * losses[row]!;
      square += count * squares[row]!;
      if (probabilities[row]! < threshold) continue;
      called += count;
      truePositive += count * isBuyer;
    }
    return {
      average_precision: weightedPrecision(order, { labels, margins, counts }) / nBuyers,
      f1_score: (2 * truePositive) / (called + nBuyers),
      recall: truePositive / nBuyers,
      precision: called === 0 ? 0 : truePositive / called,
      log_loss: loss / n,
      brier_score: square / n,
    };
  };
}

/** Sum of precision times buyers gained at each distinct margin: average precision times buyers. */
function weightedPrecision(
  order: Uint32Array,
  {
    labels,
    margins,
    counts,
  }: { readonly labels: Uint8Array; readonly margins: Float32Array; readonly counts: Uint32Array },
): number {
  let [sum, reached, found] = [0, 0, 0];
  for (let start = 0; start < order.length; ) {
    const margin = margins[order[start]!];
    let gained = 0;
    let end = start;
    for (; end < order.length && margins[order[end]!] === margin; end++) {
      const row = order[end]!;
      reached += counts[row]!;
      gained += counts[row]! * labels[row]!;
    }
    found += gained;
    if (gained > 0) sum += (gained * found) / reached;
    start = end;
  }
  return sum;
}

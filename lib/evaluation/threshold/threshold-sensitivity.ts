import { derivedSeed, randomSource } from '@/lib/core/random';
import { quantileOfSorted } from '@/lib/explore/statistics/quantile';
import { descendingOrder } from '../descending-order';
import type { RankedScores } from '../ranked-scores';
import {
  type ThresholdChoice,
  type ThresholdOutcome,
  thresholdByRule,
  thresholdOutcome,
} from './threshold-rules';

/** Labels and calibrated scores of rows that the model has not seen. */
export interface ScoredRows {
  readonly labels: Uint8Array;
  readonly probabilities: Float32Array;
}

/** Where a rule puts the threshold in other rows: 5 % and 95 % quantile over stratified resamples. */
export interface ResampledThreshold {
  readonly low: number;
  readonly high: number;
  readonly nSamples: number;
}

const FACTORS = [1 / 2, 2 / 3, 0.8, 1, 1.25, 1.5, 2] as const;
const MAX_SAMPLES = 200;
const MIN_SAMPLES = 20;
/** Rows drawn at most: some 50 ms, so that a choice is answered at once. */
const MAX_DRAWS = 800_000;

/** Measure what ½, ⅔, 0.8, 1, 1.25, 1.5 and 2 times a threshold come to, as far as they are probabilities. */
export function thresholdsAround(ranked: RankedScores, threshold: number): ThresholdOutcome[] {
  return FACTORS.filter((factor) => factor * threshold <= 1).map((factor) =>
    thresholdOutcome(ranked, factor * threshold),
  );
}

/**
 * Find where a rule would have put the threshold, had other rows been drawn.
 *
 * @returns null without both classes, and where rows are so many (above 40,000) that it would take long; there they decide it anyway
 */
export function resampledThreshold(
  rows: ScoredRows,
  choice: ThresholdChoice,
  seed: number,
): ResampledThreshold | null {
  const { labels } = rows;
  const nSamples = Math.min(MAX_SAMPLES, Math.floor(MAX_DRAWS / Math.max(1, labels.length)));
  const isOneClass = !labels.includes(0) || !labels.includes(1);
  if (isOneClass || nSamples < MIN_SAMPLES) return null;
  const chosen = new Float64Array(nSamples);
  const resample = resampler(rows, randomSource(derivedSeed(seed, 'threshold')));
  for (let sample = 0; sample < nSamples; sample++) chosen[sample] = thresholdByRule(resample(), choice);
  chosen.sort();
  return { low: quantileOfSorted(chosen, 0.05)!, high: quantileOfSorted(chosen, 0.95)!, nSamples };
}

/** Draws stratified samples of the rows, already ranked. */
function resampler({ labels, probabilities }: ScoredRows, random: () => number): () => RankedScores {
  const order = descendingOrder(probabilities);
  const groups = [0, 1].map((label) => order.filter((row) => labels[row] === label));
  const counts = new Uint32Array(labels.length);
  return () => {
    counts.fill(0);
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) counts[group[Math.floor(random() * group.length)]!]! += 1;
    }
    return rankedSample(order, { labels, probabilities, counts });
  };
}

function rankedSample(
  order: Uint32Array,
  { labels, probabilities, counts }: ScoredRows & { readonly counts: Uint32Array },
): RankedScores {
  const threshold = new Float64Array(order.length);
  const truePositive = new Uint32Array(order.length);
  const falsePositive = new Uint32Array(order.length);
  let [nDistinct, nPositive, nNegative] = [0, 0, 0];
  for (const row of order) {
    const count = counts[row]!;
    if (count === 0) continue;
    if (labels[row] === 1) nPositive += count;
    else nNegative += count;
    if (nDistinct === 0 || threshold[nDistinct - 1] !== probabilities[row]) nDistinct += 1;
    threshold[nDistinct - 1] = probabilities[row]!;
    truePositive[nDistinct - 1] = nPositive;
    falsePositive[nDistinct - 1] = nNegative;
  }
  return {
    nPositive,
    nNegative,
    threshold: threshold.subarray(0, nDistinct),
    truePositive: truePositive.subarray(0, nDistinct),
    falsePositive: falsePositive.subarray(0, nDistinct),
  };
}

import { derivedSeed, randomSource } from '@/lib/core/random';
import { quantileOfSorted } from '@/lib/explore/statistics/quantile';
import { descendingOrder } from '../descending-order';
import { type RankedScores, rankedScores } from '../ranked-scores';
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

/** How much depends on a threshold, and how much the rows at hand decide it. */
export interface ThresholdSensitivity {
  /** At ½, ⅔, 0.8, 1, 1.25, 1.5 and 2 times the threshold, as far as that is a probability. */
  readonly around: readonly ThresholdOutcome[];
  /** 5 % and 95 % quantile of the thresholds that the rule chooses in stratified resamples; null without both classes. */
  readonly chosen: { readonly low: number; readonly high: number; readonly nSamples: number } | null;
}

const FACTORS = [1 / 2, 2 / 3, 0.8, 1, 1.25, 1.5, 2] as const;
const MAX_SAMPLES = 200;
/** Rows drawn at most, so that a choice is answered at once. */
const MAX_DRAWS = 2_000_000;

/** Measure what a threshold's neighbours come to, and where the rule would put it had other rows been drawn. */
export function thresholdSensitivity(
  rows: ScoredRows,
  choice: ThresholdChoice,
  { threshold, seed }: { readonly threshold: number; readonly seed: number },
): ThresholdSensitivity {
  const ranked = rankedScores(rows.labels, rows.probabilities);
  const around = FACTORS.filter((factor) => factor * threshold <= 1).map((factor) =>
    thresholdOutcome(ranked, factor * threshold),
  );
  const nSamples = Math.min(MAX_SAMPLES, Math.floor(MAX_DRAWS / Math.max(1, rows.labels.length)));
  const isOneClass = ranked.nPositive === 0 || ranked.nNegative === 0;
  if (isOneClass || nSamples < 20) return { around, chosen: null };
  const chosen = new Float64Array(nSamples);
  const random = randomSource(derivedSeed(seed, 'threshold'));
  const resample = resampler(rows, random);
  for (let sample = 0; sample < nSamples; sample++) chosen[sample] = thresholdByRule(resample(), choice);
  chosen.sort();
  return {
    around,
    chosen: { low: quantileOfSorted(chosen, 0.05)!, high: quantileOfSorted(chosen, 0.95)!, nSamples },
  };
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

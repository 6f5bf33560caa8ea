import { descendingOrder } from './descending-order';
import { checkLabels } from './ranked-scores';

/**
 * Estimate the variance of an area under the ROC curve, as DeLong, DeLong and Clarke-Pearson (1988) define it, by
 * mid-ranks (Sun and Xu, "Fast implementation of DeLong's algorithm", 2014), so in the time of one sorting. Ties count half.
 *
 * @param labels 0 or 1 a row
 * @param scores one a row
 * @returns NaN with fewer than two rows of either class
 * @throws where lengths differ, a score is NaN or a label is neither 0 nor 1
 * @example rocAucVariance(new Uint8Array([0, 0, 1, 1]), new Float64Array([0.1, 0.4, 0.35, 0.8])) // 0.125
 */
export function rocAucVariance(labels: Uint8Array, scores: Float32Array | Float64Array): number {
  checkLabels(labels, scores.length);
  const order = descendingOrder(scores).reverse();
  let nPositive = 0;
  for (const label of labels) nPositive += label;
  const nNegative = labels.length - nPositive;
  if (nPositive < 2 || nNegative < 2) return Number.NaN;
  // For a positive row: the share of negatives it beats; for a negative row: the share of positives that beat it.
  const positive = new Spread(nPositive);
  const negative = new Spread(nNegative);
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let positivesHere = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) {
      positivesHere += labels[order[end]!]!;
      end += 1;
    }
    const negativesHere = end - start - positivesHere;
    positive.add((negativesBelow + negativesHere / 2) / nNegative, positivesHere);
    negative.add((nPositive - positivesBelow - positivesHere / 2) / nPositive, negativesHere);
    positivesBelow += positivesHere;
    negativesBelow += negativesHere;
    start = end;
  }
  return positive.varianceOfMean() + negative.varianceOfMean();
}

/** Mean and sum of squares of weighted values, gathered in one pass (West 1979). */
class Spread {
  readonly #n: number;
  #weight = 0;
  #mean = 0;
  #squares = 0;

  constructor(n: number) {
    this.#n = n;
  }

  add(value: number, weight: number): void {
    if (weight === 0) return;
    this.#weight += weight;
    const distance = value - this.#mean;
    this.#mean += (distance * weight) / this.#weight;
    this.#squares += weight * distance * (value - this.#mean);
  }

  varianceOfMean(): number {
    return this.#squares / (this.#n - 1) / this.#n;
  }
}

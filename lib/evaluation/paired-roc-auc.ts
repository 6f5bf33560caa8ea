import { descendingOrder } from './descending-order';
import { checkLabels } from './ranked-scores';

/**
 * Each row's part in the area under the ROC curve: for a buyer the share of others whose score is below its own, for
 * another row the share of buyers above it, ties counting half (DeLong, DeLong and Clarke-Pearson 1988, X- and
 * Y-components). Their mean over the buyers, and over the others, is the ROC AUC.
 *
 * @param labels 0 or 1 a row
 * @param scores one a row
 * @returns one a row; NaN where the other kind is missing
 * @throws where lengths differ, a score is NaN or a label is neither 0 nor 1
 * @example rocAucComponents(Uint8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8)) // [1, 0.5, 0.5, 1]
 */
export function rocAucComponents(labels: Uint8Array, scores: Float32Array | Float64Array): Float64Array {
  checkLabels(labels, scores.length);
  return componentsInOrder(labels, scores, descendingOrder(scores).reverse());
}

/** Give `rocAucComponents` of rows that come by rising score already, without sorting them again. @throws as it, but for the order */
export function sortedRocAucComponents(
  labels: Uint8Array,
  scores: Float32Array | Float64Array,
): Float64Array {
  checkLabels(labels, scores.length);
  return componentsInOrder(labels, scores, Uint32Array.from(labels.keys()));
}

function componentsInOrder(
  labels: Uint8Array,
  scores: Float32Array | Float64Array,
  order: Uint32Array,
): Float64Array {
  let nPositive = 0;
  for (const label of labels) nPositive += label;
  const nNegative = labels.length - nPositive;
  const components = new Float64Array(labels.length);
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
    const ofPositive = (negativesBelow + negativesHere / 2) / nNegative;
    const ofNegative = (nPositive - positivesBelow - positivesHere / 2) / nPositive;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      components[row] = labels[row] === 1 ? ofPositive : ofNegative;
    }
    positivesBelow += positivesHere;
    negativesBelow += negativesHere;
    start = end;
  }
  return components;
}

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
  return aucFromComponents(labels, rocAucComponents(labels, scores)).variance;
}

/** A ROC AUC, or a difference of two on the same rows, and its variance. */
export interface AucEstimate {
  readonly value: number;
  /** NaN with fewer than two rows of either kind. */
  readonly variance: number;
}

/**
 * Give the ROC AUC and its variance from components, as DeLong, DeLong and Clarke-Pearson (1988) define it; of the
 * differences of two models' components it gives the paired difference and its variance.
 */
export function aucFromComponents(labels: Uint8Array, components: Float64Array): AucEstimate {
  const positive = meanAndSpread(components, labels, 1);
  const negative = meanAndSpread(components, labels, 0);
  return { value: positive.mean, variance: positive.varianceOfMean + negative.varianceOfMean };
}

/**
 * Compare two models by their components on the same rows: the first one's ROC AUC less the second one's.
 *
 * @throws where lengths differ
 */
export function pairedAucDifference(
  labels: Uint8Array,
  first: Float64Array,
  second: Float64Array,
): AucEstimate {
  if (first.length !== second.length) {
    throw new Error(`Expected components of the same rows, got ${first.length} and ${second.length}.`);
  }
  return aucFromComponents(
    labels,
    first.map((component, row) => component - second[row]!),
  );
}

/**
 * Give the covariances of the ROC AUCs of several models on the same rows, from their components (DeLong, DeLong and
 * Clarke-Pearson 1988).
 *
 * @param models components, one array a model
 * @returns row-major, models × models; NaN with fewer than two rows of either kind
 */
export function aucCovariance(labels: Uint8Array, models: readonly Float64Array[]): Float64Array {
  const nModels = models.length;
  const covariance = new Float64Array(nModels ** 2);
  for (const label of [1, 0] as const) {
    const means = models.map((components) => meanAndSpread(components, labels, label).mean);
    const n = labels.reduce((count, value) => count + Number(value === label), 0);
    for (let i = 0; i < nModels; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let row = 0; row < labels.length; row++) {
          if (labels[row] === label) sum += (models[i]![row]! - means[i]!) * (models[j]![row]! - means[j]!);
        }
        const part = n < 2 ? Number.NaN : sum / (n - 1) / n;
        covariance[i * nModels + j]! += part;
        if (i !== j) covariance[j * nModels + i]! += part;
      }
    }
  }
  return covariance;
}

/**
 * Average estimates over folds whose rows do not overlap (the mean ROC AUC over the folds, with the variance of LeDell,
 * Petersen and van der Laan 2015: the folds' models are taken as given).
 */
export function meanOverFolds(folds: readonly AucEstimate[]): AucEstimate {
  const n = folds.length;
  return {
    value: folds.reduce((sum, { value }) => sum + value, 0) / n,
    variance: folds.reduce((sum, { variance }) => sum + variance, 0) / n ** 2,
  };
}

function meanAndSpread(values: Float64Array, labels: Uint8Array, label: 0 | 1) {
  let n = 0;
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    if (labels[row] !== label) continue;
    n += 1;
    sum += values[row]!;
  }
  const mean = sum / n;
  let squares = 0;
  for (let row = 0; row < values.length; row++) {
    if (labels[row] === label) squares += (values[row]! - mean) ** 2;
  }
  return { mean, varianceOfMean: n < 2 ? Number.NaN : squares / (n - 1) / n };
}

import { chiSquareAbove } from '@/lib/core/special-functions';
import { wilsonInterval } from '../statistics/wilson-interval';

/** Counts of one feature's bins on two sides, place by place. */
export interface TwoCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Below this expected count the chi-square approximation is poor (Cochran 1954). */
export const LEAST_EXPECTED = 5;

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/**
 * Merge bins until each has an expected count of at least `LEAST_EXPECTED` on either side: ordered ones with their smaller
 * neighbour, others with the smallest other one. Bins without a row are dropped.
 *
 * @returns for each bin left, the places of the bins it is made of, in their order; none where a side is empty
 */
export function mergedBins(
  { reference, current }: TwoCounts,
  options: { readonly isOrdered: boolean },
): readonly (readonly number[])[] {
  const [nReference, nCurrent] = [total(reference), total(current)];
  if (nReference === 0 || nCurrent === 0) return [];
  const leastShare = Math.min(nReference, nCurrent) / (nReference + nCurrent);
  const sizes = reference.map((count, place) => count + (current[place] ?? 0));
  return binsOfSize(sizes, { ...options, leastSize: LEAST_EXPECTED / leastShare, nKept: 1 });
}

/**
 * Merge bins until each has a size or no more than `nKept` are left. Empty ones are dropped.
 *
 * @returns as `mergedBins`
 */
export function binsOfSize(
  sizeOfPlace: readonly number[],
  options: { readonly isOrdered: boolean; readonly leastSize: number; readonly nKept: number },
): readonly (readonly number[])[] {
  const { isOrdered, leastSize, nKept } = options;
  const sizeOf = (bin: readonly number[]) => bin.reduce((sum, place) => sum + (sizeOfPlace[place] ?? 0), 0);
  let bins: readonly (readonly number[])[] = sizeOfPlace.flatMap((size, place) =>
    size > 0 ? [[place]] : [],
  );
  while (bins.length > nKept) {
    const sizes = bins.map(sizeOf);
    const least = sizes.indexOf(Math.min(...sizes));
    if (sizes[least]! >= leastSize) break;
    const into = isOrdered ? smallerNeighbour(sizes, least) : smallestOther(sizes, least);
    const joined = [...bins[least]!, ...bins[into]!].sort((a, b) => a - b);
    bins = bins
      .map((bin, place) => (place === Math.min(least, into) ? joined : bin))
      .filter((_, place) => place !== Math.max(least, into));
  }
  return bins;
}

function smallerNeighbour(sizes: readonly number[], at: number): number {
  const [before, after] = [sizes[at - 1], sizes[at + 1]];
  if (before === undefined) return at + 1;
  return after === undefined || before <= after ? at - 1 : at + 1;
}

function smallestOther(sizes: readonly number[], at: number): number {
  let found = at === 0 ? 1 : 0;
  for (const [place, size] of sizes.entries()) if (place !== at && size < sizes[found]!) found = place;
  return found;
}

/** Add counts up by merged bins. */
export function mergedCounts(
  { reference, current }: TwoCounts,
  bins: readonly (readonly number[])[],
): TwoCounts {
  const of = (counts: readonly number[]) =>
    bins.map((bin) => bin.reduce((sum, place) => sum + (counts[place] ?? 0), 0));
  return { reference: of(reference), current: of(current) };
}

/** A population stability index, and what chance alone makes of it. */
export interface PopulationStability {
  /** Σ (c − r) · ln(c / r) over the bins' shares; 0 where the sides are alike, without an upper end. */
  readonly psi: number;
  readonly degreesOfFreedom: number;
  /** Of so high an index, or a higher one, where both sides come from one distribution. */
  readonly pValue: number;
}

/**
 * Give the population stability index. Without drift PSI / (1/n + 1/m) is about a chi-square variable of bins − 1 degrees of
 * freedom (Yurdakul & Naranjo 2020), so what counts as high depends on the sizes. Where a bin is empty on one side only, ½
 * is added to every count. Null with fewer than two bins, or an empty side.
 */
export function populationStability({ reference, current }: TwoCounts): PopulationStability | null {
  const [nReference, nCurrent] = [total(reference), total(current)];
  const held = reference.flatMap((count, place) =>
    count + (current[place] ?? 0) === 0 ? [] : [{ reference: count, current: current[place] ?? 0 }],
  );
  if (held.length < 2 || nReference === 0 || nCurrent === 0) return null;
  const added = held.some((bin) => bin.reference === 0 || bin.current === 0) ? 0.5 : 0;
  const room = added * held.length;
  const psi = held.reduce((sum, bin) => {
    const from = (bin.reference + added) / (nReference + room);
    const to = (bin.current + added) / (nCurrent + room);
    return sum + (to - from) * Math.log(to / from);
  }, 0);
  const degreesOfFreedom = held.length - 1;
  return {
    psi,
    degreesOfFreedom,
    pValue: chiSquareAbove(psi / chanceScale(nReference, nCurrent), degreesOfFreedom),
  };
}

/**
 * Give the index that chance alone exceeds with a probability, for two sides of these sizes.
 *
 * @param probability above 0, below 1
 */
export function stabilityLimit(
  sizes: { readonly reference: number; readonly current: number },
  degreesOfFreedom: number,
  probability: number,
): number {
  return chanceScale(sizes.reference, sizes.current) * chiSquareQuantile(probability, degreesOfFreedom);
}

const chanceScale = (nReference: number, nCurrent: number) => 1 / nReference + 1 / nCurrent;

/** Give the value that a chi-square variable exceeds with a probability (as scipy `chi2.isf`), by bisection. */
export function chiSquareQuantile(probability: number, degreesOfFreedom: number): number {
  let [low, high] = [0, Math.max(1, degreesOfFreedom)];
  while (chiSquareAbove(high, degreesOfFreedom) > probability) high *= 2;
  for (let step = 0; step < 200 && high - low > Number.EPSILON * high; step++) {
    const middle = (low + high) / 2;
    if (chiSquareAbove(middle, degreesOfFreedom) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Give the Jensen–Shannon distance, the root of the divergence in bits (as scipy `jensenshannon(base=2)`): 0 where the sides
 * are alike, 1 where they share no bin. Null where a side is empty.
 */
export function jensenShannonDistance({ reference, current }: TwoCounts): number | null {
  const [nReference, nCurrent] = [total(reference), total(current)];
  if (nReference === 0 || nCurrent === 0) return null;
  let divergence = 0;
  for (const [place, count] of reference.entries()) {
    const from = count / nReference;
    const to = (current[place] ?? 0) / nCurrent;
    const middle = (from + to) / 2;
    for (const share of [from, to]) if (share > 0) divergence += 0.5 * share * Math.log2(share / middle);
  }
  return Math.sqrt(Math.max(0, divergence));
}

/** Outcome of a chi-square test. */
export interface ChiSquareTest {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Test whether two sides come from one distribution (Pearson's chi-square of homogeneity, as scipy
 * `chi2_contingency(correction=False)`). Give it merged bins; null with fewer than two of them, or an empty side.
 */
export function homogeneityTest({ reference, current }: TwoCounts): ChiSquareTest | null {
  const [nReference, nCurrent] = [total(reference), total(current)];
  const n = nReference + nCurrent;
  let [statistic, nHeld] = [0, 0];
  if (nReference === 0 || nCurrent === 0) return null;
  for (const [place, count] of reference.entries()) {
    const both = count + (current[place] ?? 0);
    if (both === 0) continue;
    nHeld += 1;
    const expected = (both * nReference) / n;
    // Both sides differ by the same from what is expected of them.
    statistic += (count - expected) ** 2 * (1 / expected + n / (both * nCurrent));
  }
  if (nHeld < 2) return null;
  return { statistic, degreesOfFreedom: nHeld - 1, pValue: chiSquareAbove(statistic, nHeld - 1) };
}

/** Two shares and how far they lie apart. */
export interface ShareDifference {
  readonly reference: number;
  readonly current: number;
  /** current − reference, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Give the difference of two shares with its 95 % interval from both Wilson intervals (Newcombe 1998, method 10; as statsmodels
 * `confint_proportions_2indep(method='newcomb')`). Null where a side is empty.
 */
export function shareDifference(
  reference: { readonly n: number; readonly of: number },
  current: { readonly n: number; readonly of: number },
): ShareDifference | null {
  const from = wilsonInterval(reference.n, reference.of);
  const to = wilsonInterval(current.n, current.of);
  if (from === null || to === null) return null;
  const [a, b] = [reference.n / reference.of, current.n / current.of];
  const reach = (one: number, oneEnd: number, other: number, otherEnd: number) =>
    Math.hypot(one - oneEnd, other - otherEnd);
  const low = b - a - reach(b, to.low, a, from.high);
  const high = b - a + reach(b, to.high, a, from.low);
  return { reference: a, current: b, difference: b - a, low, high };
}

import { normalDraw } from '@/lib/core/normal-distribution';
import type { RandomSource } from '@/lib/core/random';
import { binsOfSize, LEAST_EXPECTED } from './drift-tests';

/** Where a distribution changed most. */
export interface ChangePoint {
  /** Place of the first window after the change. */
  readonly window: number;
  /** Of so large a difference anywhere in time, without a change. */
  readonly pValue: number;
}

/** What the largest chi-square over all places to cut is where nothing changed. */
export interface NullPaths {
  /** Share of draws in which the largest value over cuts `first` … `last` reaches `statistic`, the observed one counted. */
  pValue(
    statistic: number,
    of: { readonly degreesOfFreedom: number; readonly first: number; readonly last: number },
  ): number;
}

/** Bins with a smaller share of the rows are merged before a change is looked for, down to two. */
const LEAST_SHARE = 0.05;
export const N_DRAWS = 999;

/**
 * Draw what the search for a change finds where there is none: without a change the chi-square of a cut after a share t of
 * the rows is a squared Bessel bridge over t (1 − t) of as many dimensions as degrees of freedom (Csörgő & Horváth 1997,
 * §2.1), here drawn at the windows' own shares.
 *
 * Degrees of freedom are drawn when they are first asked for, in order, so that the answers do not hang on the questions.
 *
 * @param sizes rows of each window
 */
export function nullPaths(sizes: ArrayLike<number>, random: RandomSource): NullPaths {
  const shares = cumulativeShares(sizes);
  const nCuts = Math.max(0, shares.length - 1);
  // For each number of degrees of freedom from 1 on: chi-squares by draw (row-major) and cut.
  const drawn: Float32Array[] = [];
  return {
    pValue(statistic, { degreesOfFreedom, first, last }) {
      while (drawn.length < degreesOfFreedom) drawn.push(withOneMoreDegree(drawn.at(-1), shares, random));
      const chiSquares = drawn[degreesOfFreedom - 1];
      if (chiSquares === undefined) throw new Error(`Expected degrees of freedom, got ${degreesOfFreedom}`);
      let nReached = 1;
      for (let draw = 0; draw < N_DRAWS; draw++) {
        for (let cut = first; cut <= last; cut++) {
          if (chiSquares[draw * nCuts + cut]! >= statistic) {
            nReached += 1;
            break;
          }
        }
      }
      return nReached / (N_DRAWS + 1);
    },
  };
}

/** Add the square of one more bridge to each draw. */
function withOneMoreDegree(
  before: Float32Array | undefined,
  shares: Float64Array,
  random: RandomSource,
): Float32Array {
  const nCuts = Math.max(0, shares.length - 1);
  const chiSquares = before?.slice() ?? new Float32Array(N_DRAWS * nCuts);
  const walk = new Float64Array(nCuts + 1);
  for (let draw = 0; draw < N_DRAWS; draw++) {
    let sum = 0;
    for (let cut = 0; cut <= nCuts; cut++) {
      sum += Math.sqrt(shares[cut]! - (shares[cut - 1] ?? 0)) * normalDraw(random);
      walk[cut] = sum;
    }
    for (let cut = 0; cut < nCuts; cut++) {
      const share = shares[cut]!;
      const bridge = walk[cut]! - share * sum;
      if (share > 0 && share < 1) chiSquares[draw * nCuts + cut]! += bridge ** 2 / (share * (1 - share));
    }
  }
  return chiSquares;
}

function cumulativeShares(sizes: ArrayLike<number>): Float64Array {
  const shares = new Float64Array(sizes.length);
  let sum = 0;
  for (let window = 0; window < sizes.length; window++) {
    sum += sizes[window]!;
    shares[window] = sum;
  }
  return sum === 0 ? shares : shares.map((rows) => rows / sum);
}

/**
 * Find the window from which on a feature is distributed otherwise than before: the cut with the largest chi-square of
 * homogeneity between both sides, among cuts that leave every bin an expected count of five on either side.
 *
 * @param counts rows by window (row-major) and bin
 * @returns with the largest chi-square, and a p-value of at least 1 / (draws + 1); null where no cut can be judged
 */
export function changePoint(
  counts: ArrayLike<number>,
  options: { readonly nBins: number; readonly isOrdered: boolean; readonly paths: NullPaths },
): (ChangePoint & { readonly statistic: number }) | null {
  const { nBins, isOrdered, paths } = options;
  const nWindows = nBins === 0 ? 0 : counts.length / nBins;
  const totals = new Array<number>(nBins).fill(0);
  for (let cell = 0; cell < counts.length; cell++) totals[cell % nBins]! += counts[cell]!;
  const n = totals.reduce((sum, count) => sum + count, 0);
  const bins = binsOfSize(totals, { isOrdered, leastSize: LEAST_SHARE * n, nKept: 2 });
  if (bins.length < 2) return null;
  const sizeOf = (bin: readonly number[]) => bin.reduce((sum, place) => sum + totals[place]!, 0);
  const shares = bins.map((bin) => sizeOf(bin) / n);
  const leastRows = LEAST_EXPECTED / Math.min(...shares);
  const before = new Array<number>(bins.length).fill(0);
  let [nBefore, first, last, best, statistic] = [0, -1, -1, -1, -1];
  for (let cut = 0; cut < nWindows - 1; cut++) {
    for (const [place, bin] of bins.entries()) {
      for (const source of bin) before[place]! += counts[cut * nBins + source]!;
    }
    nBefore = before.reduce((sum, count) => sum + count, 0);
    if (nBefore < leastRows || n - nBefore < leastRows) continue;
    if (first < 0) first = cut;
    last = cut;
    const distance = shares.reduce(
      (sum, share, place) => sum + (before[place]! - nBefore * share) ** 2 / share,
      0,
    );
    const chiSquare = (distance * n) / (nBefore * (n - nBefore));
    if (chiSquare > statistic) [statistic, best] = [chiSquare, cut];
  }
  if (best < 0) return null;
  const pValue = paths.pValue(statistic, { degreesOfFreedom: bins.length - 1, first, last });
  return { window: best + 1, statistic, pValue };
}

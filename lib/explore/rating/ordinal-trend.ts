import { normalCdf } from '@/lib/core/normal-distribution';
import type { ShareInterval } from '../statistics/wilson-interval';
import { pearsonCorrelation } from './correlation';

/** Subscribers of one level of an ordered dimension. */
export interface ScoredGroup {
  /** Place of the level on its scale. */
  readonly score: number;
  readonly n: number;
  readonly buyers: number;
}

/** How conversion goes with an ordered level. */
export interface Trend {
  readonly n: number;
  /** Pearson's correlation of score and purchase. */
  readonly pearson: number;
  /** 95 % interval by Fisher's transformation; null below four subscribers. */
  readonly interval: ShareInterval | null;
  /** Standard normal under no trend (Cochran 1954, Armitage 1955; variance given the margins, as statsmodels `test_ordinal_association`). */
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

const Z_95 = 1.959963984540054;

/** Test whether conversion rises or falls with the score. Null where score or purchase never varies. */
export function trendOf(groups: readonly ScoredGroup[]): Trend | null {
  const pairs = groups.flatMap(({ score, n, buyers }) => [
    { x: score, y: 1, n: buyers },
    { x: score, y: 0, n: n - buyers },
  ]);
  const pearson = pearsonCorrelation(pairs);
  if (pearson === null) return null;
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const z = pearson * Math.sqrt(n - 1);
  return { n, pearson, interval: fisherInterval(pearson, n), z, pValue: twoSided(z) };
}

/**
 * Give the 95 % interval of a correlation by Fisher's z transformation (as scipy `pearsonr(...).confidence_interval()`). Null
 * below four observations.
 */
export function fisherInterval(correlation: number, n: number): ShareInterval | null {
  if (n < 4) return null;
  const centre = Math.atanh(correlation);
  const half = Z_95 / Math.sqrt(n - 3);
  return { low: Math.tanh(centre - half), high: Math.tanh(centre + half) };
}

/** A trend within strata, taken together. */
export interface StratifiedTrend {
  readonly z: number;
  readonly pValue: number;
}

/**
 * Test for one trend within all strata together, whatever lies between them (Mantel's extension, 1963; with two levels the
 * Mantel–Haenszel test). Null where no stratum says anything.
 */
export function stratifiedTrend(strata: readonly (readonly ScoredGroup[])[]): StratifiedTrend | null {
  let [difference, variance] = [0, 0];
  for (const groups of strata) {
    let [n, buyers, sum, squares, sold] = [0, 0, 0, 0, 0];
    for (const group of groups) {
      n += group.n;
      buyers += group.buyers;
      sum += group.n * group.score;
      squares += group.n * group.score ** 2;
      sold += group.buyers * group.score;
    }
    if (n < 2) continue;
    difference += sold - (buyers * sum) / n;
    variance += (buyers * (n - buyers) * (squares - sum ** 2 / n)) / (n * (n - 1));
  }
  if (!(variance > 0)) return null;
  const z = difference / Math.sqrt(variance);
  return { z, pValue: twoSided(z) };
}

function twoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}

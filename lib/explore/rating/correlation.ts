/** One cell of a two-way table: `n` observations with these two values. */
export interface CountedPair {
  readonly x: number;
  readonly y: number;
  readonly n: number;
}

/**
 * Give Pearson's correlation of counted pairs. Null when it is not defined: fewer than two
 * observations, or one of the two never varies.
 *
 * @example pearsonCorrelation([{ x: 1, y: 0, n: 1 }, { x: 2, y: 1, n: 1 }]) // 1
 */
export function pearsonCorrelation(pairs: readonly CountedPair[]): number | null {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (const pair of pairs) {
    n += pair.n;
    sumX += pair.n * pair.x;
    sumY += pair.n * pair.y;
  }
  if (n < 2) return null;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (const pair of pairs) {
    const dx = pair.x - sumX / n;
    const dy = pair.y - sumY / n;
    xx += pair.n * dx * dx;
    yy += pair.n * dy * dy;
    xy += pair.n * dx * dy;
  }
  if (xx === 0 || yy === 0) return null;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/**
 * Give Spearman's rank correlation of counted pairs: Pearson's on mid-ranks, so ties share the mean of
 * their ranks (as scipy `spearmanr`). Null where `pearsonCorrelation` is.
 *
 * @example spearmanCorrelation([{ x: 1, y: 1, n: 1 }, { x: 2, y: 8, n: 1 }, { x: 3, y: 9, n: 1 }]) // 1
 */
export function spearmanCorrelation(pairs: readonly CountedPair[]): number | null {
  const rankOfX = midRanks(pairs.map((pair) => [pair.x, pair.n]));
  const rankOfY = midRanks(pairs.map((pair) => [pair.y, pair.n]));
  return pearsonCorrelation(
    pairs.map((pair) => ({ x: rankOfX.get(pair.x)!, y: rankOfY.get(pair.y)!, n: pair.n })),
  );
}

function midRanks(counted: readonly (readonly [value: number, n: number])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [value, n] of counted) counts.set(value, (counts.get(value) ?? 0) + n);
  const ranks = new Map<number, number>();
  let nBelow = 0;
  for (const [value, n] of [...counts].sort((a, b) => a[0] - b[0])) {
    ranks.set(value, nBelow + (n + 1) / 2);
    nBelow += n;
  }
  return ranks;
}

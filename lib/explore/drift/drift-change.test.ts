import { describe, expect, it } from 'vitest';
import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import { changePoint, type NullPaths, nullPaths } from './drift-change';

/** Sizes of two years of months: few at first, an import, then more and more. */
const SIZES = [
  40, 90, 150, 1200, 300, 260, 310, 280, 350, 330, 400, 380, 420, 390, 450, 500, 480, 520, 510, 600,
];
const PATHS = nullPaths(SIZES, randomSource(3));
const N_SEEDS = 200;

/** Rows by window and bin, where window w draws from the shares that `sharesOf(w)` gives. */
function drawnCounts(sharesOf: (window: number) => readonly number[], random: RandomSource): Float64Array {
  const nBins = sharesOf(0).length;
  const counts = new Float64Array(SIZES.length * nBins);
  for (const [window, size] of SIZES.entries()) {
    const shares = sharesOf(window);
    for (let row = 0; row < size; row++) {
      let [left, bin] = [random(), 0];
      while (bin < nBins - 1 && left >= shares[bin]!) left -= shares[bin++]!;
      counts[window * nBins + bin]! += 1;
    }
  }
  return counts;
}

const found = (counts: Float64Array, nBins: number, paths: NullPaths = PATHS) =>
  changePoint(counts, { nBins, isOrdered: false, paths });

describe('changePoint', () => {
  it.each([
    ['a tag that 4 in 100 hold', [0.96, 0.04]],
    ['a rating', [0.05, 0.7, 0.1, 0.15]],
    ['six countries', [0.4, 0.2, 0.15, 0.1, 0.1, 0.05]],
  ])('raises about 5 false alarms in 100 lists without a change: %s', (_, shares) => {
    let nAlarms = 0;
    for (let seed = 0; seed < N_SEEDS; seed++) {
      const counts = drawnCounts(() => shares, randomSource(derivedSeed(seed, `null ${shares.length}`)));
      if ((found(counts, shares.length)?.pValue ?? 1) <= 0.05) nAlarms += 1;
    }
    // Of 200 lists 10 are expected; outside these bounds lies 1 in 500 by chance.
    expect(nAlarms).toBeGreaterThanOrEqual(2);
    expect(nAlarms).toBeLessThanOrEqual(20);
  });

  it.each([
    ['a tag given to twice as many', 8, [0.96, 0.04], [0.91, 0.09]],
    ['ratings that move up', 15, [0.05, 0.7, 0.1, 0.15], [0.05, 0.6, 0.12, 0.23]],
    ['a country that comes in with an import', 3, [0.4, 0.3, 0.3], [0.25, 0.25, 0.5]],
    ['the newest two windows', 18, [0.5, 0.5], [0.4, 0.6]],
  ])('finds within one window where a shift begins: %s', (_, start, before, after) => {
    let nFound = 0;
    for (let seed = 0; seed < N_SEEDS; seed++) {
      const random = randomSource(derivedSeed(seed, `shift ${start}`));
      const change = found(
        drawnCounts((window) => (window < start ? before : after), random),
        before.length,
      );
      if (change !== null && change.pValue <= 0.05 && Math.abs(change.window - start) <= 1) nFound += 1;
    }
    expect(nFound / N_SEEDS).toBeGreaterThanOrEqual(0.9);
  });

  it('gives the chi-square of the cut it names', () => {
    // 30 of 100 before, 60 of 100 after: chi-square of the 2 × 2 table without correction is 18.18….
    const paths = nullPaths([50, 50, 50, 50], randomSource(1));
    const change = found(Float64Array.of(35, 15, 35, 15, 20, 30, 20, 30), 2, paths);
    expect(change).toEqual({ window: 2, statistic: expect.closeTo(18.181818181818183, 12), pValue: 0.001 });
  });

  it('judges nothing where there is nothing to cut', () => {
    const one = nullPaths([5], randomSource(1));
    expect(found(Float64Array.of(3, 2), 2, one)).toBeNull();
    expect(found(new Float64Array(0), 2, nullPaths([], randomSource(1)))).toBeNull();
    expect(found(Float64Array.from(SIZES.flatMap((size) => [size, 0])), 2)).toBeNull();
    expect(found(new Float64Array(SIZES.length * 2), 2)).toBeNull();
  });

  it('is the same for the same seed', () => {
    const counts = drawnCounts(() => [0.5, 0.5], randomSource(9));
    const again = nullPaths(SIZES, randomSource(3));
    expect(found(counts, 2, again)).toEqual(found(counts, 2));
  });

  it('answers the same whatever was asked before', () => {
    const of = { first: 2, last: 15 };
    const [one, other] = [nullPaths(SIZES, randomSource(5)), nullPaths(SIZES, randomSource(5))];
    const first = one.pValue(8, { ...of, degreesOfFreedom: 1 });
    const third = one.pValue(12, { ...of, degreesOfFreedom: 3 });
    expect(other.pValue(12, { ...of, degreesOfFreedom: 3 })).toBe(third);
    expect(other.pValue(8, { ...of, degreesOfFreedom: 1 })).toBe(first);
    expect(() => one.pValue(1, { ...of, degreesOfFreedom: 0 })).toThrow('Expected degrees of freedom, got 0');
  });
});

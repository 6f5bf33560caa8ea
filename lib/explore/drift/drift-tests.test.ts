import { describe, expect, it } from 'vitest';
import reference from '../fixtures/drift.json';
import { kolmogorovAbove, ksTwoSample } from './drift-ks';
import {
  chiSquareQuantile,
  homogeneityTest,
  jensenShannonDistance,
  mergedBins,
  mergedCounts,
  populationStability,
  shareDifference,
  stabilityLimit,
} from './drift-tests';

/** Values of bench/reference/drift.py; the tools and their versions stand in the file. */
const close = (actual: number | undefined, expected: number) => {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );
};

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

describe(`the statistics of drift against ${reference.tool}`, () => {
  it('compares binned counts', () => {
    for (const known of reference.bins) {
      const stability = populationStability(known);
      close(stability?.psi, known.psi);
      close(stability?.pValue, known.psiPValue);
      const sizes = { reference: sum(known.reference), current: sum(known.current) };
      close(stabilityLimit(sizes, known.df, 0.05), known.limit);
      close(jensenShannonDistance(known) ?? undefined, known.jensenShannon);
      const test = homogeneityTest(known);
      close(test?.statistic, known.chiSquare);
      close(test?.pValue, known.pValue);
      expect(test?.degreesOfFreedom).toBe(known.df);
    }
  });

  it('adds half a row where a bin is empty on one side', () => {
    close(populationStability(reference.emptyBin)?.psi, reference.emptyBin.psi);
    close(jensenShannonDistance(reference.emptyBin) ?? undefined, reference.emptyBin.jensenShannon);
  });

  it('compares two samples, exactly and in the limit, with ties', () => {
    for (const { a, b, statistic, pValue, method } of reference.ks) {
      const found = ksTwoSample(Float64Array.from(a).sort(), Float64Array.from(b).sort());
      close(found?.statistic, statistic);
      close(found?.pValue, pValue);
      expect(found?.method).toBe(method);
    }
    for (const [i, x] of reference.kolmogorov.x.entries()) {
      close(kolmogorovAbove(x), reference.kolmogorov.above[i] ?? Number.NaN);
    }
  });

  it('gives the difference of two shares with its interval', () => {
    for (const known of reference.shareDifferences) {
      const found = shareDifference({ n: known.n, of: known.of }, { n: known.currentN, of: known.currentOf });
      close(found?.difference, known.difference);
      close(found?.low, known.low);
      close(found?.high, known.high);
    }
  });

  it('inverts the tail of chi-square', () => {
    for (const { p, df, x } of reference.chiSquareQuantiles) close(chiSquareQuantile(p, df), x);
  });
});

describe('mergedBins', () => {
  it('merges an ordered bin with its smaller neighbour, and drops empty ones', () => {
    const counts = { reference: [50, 3, 0, 9, 40], current: [50, 3, 0, 9, 40] };
    const bins = mergedBins(counts, { isOrdered: true });
    expect(bins).toEqual([[0], [1, 3], [4]]);
    expect(mergedCounts(counts, bins)).toEqual({ reference: [50, 12, 40], current: [50, 12, 40] });
  });

  it('merges other bins with the smallest', () => {
    const counts = { reference: [20, 50, 1, 2, 9], current: [20, 50, 1, 2, 9] };
    expect(mergedBins(counts, { isOrdered: false })).toEqual([[0], [1], [2, 3, 4]]);
  });

  it('leaves nothing to compare where a side is empty or too small', () => {
    expect(mergedBins({ reference: [5, 5], current: [0, 0] }, { isOrdered: true })).toEqual([]);
    expect(mergedBins({ reference: [500, 500], current: [1, 1] }, { isOrdered: false })).toEqual([[0, 1]]);
    expect(mergedBins({ reference: [], current: [] }, { isOrdered: false })).toEqual([]);
  });
});

describe('degenerate counts', () => {
  it('give no test', () => {
    const nobody = { reference: [3, 4], current: [0, 0] };
    const oneBin = { reference: [3], current: [4] };
    expect(populationStability(nobody)).toBeNull();
    expect(populationStability(oneBin)).toBeNull();
    expect(homogeneityTest(nobody)).toBeNull();
    expect(homogeneityTest(oneBin)).toBeNull();
    expect(jensenShannonDistance(nobody)).toBeNull();
    expect(jensenShannonDistance(oneBin)).toBe(0);
    expect(shareDifference({ n: 0, of: 0 }, { n: 1, of: 2 })).toBeNull();
    expect(ksTwoSample(new Float64Array(0), Float64Array.of(1))).toBeNull();
  });

  it('of equal sides give no distance', () => {
    const equal = { reference: [10, 20, 30], current: [1, 2, 3] };
    expect(populationStability(equal)).toMatchObject({ pValue: 1 });
    expect(populationStability(equal)?.psi).toBeCloseTo(0, 15);
    expect(homogeneityTest(equal)).toMatchObject({ statistic: 0, pValue: 1 });
    expect(ksTwoSample(Float64Array.of(2, 2, 2), Float64Array.of(2, 2))).toEqual({
      statistic: 0,
      pValue: 1,
      method: 'exact',
    });
  });

  it('of sides without a common bin are as far apart as can be', () => {
    expect(jensenShannonDistance({ reference: [5, 0], current: [0, 7] })).toBe(1);
    expect(ksTwoSample(Float64Array.of(1, 2), Float64Array.of(3, 4))).toMatchObject({ statistic: 1 });
  });
});

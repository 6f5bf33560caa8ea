import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { type FeaturePair, varianceShares } from './fanova';
import { type ForestFeature, type RegressionTree, regressionForest } from './regression-forest';

const NUMBER: ForestFeature = { kind: 'number' };
const THREE_PAIRS: readonly FeaturePair[] = [
  [0, 1],
  [0, 2],
  [1, 2],
];

/** A tree of leaves over two features, the first of them a category where boxes have more than four places. */
function tree(
  ...leaves: readonly { readonly value: number; readonly box: readonly number[] }[]
): RegressionTree {
  const lowsAt = (fromEnd: number) => leaves.map(({ box }) => box.at(-fromEnd) ?? 0).filter((low) => low > 0);
  const cutsAt = (fromEnd: number) => Float64Array.from(new Set(lowsAt(fromEnd))).sort();
  const hasCategory = leaves.some(({ box }) => box.length > 4);
  return {
    values: Float64Array.from(leaves, ({ value }) => value),
    boxes: Float64Array.from(leaves.flatMap(({ box }) => box)),
    cuts: [hasCategory ? new Float64Array(0) : cutsAt(4), cutsAt(2)],
  };
}

/** Points spread evenly over the unit cube: row i has i·φ⁻ʲ⁻¹ modulo 1, φ the positive root of x^(d+1) = x + 1. */
function evenPoints(nRows: number, nFeatures: number): readonly (readonly number[])[] {
  let phi = 2;
  for (let k = 0; k < 64; k++) phi = (1 + phi) ** (1 / (nFeatures + 1));
  return Array.from({ length: nRows }, (_, i) =>
    Array.from({ length: nFeatures }, (_, j) => (0.5 + (i + 1) * phi ** -(j + 1)) % 1),
  );
}

function sharesOf(
  cost: (...point: readonly number[]) => number,
  options: { readonly nRows: number; readonly features: readonly ForestFeature[]; readonly seed?: number },
) {
  const { nRows, features, seed = 1 } = options;
  const points = evenPoints(nRows, features.length).map((point) =>
    point.map((share, i) => {
      const feature = features[i];
      return feature?.kind === 'category' ? Math.floor(share * feature.nValues) : share;
    }),
  );
  const table = {
    features,
    columns: features.map((_, i) => Float64Array.from(points, (point) => point[i] ?? Number.NaN)),
    targets: Float64Array.from(points, (point) => cost(...point)),
  };
  return varianceShares(
    regressionForest(table, { nTrees: 64, random: randomSource(seed) }),
    features,
    THREE_PAIRS,
  );
}

const linear = (a = 0, b = 0, c = 0) => 3 * a + 2 * b + c;
const byCategory = (a = 0, b = 0) => [0, 1, 5][b]! + 2 * a;
const ishigami = (...shares: readonly number[]) => {
  const [a = 0, b = 0, c = 0] = shares.map((share) => Math.PI * (2 * share - 1));
  return Math.sin(a) + 7 * Math.sin(b) ** 2 + 0.1 * c ** 4 * Math.sin(a);
};

function expectClose(actual: readonly number[] | undefined, expected: readonly number[], within: number) {
  expect(actual).toHaveLength(expected.length);
  for (const [i, share] of expected.entries())
    expect(Math.abs((actual?.[i] ?? 9) - share)).toBeLessThan(within);
}

describe('varianceShares', () => {
  it('is exact for a tree worked out by hand', () => {
    // 4 where both are above a half, else 0: mean 1, variance 3, of which 1 by each marginal (0 or 2) and 1 by the two together.
    const corner = tree(
      { value: 0, box: [0, 0.5, 0, 1] },
      { value: 0, box: [0.5, 1, 0, 0.5] },
      { value: 4, box: [0.5, 1, 0.5, 1] },
    );
    const shares = varianceShares([corner], [NUMBER, NUMBER], [[0, 1]]);
    expectClose(shares?.single, [1 / 3, 1 / 3], 1e-12);
    expectClose(shares?.pairs, [1 / 3], 1e-12);
    expect(shares?.singleDeviation).toEqual([0, 0]);
  });

  it('takes every category for equally likely', () => {
    const features: readonly ForestFeature[] = [{ kind: 'category', nValues: 3 }, NUMBER];
    const mixed = tree(
      { value: 0, box: [1, 0, 1, 0, 1] },
      { value: 3, box: [0, 1, 0, 0, 0.5] },
      { value: 9, box: [0, 1, 0, 0.5, 1] },
    );
    // Mean 2, variance 2/3·4 + 1/6·1 + 1/6·49 = 11; marginals: 0, 6, 0 with variance 8; 1, 3 with variance 1; together 2.
    const shares = varianceShares([mixed], features, [[0, 1]]);
    expectClose(shares?.single, [8 / 11, 1 / 11], 1e-12);
    expectClose(shares?.pairs, [2 / 11], 1e-12);
  });

  it('is the mean over the trees, with how far they disagree', () => {
    const first = tree({ value: 0, box: [0, 0.5, 0, 1] }, { value: 1, box: [0.5, 1, 0, 1] });
    const second = tree({ value: 0, box: [0, 1, 0, 0.5] }, { value: 1, box: [0, 1, 0.5, 1] });
    const constant = tree({ value: 7, box: [0, 1, 0, 1] });
    expect(varianceShares([first, second, constant], [NUMBER, NUMBER], [[0, 1]])).toEqual({
      single: [0.5, 0.5],
      singleDeviation: [0.5, 0.5],
      pairs: [0],
    });
  });

  it('gives null where there is no variance', () => {
    expect(varianceShares([], [NUMBER], [])).toBeNull();
    expect(varianceShares([tree({ value: 7, box: [0, 1, 0, 1] })], [NUMBER, NUMBER], [])).toBeNull();
  });

  // Optuna 5.0.0, FanovaImportanceEvaluator over scikit-learn 1.9.1, 64 trees, not normalised, mean of 10 seeds on these rows.
  it.each([
    ['linear', linear, 100, false, [0.6517, 0.2547, 0.018], 0.03],
    ['linear', linear, 300, false, [0.637, 0.2688, 0.0353], 0.02],
    ['by category', byCategory, 300, true, [0.0601, 0.9357, 0], 0.02],
    ['Ishigami', ishigami, 300, false, [0.287, 0.3108, 0.0336], 0.03],
  ] as const)('gives the shares of Optuna: %s', (_name, cost, nRows, hasCategory, expected, within) => {
    const second: ForestFeature = hasCategory ? { kind: 'category', nValues: 3 } : NUMBER;
    expectClose(sharesOf(cost, { nRows, features: [NUMBER, second, NUMBER] })?.single, expected, within);
  });

  it('nears the true shares as rows are added', () => {
    // Variances 9 : 4 : 1.
    const shares = sharesOf(linear, { nRows: 1000, features: [NUMBER, NUMBER, NUMBER] });
    expectClose(shares?.single, [9 / 14, 4 / 14, 1 / 14], 0.025);
    expectClose(shares?.pairs, [0, 0, 0], 0.015);
    // Ishigami: 0.3139, 0.4424, 0 alone and 0.2437 by the first and third together (Saltelli et al. 2008).
    const wavy = sharesOf(ishigami, { nRows: 1000, features: [NUMBER, NUMBER, NUMBER] });
    expectClose(wavy?.single, [0.3139, 0.4424, 0], 0.1);
    expectClose(wavy?.pairs, [0, 0.2437, 0], 0.07);
  });

  it('finds what only two explain together', () => {
    const product = (a = 0, b = 0) => (a - 0.5) * (b - 0.5);
    const shares = sharesOf(product, { nRows: 1000, features: [NUMBER, NUMBER, NUMBER] });
    expect(shares?.pairs[0]).toBeGreaterThan(0.75);
    expect(shares?.single[2]).toBeLessThan(0.02);
  });

  it('prefers no feature of those that are alike', () => {
    const columns = [0, 1, 2].map(() => Float64Array.from({ length: 60 }, (_, i) => i / 60));
    const targets = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i));
    const features = [NUMBER, NUMBER, NUMBER];
    const forest = regressionForest({ features, columns, targets }, { nTrees: 200, random: randomSource(3) });
    const shares = varianceShares(forest, features, []);
    const [a = 0, b = 0, c = 0] = shares?.single ?? [];
    expect(Math.max(a, b, c) - Math.min(a, b, c)).toBeLessThan(0.04);
  });
});

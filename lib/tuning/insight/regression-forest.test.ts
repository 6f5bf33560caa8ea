import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { boxLayout, type ForestFeature, type RegressionTree, regressionForest } from './regression-forest';

const NUMBER: ForestFeature = { kind: 'number' };

function isInLeaf(
  tree: RegressionTree,
  leaf: number,
  features: readonly ForestFeature[],
  point: readonly number[],
): boolean {
  const { width, offsets } = boxLayout(features);
  return features.every((feature, i) => {
    const at = leaf * width + (offsets[i] ?? 0);
    const value = point[i] ?? Number.NaN;
    if (feature.kind === 'category') return tree.boxes[at + value] === 1;
    return value >= (tree.boxes[at] ?? 0) && value < (tree.boxes[at + 1] ?? 0);
  });
}

function predictions(tree: RegressionTree, features: readonly ForestFeature[], point: readonly number[]) {
  return [...tree.values].filter((_, leaf) => isInLeaf(tree, leaf, features, point));
}

describe('regressionForest', () => {
  it('cuts numbers half-way and keeps what is equal together', () => {
    const table = {
      features: [NUMBER],
      columns: [Float64Array.of(0.1, 0.2, 0.2, 0.6, 0.9)],
      targets: Float64Array.of(5, 5, 5, 1, 1),
    };
    const forest = regressionForest(table, { nTrees: 50, random: randomSource(1) });
    const cuts = forest
      .filter(({ values }) => values.length > 1)
      .map(({ values, boxes }) => ({ values: [...values].sort(), boxes: [...boxes].sort() }));
    expect(cuts.length).toBeGreaterThan(30);
    for (const { values, boxes } of cuts) {
      expect(values).toEqual([1, 5]);
      const [, cut, sameCut] = boxes;
      expect(cut).toBe(sameCut);
      expect([0.35, 0.4, 0.5, 0.55]).toContainEqual(expect.closeTo(cut ?? 0, 12));
    }
  });

  it('puts every point into exactly one leaf', () => {
    const features: readonly ForestFeature[] = [NUMBER, { kind: 'category', nValues: 4 }, NUMBER];
    const random = randomSource(7);
    const points = Array.from({ length: 200 }, () => [random(), Math.floor(random() * 3), random()]);
    const table = {
      features,
      columns: features.map((_, i) => Float64Array.from(points, (point) => point[i] ?? Number.NaN)),
      targets: Float64Array.from(points, ([a = 0, b = 0, c = 0]) => a * 3 + (b === 1 ? 2 : 0) - c),
    };
    for (const tree of regressionForest(table, { nTrees: 5, random })) {
      const { width, offsets } = boxLayout(features);
      const lows = [...tree.values.keys()].map((leaf) => tree.boxes[leaf * width + (offsets[2] ?? 0)] ?? 0);
      expect([0, ...(tree.cuts[2] ?? [])]).toEqual([...new Set(lows)].sort((a, b) => a - b));
      expect(tree.cuts[1]).toHaveLength(0);
      for (let i = 0; i < 200; i++) {
        // Category 3 has no rows, and yet its place.
        const point = [random(), Math.floor(random() * 4), random()];
        expect(predictions(tree, features, point)).toHaveLength(1);
      }
    }
  });

  it('learns rows by heart where each has been drawn', () => {
    const features = [NUMBER, NUMBER];
    const random = randomSource(2);
    const points = Array.from({ length: 40 }, () => [random(), random()]);
    const targets = Float64Array.from(points, () => random());
    const table = {
      features,
      columns: [0, 1].map((i) => Float64Array.from(points, (point) => point[i] ?? Number.NaN)),
      targets,
    };
    const forest = regressionForest(table, { nTrees: 30, random });
    const nByHeart = points.map(
      (point, row) => forest.filter((tree) => predictions(tree, features, point)[0] === targets[row]).length,
    );
    // A bootstrap sample holds a row with probability 1 − 1/e: 19 of 30 trees.
    expect(Math.abs(nByHeart.reduce((sum, n) => sum + n, 0) / 40 - 19)).toBeLessThan(1.5);
  });

  it('separates categories by their means, wherever their codes stand', () => {
    const table = {
      features: [{ kind: 'category', nValues: 4 } as const],
      columns: [Float64Array.from({ length: 80 }, (_, i) => i % 4)],
      targets: Float64Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? 10 : 20)),
    };
    const [tree] = regressionForest(table, { nTrees: 1, random: randomSource(1) });
    const leaves = [...(tree?.values ?? [])].map((value, leaf) => [
      value,
      ...(tree?.boxes ?? []).slice(leaf * 4, leaf * 4 + 4),
    ]);
    expect(leaves.sort(([a = 0], [b = 0]) => a - b)).toEqual([
      [10, 1, 0, 1, 0],
      [20, 0, 1, 0, 1],
    ]);
  });

  it('gives the same trees for the same seed and leaves its input alone', () => {
    const columns = [Float64Array.of(0.4, 0.1, 0.9, 0.3), Float64Array.of(1, 1, 1, 1)];
    const targets = Float64Array.of(1, 2, 3, 4);
    const grow = (seed: number) =>
      regressionForest(
        { features: [NUMBER, NUMBER], columns, targets },
        { nTrees: 4, random: randomSource(seed) },
      );
    expect(grow(5)).toEqual(grow(5));
    expect(grow(5)).not.toEqual(grow(6));
    expect([...targets]).toEqual([1, 2, 3, 4]);
  });

  it('gives one leaf where nothing can be cut', () => {
    const alike = {
      features: [NUMBER],
      columns: [Float64Array.of(0.5, 0.5)],
      targets: Float64Array.of(1, 1),
    };
    expect(regressionForest(alike, { nTrees: 1, random: randomSource(1) })).toEqual([
      { values: Float64Array.of(1), boxes: Float64Array.of(0, 1), cuts: [new Float64Array(0)] },
    ]);
    const mixed = { ...alike, targets: Float64Array.of(1, 3) };
    const [tree] = regressionForest(mixed, { nTrees: 1, random: randomSource(4) });
    expect(tree?.values).toHaveLength(1);
    const none = { features: [NUMBER], columns: [new Float64Array(0)], targets: new Float64Array(0) };
    expect(regressionForest(none, { nTrees: 3, random: randomSource(1) })).toEqual([]);
  });

  it('grows a chain as deep as it has rows without running out of stack', () => {
    const nRows = 1000;
    const table = {
      features: [NUMBER],
      columns: [Float64Array.from({ length: nRows }, (_, i) => i / nRows)],
      targets: Float64Array.from({ length: nRows }, (_, i) => 2 ** (i / 2)),
    };
    const [tree] = regressionForest(table, { nTrees: 1, random: randomSource(1) });
    expect(tree?.values.length).toBeGreaterThan(600);
  });

  it('refuses what it cannot learn from', () => {
    const grow = (columns: readonly Float64Array[]) =>
      regressionForest(
        { features: [NUMBER], columns, targets: Float64Array.of(1, 2) },
        { nTrees: 1, random: randomSource(1) },
      );
    expect(() => grow([Float64Array.of(1)])).toThrow('Expected columns of 2 rows, got 1');
    expect(() => grow([Float64Array.of(1, Number.NaN)])).toThrow(
      'Expected numbers to grow trees from, got NaN',
    );
  });
});

import { describe, expect, it } from 'vitest';
import reference from './fixtures/roc_auc.json';
import { separationOf } from './leakage/value-separation';
import {
  aucCovariance,
  aucFromComponents,
  meanOverFolds,
  pairedAucDifference,
  rocAucComponents,
  rocAucVariance,
} from './paired-roc-auc';

/** Values of bench/reference/roc_auc.py; the tools and their versions stand in the file. */
const cases = reference.cases.map(({ labels, first, second, ...expected }) => ({
  labels: Uint8Array.from(labels),
  first: Float64Array.from(first),
  second: Float64Array.from(second),
  expected,
}));

describe('rocAucComponents', () => {
  it.each(cases)(
    'agrees with scikit-learn and numpy ($labels.length rows)',
    ({ labels, first, second, expected }) => {
      const components = rocAucComponents(labels, first);
      const estimate = aucFromComponents(labels, components);
      expect(estimate.value).toBeCloseTo(expected.firstAuc, 12);
      expect(estimate.variance).toBeCloseTo(expected.firstVariance, 12);
      expect(rocAucVariance(labels, first)).toBe(estimate.variance);
      const difference = pairedAucDifference(labels, components, rocAucComponents(labels, second));
      expect(difference.value).toBeCloseTo(expected.firstAuc - expected.secondAuc, 12);
      expect(difference.variance).toBeCloseTo(expected.differenceVariance, 12);
      const [a = 0, b = 0, c, d = 0] = aucCovariance(labels, [components, rocAucComponents(labels, second)]);
      expect(a).toBeCloseTo(expected.firstVariance, 12);
      expect(a + d - 2 * b).toBeCloseTo(expected.differenceVariance, 12);
      expect(c).toBe(b);
    },
  );

  it('counts ties half and leaves its input as it is', () => {
    const [labels, scores] = [Uint8Array.of(0, 1, 0, 1), Float64Array.of(1, 1, 0, 1)];
    // The first row ties with both buyers, each of whom beats one other and ties with one.
    expect([...rocAucComponents(labels, scores)]).toEqual([0.5, 0.75, 1, 0.75]);
    expect([[...labels], [...scores]]).toEqual([
      [0, 1, 0, 1],
      [1, 1, 0, 1],
    ]);
  });

  it('has no answer where a kind is missing, and refuses NaN', () => {
    const one = rocAucComponents(Uint8Array.of(1, 1), Float64Array.of(1, 2));
    expect(aucFromComponents(Uint8Array.of(1, 1), one)).toEqual({ value: Number.NaN, variance: Number.NaN });
    expect(() => rocAucComponents(Uint8Array.of(0, 1), Float64Array.of(Number.NaN, 1))).toThrow('NaN');
    expect(() => pairedAucDifference(Uint8Array.of(0), new Float64Array(1), new Float64Array(2))).toThrow(
      'Expected components of the same rows',
    );
  });
});

describe('separationOf', () => {
  it.each(cases)('gives from counts what pairs give ($labels.length rows)', ({ labels, first, expected }) => {
    const values = [...new Set(first)].sort((a, b) => a - b);
    const count = (value: number, label: number) =>
      first.reduce((sum, score, row) => sum + Number(score === value && labels[row] === label), 0);
    const buyers = Uint32Array.from(values, (value) => count(value, 1));
    const others = Uint32Array.from(values, (value) => count(value, 0));
    const total = (counts: Uint32Array) => counts.reduce((sum, n) => sum + n, 0);
    const separation = separationOf({
      values: Float64Array.from(values),
      buyers,
      others,
      nBuyers: total(buyers),
      nOthers: total(others),
    });
    expect(separation?.rocAuc.value).toBeCloseTo(Math.max(expected.firstAuc, 1 - expected.firstAuc), 12);
    expect((separation?.rocAuc.standardError ?? 0) ** 2).toBeCloseTo(expected.firstVariance, 12);
    expect(separation?.isRising).toBe(expected.firstAuc >= 0.5);
  });
});

describe('meanOverFolds', () => {
  it('averages values, and variances as of independent folds', () => {
    const folds = [
      { value: 0.7, variance: 0.01 },
      { value: 0.9, variance: 0.03 },
    ];
    expect(meanOverFolds(folds)).toEqual({ value: 0.8, variance: 0.01 });
  });
});

import { describe, expect, it } from 'vitest';
import { countedValues, quantileOfCounted } from './counted-values';
import { featureRelation } from './feature-relation';
import reference from './fixtures/features.json';
import { outOfFoldRates, smoothedRates } from './target-encoding';

/** Values of bench/reference/features.py; the tools and their versions stand in the file. */
const close = (actual: number | null | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );

describe('target encoding', () => {
  const { levels, labels, folds, rates, outOfFold } = reference.targetEncoding;
  const fit = { levels, labels: Uint8Array.from(labels), nLevels: rates.length, minRows: 1 };
  const rows = Uint32Array.from(levels.keys());

  it('smooths as scikit-learn TargetEncoder does', () => {
    const actual = smoothedRates(fit, rows);
    for (const [level, rate] of rates.entries()) close(actual[level], rate);
  });

  it('gives each row what scikit-learn fits on the other folds', () => {
    const actual = outOfFoldRates(fit, rows, Uint8Array.from(folds));
    for (const [row, rate] of outOfFold.entries()) {
      if (rate === null) expect(actual[row]).toBeNaN();
      else close(actual[row], rate);
    }
  });
});

describe('featureRelation', () => {
  it.each(reference.relations.map((relation) => ({ relation, kind: relation.kind })))(
    'agrees on values: $kind',
    ({ relation }) => {
      const counted = countedValues(
        { values: Float32Array.from(relation.x), column: 0, stride: 1, missingValue: -999 },
        { rows: Uint32Array.from(relation.x.keys()), labels: Uint8Array.from(relation.y) },
      );
      const actual = featureRelation(counted, relation.kind === 'nominal');
      if (relation.cramersV !== undefined) {
        expect(actual?.measure).toBe('cramers_v');
        close(actual?.value, relation.cramersV);
        return;
      }
      expect(actual?.measure).toBe('roc_auc');
      if (actual?.measure !== 'roc_auc') return;
      close(actual.value, relation.rocAuc);
      close(actual.low, relation.low);
      close(actual.high, relation.high);
      for (const [at, probability] of [0.1, 0.5, 0.9].entries()) {
        close(quantileOfCounted(counted, probability), relation.quantiles[at] ?? Number.NaN);
      }
    },
  );

  const relationOf = (x: readonly number[], y: readonly number[], isNominal = false) =>
    featureRelation(
      countedValues(
        { values: Float32Array.from(x), column: 0, stride: 1, missingValue: -999 },
        { rows: Uint32Array.from(x.keys()), labels: Uint8Array.from(y) },
      ),
      isNominal,
    );

  it('is null without rows, without a value, or of one class', () => {
    expect(relationOf([], [])).toBeNull();
    expect(relationOf([-999, Number.NaN], [0, 1])).toBeNull();
    expect(relationOf([1, 2], [1, 1])).toBeNull();
    expect(relationOf([1, 2, -999], [1, 1, 0])).toBeNull();
  });

  it('tells nothing where all values tie, and gives no interval for a single buyer', () => {
    expect(relationOf([3, 3, 3, 3], [0, 1, 0, 1])).toEqual({
      measure: 'roc_auc',
      value: 0.5,
      low: 0.5,
      high: 0.5,
    });
    expect(relationOf([1, 2, 3], [0, 0, 1])).toEqual({ measure: 'roc_auc', value: 1, low: null, high: null });
  });

  it('gives V of 1 where the levels tell all', () => {
    const relation = relationOf([0, 1, 2, 0, 1, 2], [0, 1, 0, 0, 1, 0], true);
    expect(relation?.measure).toBe('cramers_v');
    close(relation?.value, 1);
  });
});
